package gh

import (
	"context"
	"fmt"
	"time"

	"github.com/google/go-github/v62/github"
)

// Proposal is an open pull request, whoever opened it.
type Proposal struct {
	Number int
	Head   Ref
	// Fork tells that its branch is not in the repository itself.
	Fork      bool
	Ours      bool
	UpdatedAt time.Time
}

// Proposals are the open pull requests that go to a branch.
func (c *Client) Proposals(ctx context.Context, repo, base string) ([]Proposal, error) {
	owner, name, err := split(repo)
	if err != nil {
		return nil, err
	}

	o := operation{"list pull requests", repo, "pull requests: read"}

	listed, err := pages(ctx, c, o, func(ctx context.Context, page github.ListOptions) ([]*github.PullRequest, *github.Response, error) {
		return c.api.PullRequests.List(ctx, owner, name, &github.PullRequestListOptions{State: "open", Base: base, ListOptions: page})
	})
	if err != nil {
		return nil, err
	}

	out := make([]Proposal, 0, len(listed))
	for _, p := range listed {
		out = append(out, Proposal{
			Number: p.GetNumber(), Head: Ref{p.GetHead().GetRef(), p.GetHead().GetSHA()}, Fork: !fromHere(p), Ours: ours(p),
			UpdatedAt: p.GetUpdatedAt().Time,
		})
	}

	return out, nil
}

// Changed are the files that a pull request changes, under the names that they
// had before too.
func (c *Client) Changed(ctx context.Context, repo string, number int) ([]string, error) {
	owner, name, err := split(repo)
	if err != nil {
		return nil, err
	}

	o := operation{fmt.Sprintf("list the files of #%d", number), repo, "pull requests: read"}

	files, err := pages(ctx, c, o, func(ctx context.Context, page github.ListOptions) ([]*github.CommitFile, *github.Response, error) {
		return c.api.PullRequests.ListFiles(ctx, owner, name, number, &page)
	})
	if err != nil {
		return nil, err
	}

	var out []string

	for _, f := range files {
		out = append(out, f.GetFilename())
		if before := f.GetPreviousFilename(); before != "" {
			out = append(out, before)
		}
	}

	return out, nil
}
