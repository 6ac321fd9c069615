package gh

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-github/v62/github"
)

// asks are what a pull request still lacks of labels, reviewers, assignees.
type asks struct{ labels, reviewers, assignees []string }

func (a asks) none() bool {
	return len(a.labels)+len(a.reviewers)+len(a.assignees) == 0
}

// without is what of a is not in b.
func (a asks) without(b asks) asks {
	return asks{lack(a.labels, b.labels), lack(a.reviewers, b.reviewers), lack(a.assignees, b.assignees)}
}

// ask adds the labels, reviewers and assignees that were never asked for. It
// tries all three, since one that GitHub refuses says nothing of the others.
func (c *Client) ask(ctx context.Context, repo string, pr *PullRequest, w Want, opened bool) (asked bool, err error) {
	if err := teamsOf(repo, w.Reviewers); err != nil {
		return false, err
	}

	missing := asks{w.Labels, w.Reviewers, w.Assignees}.without(asks{
		pr.Labels,
		// GitHub refuses a review by the author.
		append([]string{pr.Author}, pr.Reviewers...),
		pr.Assignees,
	})
	if missing.none() {
		return false, nil
	}

	if !opened {
		before, err := c.history(ctx, repo, pr.Number)
		if err != nil {
			return false, err
		}

		missing = missing.without(before)
	}

	var failed []error

	for _, step := range []struct {
		missing []string
		add     func(context.Context, string, *PullRequest, []string) error
	}{
		{missing.labels, c.addLabels},
		{missing.reviewers, c.requestReviewers},
		{missing.assignees, c.addAssignees},
	} {
		if len(step.missing) == 0 {
			continue
		}

		if err := step.add(ctx, repo, pr, step.missing); err != nil {
			failed = append(failed, err)
		} else {
			asked = true
		}
	}

	return asked, errors.Join(failed...)
}

// history is what was ever asked for, by us or by people, whether or not it
// still stands: a reviewer who answered is no longer asked, and a label that a
// person removed shall stay removed.
func (c *Client) history(ctx context.Context, repo string, number int) (asks, error) {
	owner, _, _ := strings.Cut(repo, "/")

	events, err := c.events(ctx, repo, number)
	if err != nil {
		return asks{}, err
	}

	var past asks

	for _, e := range events {
		switch e.GetEvent() {
		case "labeled":
			past.labels = append(past.labels, e.GetLabel().GetName())
		case "assigned":
			past.assignees = append(past.assignees, e.GetAssignee().GetLogin())
		case "review_requested":
			past.reviewers = append(past.reviewers, requested(e, owner))
		}
	}

	return past, nil
}

// events are what happened to an issue or a pull request, the oldest first.
func (c *Client) events(ctx context.Context, repo string, number int) ([]*github.IssueEvent, error) {
	owner, name, err := split(repo)
	if err != nil {
		return nil, err
	}

	o := operation{fmt.Sprintf("read the events of #%d", number), repo, "issues: read"}

	return pages(ctx, c, o, func(ctx context.Context, page github.ListOptions) ([]*github.IssueEvent, *github.Response, error) {
		return c.api.Issues.ListIssueEvents(ctx, owner, name, number, &page)
	})
}

func requested(e *github.IssueEvent, owner string) string {
	if team := e.GetRequestedTeam(); team != nil {
		return owner + "/" + team.GetSlug()
	}

	return e.GetRequestedReviewer().GetLogin()
}

// teamsOf refuses teams that are not the repository owner's: GitHub takes a
// slug alone, and would ask the owner's team of that name.
func teamsOf(repo string, reviewers []string) error {
	owner, _, _ := strings.Cut(repo, "/")

	for _, reviewer := range reviewers {
		if org, _, team := strings.Cut(reviewer, "/"); team && !strings.EqualFold(org, owner) {
			return &Error{
				Op: "request reviews", Repo: repo,
				Message: fmt.Sprintf("%s is no team of %s, and no other can be asked", reviewer, owner),
			}
		}
	}

	return nil
}

// lack is what of want is not in have. GitHub compares labels, logins and team
// names without case.
func lack(want, have []string) []string {
	var missing []string

	for _, name := range want {
		known := func(other string) bool { return strings.EqualFold(name, other) }
		if !slices.ContainsFunc(have, known) && !slices.ContainsFunc(missing, known) {
			missing = append(missing, name)
		}
	}

	return missing
}
