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
// before.
func (c *Client) React(ctx context.Context, repo string, comment int64, r Reaction) (first bool, err error) {
	owner, name, err := split(repo)
	if err != nil {
		return false, err
	}

	unlock, err := c.lock(ctx)
	if err != nil {
		return false, err
	}
	defer unlock()

	o := operation{"react to a comment", repo, "issues: write"}
	target := fmt.Sprintf("%s comment %d", repo, comment)

	err = c.change(ctx, "github.react", target, func(ctx context.Context) error {
		_, resp, err := call(ctx, c, o, func(ctx context.Context) (*github.Reaction, *github.Response, error) {
			return c.api.Reactions.CreateIssueCommentReaction(ctx, owner, name, comment, string(r))
		})
		first = err == nil && resp.StatusCode == http.StatusCreated

		return err
	})

	return first, err
}

// Answered tells whether we have said something under key on an issue or a
// pull request.
func (c *Client) Answered(ctx context.Context, repo string, number int, key string) (bool, error) {
	said, err := c.said(ctx, repo, number, key)

	return said != "", err
}

// Once deletes what we said under a key on an issue or a pull request, but for
// the first: of two processes at once each may have found nothing said.
func (c *Client) Once(ctx context.Context, repo string, number int, key string) error {
	owner, name, err := split(repo)
	if err != nil {
		return err
	}

	unlock, err := c.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()

	said, err := c.under(ctx, repo, number, key)
	if err != nil || len(said) < 2 {
		return err
	}

	o := operation{"delete a comment", repo, needsWrite}

	for _, again := range said[1:] {
		err := c.change(ctx, "github.delete-comment", fmt.Sprintf("%s#%d", repo, number), func(ctx context.Context) error {
			_, _, err := call(ctx, c, o, func(ctx context.Context) (struct{}, *github.Response, error) {
				resp, err := c.api.Issues.DeleteComment(ctx, owner, name, again.GetID())

				return struct{}{}, resp, err
			})
			if refused, ok := errors.AsType[*Error](err); ok && refused.Status == http.StatusNotFound {
				return nil // the other process was here too
			}

			return err
		})
		if err != nil {
			return err
		}
	}

	return nil
}
