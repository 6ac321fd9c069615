package gh

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/google/go-github/v62/github"
)

// Method is how a pull request is merged.
type Method string

// The methods, in the words of the API.
const (
	MergeCommit Method = "merge"
	Squash      Method = "squash"
	Rebase      Method = "rebase"
)

// RefusedError is GitHub's refusal to merge: a rule of the base branch that is
// not met, a conflict, or a head that moved meanwhile. It is no failure, and
// nothing was changed.
type RefusedError struct {
	Number int
	// Message is GitHub's own.
	Message string
	// Moved tells that the head is no longer the commit that was asked for.
	Moved bool
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("github: #%d is not merged: %s", e.Number, e.Message)
}

// Merge merges a pull request whose head is at sha, and no other commit: what
// somebody pushed meanwhile is refused with a *RefusedError, as is what the
// rules of the base branch do not allow. It returns the commit on the base.
func (c *Client) Merge(ctx context.Context, repo string, number int, sha string, method Method) (commit string, err error) {
	owner, name, err := split(repo)
	if err != nil {
		return "", err
	}

	unlock, err := c.lock(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()

	o := operation{fmt.Sprintf("merge #%d", number), repo, "contents: write"}
	options := &github.PullRequestOptions{SHA: sha, MergeMethod: string(method)}

	err = c.change(ctx, "github.merge", fmt.Sprintf("%s#%d", repo, number), func(ctx context.Context) error {
		merged, _, err := call(ctx, c, o, func(ctx context.Context) (*github.PullRequestMergeResult, *github.Response, error) {
			return c.api.PullRequests.Merge(ctx, owner, name, number, "", options)
		})
		commit = merged.GetSHA()

		return refused(number, err)
	})

	if _, no := errors.AsType[*RefusedError](err); no {
		return c.mergedMeanwhile(ctx, repo, number, sha, err)
	}

	return commit, err
}

// refused is err, or the *RefusedError that it comes to.
func refused(number int, err error) error {
	answer, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}

	switch answer.Status {
	case http.StatusMethodNotAllowed, http.StatusConflict, http.StatusUnprocessableEntity:
		return &RefusedError{Number: number, Message: answer.Message, Moved: answer.Status == http.StatusConflict}
	}

	return err
}

// mergedMeanwhile tells a refusal from the second answer to one question: the
// first may have been lost after the work was done.
func (c *Client) mergedMeanwhile(ctx context.Context, repo string, number int, sha string, refusal error) (string, error) {
	p, err := c.pull(ctx, repo, number)
	if err != nil {
		return "", errors.Join(refusal, err)
	}

	if p.GetMerged() && p.GetHead().GetSHA() == sha {
		return p.GetMergeCommitSHA(), nil
	}

	return "", refusal
}

func (c *Client) pull(ctx context.Context, repo string, number int) (*github.PullRequest, error) {
	owner, name, err := split(repo)
	if err != nil {
		return nil, err
	}

	o := operation{fmt.Sprintf("read pull request #%d", number), repo, "pull requests: read"}

	p, _, err := call(ctx, c, o, func(ctx context.Context) (*github.PullRequest, *github.Response, error) {
		return c.api.PullRequests.Get(ctx, owner, name, number)
	})

	return p, err
}
