package gh

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/go-github/v62/github"

	"github.com/goingdark-social/bot/internal/wait"
)

const (
	// callTimeout bounds one call with all its retries and waits.
	callTimeout = 5 * time.Minute
	pageSize    = 100
	// maxPages bounds a listing, so that pages that loop end: 20,000 entries.
	maxPages = 200
)

// operation names a call for its error: what, where, and what a token needs.
type operation struct{ op, repo, needs string }

// call performs one request and turns its error into an *Error. A rate limit
// that refused it and ends within MaxWait is waited for, once.
func call[T any](
	ctx context.Context, c *Client, o operation,
	f func(ctx context.Context) (T, *github.Response, error),
) (T, *github.Response, error) {
	ctx, cancel := context.WithTimeout(withAttempts(ctx), callTimeout)
	defer cancel()

	v, resp, err := f(ctx)
	if err == nil {
		return v, resp, nil
	}

	failed := c.failure(o, err)
	if !failed.limit || failed.RetryAfter > c.maxWait {
		return v, resp, failed
	}

	c.log.WarnContext(ctx, "waiting for GitHub's rate limit", "op", o.op, "repo", o.repo, "wait", failed.RetryAfter)

	if err := wait.For(ctx, failed.RetryAfter, "GitHub"); err != nil {
		return v, resp, errors.Join(failed, err)
	}

	if v, resp, err = f(ctx); err != nil {
		return v, resp, c.failure(o, err)
	}

	return v, resp, nil
}

// pages follows a listing to its end.
func pages[T any](
	ctx context.Context, c *Client, o operation,
	list func(ctx context.Context, page github.ListOptions) ([]T, *github.Response, error),
) ([]T, error) {
	var all []T

	for page := 1; page <= maxPages; {
		items, resp, err := call(ctx, c, o, func(ctx context.Context) ([]T, *github.Response, error) {
			return list(ctx, github.ListOptions{Page: page, PerPage: pageSize})
		})
		if err != nil {
			return nil, err
		}

		all = append(all, items...)

		if resp.NextPage == 0 {
			return all, nil
		}

		if resp.NextPage != page+1 {
			return nil, &Error{Op: o.op, Repo: o.repo, Message: fmt.Sprintf("page %d names page %d as the next", page, resp.NextPage)}
		}

		page = resp.NextPage
	}

	return nil, &Error{Op: o.op, Repo: o.repo, Message: fmt.Sprintf("the listing does not end after %d pages", maxPages)}
}
