package gh

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-github/v62/github"
)

// Checks is what check runs and commit statuses say of one commit.
type Checks struct {
	// Passed, Pending and Failed are their names, sorted.
	Passed, Pending, Failed []string
}

// Green tells that at least one check reported, and every one passed.
func (c Checks) Green() bool { return len(c.Passed) > 0 && len(c.Pending)+len(c.Failed) == 0 }

// String is the outcome in a few words.
func (c Checks) String() string {
	switch {
	case len(c.Failed) > 0:
		return "failed: " + strings.Join(c.Failed, ", ")
	case len(c.Pending) > 0:
		return "not finished: " + strings.Join(c.Pending, ", ")
	case len(c.Passed) == 0:
		return "none has reported"
	}

	return fmt.Sprintf("all %d passed", len(c.Passed))
}

// Checks reads the check runs (the newest of each) and the statuses of a
// commit, for which a token needs "checks: read" and "commit statuses: read".
func (c *Client) Checks(ctx context.Context, repo, sha string) (Checks, error) {
	var out Checks

	if err := c.runs(ctx, repo, sha, &out); err != nil {
		return out, err
	}

	err := c.statuses(ctx, repo, sha, &out)

	for _, names := range []*[]string{&out.Passed, &out.Pending, &out.Failed} {
		slices.Sort(*names)
	}

	return out, err
}

func (c *Client) runs(ctx context.Context, repo, sha string, out *Checks) error {
	owner, name, err := split(repo)
	if err != nil {
		return err
	}

	o := operation{"read the check runs of " + sha, repo, "checks: read"}

	runs, err := pages(ctx, c, o, func(ctx context.Context, page github.ListOptions) ([]*github.CheckRun, *github.Response, error) {
		found, resp, err := c.api.Checks.ListCheckRunsForRef(ctx, owner, name, sha, &github.ListCheckRunsOptions{ListOptions: page})
		if err != nil {
			return nil, resp, err
		}

		return found.CheckRuns, resp, nil
	})
	if err != nil {
		return err
	}

	for _, run := range runs {
		switch {
		case run.GetStatus() != "completed":
			out.Pending = append(out.Pending, run.GetName())
		case slices.Contains([]string{"success", "neutral", "skipped"}, run.GetConclusion()):
			out.Passed = append(out.Passed, run.GetName())
		default:
			out.Failed = append(out.Failed, run.GetName())
		}
	}

	return nil
}

func (c *Client) statuses(ctx context.Context, repo, sha string, out *Checks) error {
	owner, name, err := split(repo)
	if err != nil {
		return err
	}

	o := operation{"read the statuses of " + sha, repo, "commit statuses: read"}

	statuses, err := pages(ctx, c, o, func(ctx context.Context, page github.ListOptions) ([]*github.RepoStatus, *github.Response, error) {
		combined, resp, err := c.api.Repositories.GetCombinedStatus(ctx, owner, name, sha, &page)
		if err != nil {
			return nil, resp, err
		}

		return combined.Statuses, resp, nil
	})
	if err != nil {
		return err
	}

	for _, status := range statuses {
		switch status.GetState() {
		case "success":
			out.Passed = append(out.Passed, status.GetContext())
		case "pending":
			out.Pending = append(out.Pending, status.GetContext())
		default:
			out.Failed = append(out.Failed, status.GetContext())
		}
	}

	return nil
}

// Objections are the logins of those whose last word on a pull request is that
// it has to change.
func (c *Client) Objections(ctx context.Context, repo string, number int) ([]string, error) {
	owner, name, err := split(repo)
	if err != nil {
		return nil, err
	}

	o := operation{fmt.Sprintf("read the reviews of #%d", number), repo, "pull requests: read"}

	reviews, err := pages(ctx, c, o, func(ctx context.Context, page github.ListOptions) ([]*github.PullRequestReview, *github.Response, error) {
		return c.api.PullRequests.ListReviews(ctx, owner, name, number, &page)
	})
	if err != nil {
		return nil, err
	}

	last := map[string]string{}

	for _, r := range reviews {
		if state := r.GetState(); state == "APPROVED" || state == "CHANGES_REQUESTED" || state == "DISMISSED" {
			last[r.GetUser().GetLogin()] = state
		}
	}

	var against []string

	for login, state := range last {
		if state == "CHANGES_REQUESTED" {
			against = append(against, login)
		}
	}

	slices.Sort(against)

	return against, nil
}
