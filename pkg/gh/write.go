package gh

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/go-github/v62/github"
)

// maxTitle is GitHub's limit for titles, in characters.
const maxTitle = 256

const needsWrite = "pull requests: write"

func (c *Client) open(ctx context.Context, repo string, w Want, body string) (opened *github.PullRequest, err error) {
	owner, name, err := split(repo)
	if err != nil {
		return nil, err
	}

	o := operation{fmt.Sprintf("create a pull request from %s to %s", w.Head, w.Base), repo, needsWrite}
	asked := &github.NewPullRequest{Title: &w.Title, Head: &w.Head, Base: &w.Base, Body: &body, Draft: &w.Draft}
	target := fmt.Sprintf("%s %s → %s", repo, w.Head, w.Base)

	err = c.change(ctx, "github.create-pull-request", target, func(ctx context.Context) error {
		opened, _, err = call(ctx, c, o, func(ctx context.Context) (*github.PullRequest, *github.Response, error) {
			return c.api.PullRequests.Create(ctx, owner, name, asked)
		})

		return err
	})
	if err != nil {
		return nil, err
	}

	return opened, nil
}

// update changes what differs, in one request.
func (c *Client) update(ctx context.Context, repo string, pr PullRequest, w Want, body string) (PullRequest, Action, error) {
	var edit github.PullRequest

	wanted, _ := ParseMarker(body)
	if pr.Marker != wanted {
		edit.Body = &body

		if pr.Title != w.Title {
			edit.Title = &w.Title
		}
	}

	if pr.Base.Ref != w.Base {
		edit.Base = &github.PullRequestBranch{Ref: &w.Base}
	}

	if edit.Body == nil && edit.Base == nil {
		return pr, Unchanged, nil
	}

	changed, err := c.edit(ctx, repo, pr.Number, "github.update-pull-request", &edit)
	if err != nil {
		return pr, Unchanged, err
	}

	return pullRequest(changed), Updated, nil
}

// edit sets what edit names of a pull request, as the effect kind.
func (c *Client) edit(ctx context.Context, repo string, number int, kind string, edit *github.PullRequest) (changed *github.PullRequest, err error) {
	owner, name, err := split(repo)
	if err != nil {
		return nil, err
	}

	o := operation{fmt.Sprintf("update pull request #%d", number), repo, needsWrite}
	if edit.GetState() == "closed" {
		o.op = fmt.Sprintf("close pull request #%d", number)
	}

	err = c.change(ctx, kind, fmt.Sprintf("%s#%d", repo, number), func(ctx context.Context) error {
		changed, _, err = call(ctx, c, o, func(ctx context.Context) (*github.PullRequest, *github.Response, error) {
			return c.api.PullRequests.Edit(ctx, owner, name, number, edit)
		})

		return err
	})

	return changed, err
}

// Retire closes a pull request of ours and writes why into its marker, in one
// request: whoever reads it later, with no memory of its own, can tell that no
// person closed it. One that is closed stays as it is, and costs no effect.
func (c *Client) Retire(ctx context.Context, repo string, pr PullRequest, why string) error {
	if pr.State == "closed" {
		return nil
	}

	unlock, err := c.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()

	return c.retire(ctx, repo, pr, why)
}

func (c *Client) retire(ctx context.Context, repo string, pr PullRequest, why string) error {
	marker := pr.Marker
	marker.Retired = why
	body := remark(pr.Body, marker)

	_, err := c.edit(ctx, repo, pr.Number, "github.close-pull-request", &github.PullRequest{State: new("closed"), Body: &body})

	return err
}

// remark is body with another marker in the place of its own.
func remark(body string, m Marker) string {
	lines := strings.Split(body, "\n")

	for i := len(lines) - 1; i >= 0; i-- {
		if _, ok := parseMarkerLine(lines[i]); ok {
			lines[i] = m.String()

			return strings.Join(lines, "\n")
		}
	}

	return strings.TrimRight(body, "\n") + "\n\n" + m.String()
}

// Close closes a pull request without a merge. One that is closed stays as it
// is, and costs no effect.
func (c *Client) Close(ctx context.Context, repo string, number int) error {
	unlock, err := c.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()

	p, err := c.pull(ctx, repo, number)
	if err != nil || p.GetState() == "closed" {
		return err
	}

	return c.close(ctx, repo, number)
}

func (c *Client) close(ctx context.Context, repo string, number int) error {
	_, err := c.edit(ctx, repo, number, "github.close-pull-request", &github.PullRequest{State: new("closed")})

	return err
}
