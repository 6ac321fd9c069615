package gh

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/go-github/v62/github"
)

// addLabels adds labels and leaves those that are there. GitHub makes a label
// that the repository does not know.
func (c *Client) addLabels(ctx context.Context, repo string, pr *PullRequest, labels []string) error {
	owner, name, err := split(repo)
	if err != nil {
		return err
	}

	o := operation{fmt.Sprintf("add labels to #%d", pr.Number), repo, needsWrite}

	return c.change(ctx, "github.add-labels", target(repo, pr, labels), func(ctx context.Context) error {
		now, _, err := call(ctx, c, o, func(ctx context.Context) ([]*github.Label, *github.Response, error) {
			return c.postLabels(ctx, fmt.Sprintf("repos/%s/%s/issues/%d/labels", owner, name, pr.Number), labels)
		})
		if err != nil {
			return err
		}

		pr.Labels = pr.Labels[:0]
		for _, label := range now {
			pr.Labels = append(pr.Labels, label.GetName())
		}

		return nil
	})
}

// postLabels sends an object, which is what GitHub's description asks for;
// go-github's own call sends a bare list.
func (c *Client) postLabels(ctx context.Context, path string, labels []string) ([]*github.Label, *github.Response, error) {
	req, err := c.api.NewRequest(http.MethodPost, path, map[string][]string{"labels": labels})
	if err != nil {
		return nil, nil, err
	}

	var now []*github.Label

	resp, err := c.api.Do(ctx, req, &now)

	return now, resp, err
}

func (c *Client) requestReviewers(ctx context.Context, repo string, pr *PullRequest, reviewers []string) error {
	owner, name, err := split(repo)
	if err != nil {
		return err
	}

	var asked github.ReviewersRequest

	for _, reviewer := range reviewers {
		if _, slug, team := strings.Cut(reviewer, "/"); team {
			asked.TeamReviewers = append(asked.TeamReviewers, slug)
		} else {
			asked.Reviewers = append(asked.Reviewers, reviewer)
		}
	}

	o := operation{fmt.Sprintf("request reviews of #%d", pr.Number), repo, needsWrite}

	return c.change(ctx, "github.request-reviewers", target(repo, pr, reviewers), func(ctx context.Context) error {
		now, _, err := call(ctx, c, o, func(ctx context.Context) (*github.PullRequest, *github.Response, error) {
			return c.api.PullRequests.RequestReviewers(ctx, owner, name, pr.Number, asked)
		})
		if err != nil {
			return err
		}

		pr.Reviewers = pullRequest(now).Reviewers

		return nil
	})
}

// addAssignees assigns people. GitHub leaves out, without a word, who may not
// be assigned; here that is an error.
func (c *Client) addAssignees(ctx context.Context, repo string, pr *PullRequest, assignees []string) error {
	owner, name, err := split(repo)
	if err != nil {
		return err
	}

	o := operation{fmt.Sprintf("assign #%d", pr.Number), repo, needsWrite}

	return c.change(ctx, "github.add-assignees", target(repo, pr, assignees), func(ctx context.Context) error {
		now, _, err := call(ctx, c, o, func(ctx context.Context) (*github.Issue, *github.Response, error) {
			return c.api.Issues.AddAssignees(ctx, owner, name, pr.Number, assignees)
		})
		if err != nil {
			return err
		}

		pr.Assignees = logins(now.Assignees)

		if left := lack(assignees, pr.Assignees); len(left) > 0 {
			return &Error{
				Op: o.op, Repo: repo,
				Message: strings.Join(left, ", ") + " cannot be assigned: only people with access to the repository can",
			}
		}

		return nil
	})
}

func target(repo string, pr *PullRequest, names []string) string {
	return fmt.Sprintf("%s#%d %s", repo, pr.Number, strings.Join(names, ", "))
}
