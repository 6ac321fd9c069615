package gh

import (
	"context"
	"fmt"
	"time"

	"github.com/google/go-github/v62/github"
)

// closing is one closing of one pull request; who did it does not change.
type closing struct {
	repo   string
	number int
	at     time.Time
}

// maxClosers bounds what is remembered of closings.
const maxClosers = 1024

// ClosedByOther tells that somebody else than the program closed a pull request
// of ours. It costs a request for each closing, and none the next time.
//
// Where a person lends the program their own token, nothing tells the two
// apart: then it is false.
func (c *Client) ClosedByOther(ctx context.Context, repo string, pr PullRequest) (bool, error) {
	by, err := c.closedBy(ctx, repo, pr)
	if err != nil || by.GetLogin() == "" || by.GetLogin() == pr.Author {
		return false, err
	}

	me, err := c.me(ctx)

	return err == nil && !me.is(by.GetLogin(), by.GetType() == "Bot"), err
}

// closedBy asks who closed a pull request, once per closing. GitHub says it of
// the issue that a pull request is, and not in listings.
func (c *Client) closedBy(ctx context.Context, repo string, pr PullRequest) (*github.User, error) {
	key := closing{repo, pr.Number, pr.ClosedAt}

	c.mu.Lock()
	by, known := c.closers[key]
	c.mu.Unlock()

	if known {
		return by, nil
	}

	owner, name, err := split(repo)
	if err != nil {
		return nil, err
	}

	o := operation{fmt.Sprintf("read who closed #%d", pr.Number), repo, "pull requests: read"}

	issue, _, err := call(ctx, c, o, func(ctx context.Context) (*github.Issue, *github.Response, error) {
		return c.api.Issues.Get(ctx, owner, name, pr.Number)
	})
	if err != nil {
		return nil, err
	}

	c.mu.Lock()
	defer c.mu.Unlock()

	if len(c.closers) >= maxClosers {
		clear(c.closers)
	}

	c.closers[key] = issue.GetClosedBy()

	return issue.GetClosedBy(), nil
}
