package gh

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"time"

	"github.com/google/go-github/v62/github"
)

// Said is a comment on an issue or a pull request.
type Said struct {
	ID int64
	// Number is that of the issue or the pull request.
	Number int
	Author string
	Body   string
	// Ours tells that the program said it.
	Ours      bool
	CreatedAt time.Time
	UpdatedAt time.Time
}

// maxSaid bounds how many pages of comments are read.
const maxSaid = 5

// Said are the comments of a repository that were made or edited since a
// time, the oldest first: of more than five hundred the newest. Where nothing
// was said it costs one request whose answer is remembered, as long as since
// stays the same.
func (c *Client) Said(ctx context.Context, repo string, since time.Time) ([]Said, error) {
	owner, name, err := split(repo)
	if err != nil {
		return nil, err
	}

	o := operation{"list the comments", repo, "issues: read"}

	var all []Said

	for page := 1; page <= maxSaid; page++ {
		options := &github.IssueListCommentsOptions{
			Sort: new("updated"), Direction: new("desc"), Since: &since, ListOptions: github.ListOptions{Page: page, PerPage: pageSize},
		}

		listed, resp, err := call(ctx, c, o, func(ctx context.Context) ([]*github.IssueComment, *github.Response, error) {
			return c.api.Issues.ListComments(ctx, owner, name, 0, options)
		})
		if err != nil {
			return nil, err
		}

		for _, comment := range listed {
			one, err := c.comment(ctx, comment)
			if err != nil {
				return nil, err
			}

			all = append([]Said{one}, all...)
		}

		if resp.NextPage == 0 {
			break
		}
	}

	return all, nil
}

func (c *Client) comment(ctx context.Context, comment *github.IssueComment) (Said, error) {
	number, err := strconv.Atoi(path.Base(comment.GetIssueURL()))
	if err != nil {
		return Said{}, &Error{Op: "list the comments", Message: "a comment names no issue"}
	}

	out := Said{
		ID: comment.GetID(), Number: number, Author: comment.GetUser().GetLogin(), Body: comment.GetBody(),
		CreatedAt: comment.GetCreatedAt().Time, UpdatedAt: comment.GetUpdatedAt().Time,
	}

	if keyOf(out.Body) == "" {
		return out, nil
	}

	// Keys can be guessed: a stranger's comment is not ours by having one.
	me, err := c.me(ctx)
	out.Ours = err == nil && me.wrote(comment)

	return out, err
}

// MayWrite tells whether a person may write to a repository: write, maintain
// and admin may. Who is not there any more may not.
func (c *Client) MayWrite(ctx context.Context, repo, login string) (bool, error) {
	owner, name, err := split(repo)
	if err != nil {
		return false, err
	}

	o := operation{"read what " + login + " may do", repo, "metadata: read"}

	level, _, err := call(ctx, c, o, func(ctx context.Context) (*github.RepositoryPermissionLevel, *github.Response, error) {
		return c.api.Repositories.GetPermissionLevel(ctx, owner, name, login)
	})
	if refused, ok := errors.AsType[*Error](err); ok && refused.Status == http.StatusNotFound {
		return false, nil
	}

	if err != nil {
		return false, err
	}

	// GitHub says write of who may maintain, and of its own roles what they are
	// built on.
	return level.GetPermission() == "admin" || level.GetPermission() == "write", nil
}

// Reaction is what we think of a comment.
type Reaction string

// The reactions.
const (
	Taken    Reaction = "rocket"
	Puzzled  Reaction = "confused"
	Declined Reaction = "-1"
)

// React reacts to a comment. First tells that the reaction was not there
// before, which of several at once one alone is told; otherwise at is when it
// came.
func (c *Client) React(ctx context.Context, repo string, comment int64, r Reaction) (first bool, at time.Time, err error) {
	owner, name, err := split(repo)
	if err != nil {
		return false, at, err
	}

	unlock, err := c.lock(ctx)
	if err != nil {
		return false, at, err
	}
	defer unlock()

	o := operation{"react to a comment", repo, "issues: write"}
	target := fmt.Sprintf("%s comment %d", repo, comment)

	err = c.change(ctx, "github.react", target, func(ctx context.Context) error {
		status, when, err := c.postReaction(ctx, o, fmt.Sprintf("repos/%s/%s/issues/comments/%d/reactions", owner, name, comment), r)
		first, at = status == http.StatusCreated, when

		return err
	})

	return first, at, err
}

// postReaction reads when it was made, which go-github's own call does not.
func (c *Client) postReaction(ctx context.Context, o operation, path string, r Reaction) (int, time.Time, error) {
	type answer struct {
		CreatedAt time.Time `json:"created_at"`
	}

	made, resp, err := call(ctx, c, o, func(ctx context.Context) (*answer, *github.Response, error) {
		req, err := c.api.NewRequest(http.MethodPost, path, map[string]string{"content": string(r)})
		if err != nil {
			return nil, nil, err
		}

		made := &answer{}
		resp, err := c.api.Do(ctx, req, made)

		return made, resp, err
	})
	if err != nil {
		return 0, time.Time{}, err
	}

	return resp.StatusCode, made.CreatedAt, nil
}

// Answered tells whether we have said something under key on an issue or a
// pull request.
func (c *Client) Answered(ctx context.Context, repo string, number int, key string) (bool, error) {
	said, err := c.said(ctx, repo, number, key)

	return said != "", err
}
