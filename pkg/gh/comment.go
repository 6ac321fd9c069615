package gh

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/go-github/v62/github"
)

const commentOpens = "<!-- bot:comment "

// commentKey is what makes a comment one of ours that need not be said twice.
type commentKey struct {
	Key string `json:"key"`
}

// Comment says body on an issue or a pull request, unless we have said
// something under the same key there before; the URL is that of the comment.
// The key is hidden in it. Text of strangers in body must have passed Inert.
func (c *Client) Comment(ctx context.Context, repo string, number int, body, key string) (string, error) {
	body, err := renderComment(body, key)
	if err != nil {
		return "", err
	}

	unlock, err := c.lock(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()

	if said, err := c.said(ctx, repo, number, key); err != nil || said != "" {
		return said, err
	}

	return c.say(ctx, repo, number, body)
}

func renderComment(body, key string) (string, error) {
	if key == "" {
		return "", errors.New("github: a comment needs a key, so that it is posted once")
	}

	data, err := json.Marshal(commentKey{key})
	if err != nil {
		return "", err
	}

	body = strings.TrimRight(body, "\n") + "\n\n" + commentOpens + string(data) + markerCloses

	switch {
	case Length(body) > MaxBody:
		return "", fmt.Errorf("github: the comment has %d characters with its key and may have %d", Length(body), MaxBody)
	case keyOf(body) != key:
		return "", errors.New("github: the comment leaves a code fence open, or its key is too long")
	}

	return body, nil
}

// keyOf is the key of a comment of ours, by the rule of Marker.
func keyOf(body string) string {
	var found commentKey

	for line := range unfenced(body) {
		if data, ok := hidden(line, commentOpens); ok {
			var k commentKey
			if json.Unmarshal([]byte(data), &k) == nil {
				found = k
			}
		}
	}

	return found.Key
}

// said is the URL of our comment under key, or empty.
func (c *Client) said(ctx context.Context, repo string, number int, key string) (string, error) {
	all, err := c.under(ctx, repo, number, key)
	if err != nil || len(all) == 0 {
		return "", err
	}

	return all[0].GetHTMLURL(), nil
}

// under are our comments under key, the oldest first.
func (c *Client) under(ctx context.Context, repo string, number int, key string) ([]*github.IssueComment, error) {
	owner, name, err := split(repo)
	if err != nil {
		return nil, err
	}

	o := operation{fmt.Sprintf("list the comments of #%d", number), repo, "pull requests: read"}

	comments, err := pages(ctx, c, o, func(ctx context.Context, page github.ListOptions) ([]*github.IssueComment, *github.Response, error) {
		return c.api.Issues.ListComments(ctx, owner, name, number, &github.IssueListCommentsOptions{ListOptions: page})
	})
	if err != nil {
		return nil, err
	}

	var ours []*github.IssueComment

	for _, comment := range comments {
		if keyOf(comment.GetBody()) != key {
			continue
		}

		// Keys can be guessed: a stranger's comment must not silence ours.
		me, err := c.me(ctx)
		if err != nil {
			return nil, err
		}

		if me.wrote(comment) {
			ours = append(ours, comment)
		}
	}

	return ours, nil
}

func (c *Client) say(ctx context.Context, repo string, number int, body string) (url string, err error) {
	owner, name, err := split(repo)
	if err != nil {
		return "", err
	}

	o := operation{fmt.Sprintf("comment on #%d", number), repo, needsWrite}

	err = c.change(ctx, "github.comment", fmt.Sprintf("%s#%d", repo, number), func(ctx context.Context) error {
		comment, _, err := call(ctx, c, o, func(ctx context.Context) (*github.IssueComment, *github.Response, error) {
			return c.api.Issues.CreateComment(ctx, owner, name, number, &github.IssueComment{Body: &body})
		})
		url = comment.GetHTMLURL()

		return err
	})

	return url, err
}

// identity is whom the token speaks for; no login for an App's installation,
// which cannot ask.
type identity struct{ login string }

func (i identity) wrote(comment *github.IssueComment) bool {
	return i.is(comment.GetUser().GetLogin(), comment.GetUser().GetType() == "Bot")
}

// is tells whether an author is whom the token speaks for.
func (i identity) is(login string, robot bool) bool {
	if i.login == "" {
		return robot
	}

	return strings.EqualFold(i.login, login)
}

// me asks once whom the token speaks for.
func (c *Client) me(ctx context.Context) (identity, error) {
	c.mu.Lock()
	known := c.self
	c.mu.Unlock()

	if known != nil {
		return *known, nil
	}

	user, _, err := call(ctx, c, operation{op: "read whom the token speaks for"},
		func(ctx context.Context) (*github.User, *github.Response, error) { return c.api.Users.Get(ctx, "") })

	refused, ok := errors.AsType[*Error](err)
	if err != nil && (!ok || refused.Status != http.StatusForbidden || refused.limit) {
		return identity{}, err
	}

	c.mu.Lock()
	defer c.mu.Unlock()

	c.self = &identity{user.GetLogin()}

	return *c.self, nil
}
