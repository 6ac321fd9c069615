package gh

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/go-github/v62/github"
)

// Query says which of our pull requests are meant. Its zero value is all.
type Query struct {
	// Application and Track, if both are given, cost one request; with less
	// every pull request of the repository is looked at.
	Application, Track string
	// State is "open", "closed" or "all". Default: "all".
	State string
}

// PullRequests are ours, the newest first: those whose head is a branch of the
// repository itself and the very branch that the marker in their body names.
func (c *Client) PullRequests(ctx context.Context, repo string, q Query) ([]PullRequest, error) {
	head := ""
	if q.Application != "" && q.Track != "" {
		head = Branch(q.Application, q.Track)
	}

	listed, err := c.list(ctx, repo, head, cmp.Or(q.State, "all"))
	if err != nil {
		return nil, err
	}

	found := []PullRequest{}

	for _, p := range listed {
		pr := pullRequest(p)
		if !ours(p) || !q.means(pr.Marker) {
			continue
		}

		found = append(found, pr)
	}

	slices.SortFunc(found, func(a, b PullRequest) int { return cmp.Compare(b.Number, a.Number) })

	return found, nil
}

func (q Query) means(m Marker) bool {
	return (q.Application == "" || q.Application == m.Application) && (q.Track == "" || q.Track == m.Track)
}

// list reads the pull requests from the branch head of the repository itself
// or, where head is empty, all.
func (c *Client) list(ctx context.Context, repo, head, state string) ([]*github.PullRequest, error) {
	owner, name, err := split(repo)
	if err != nil {
		return nil, err
	}

	options := &github.PullRequestListOptions{State: state}
	if head != "" {
		options.Head = owner + ":" + head
	}

	o := operation{"list pull requests", repo, "pull requests: read"}

	listed, err := pages(ctx, c, o, func(ctx context.Context, page github.ListOptions) ([]*github.PullRequest, *github.Response, error) {
		asked := *options
		asked.ListOptions = page

		return c.api.PullRequests.List(ctx, owner, name, &asked)
	})
	if err != nil {
		return nil, err
	}

	return slices.DeleteFunc(listed, func(p *github.PullRequest) bool {
		return !fromHere(p) || head != "" && p.GetHead().GetRef() != head
	}), nil
}
