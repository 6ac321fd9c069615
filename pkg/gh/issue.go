package gh

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/go-github/v62/github"
)

// Issue is an issue, or a pull request as one.
type Issue struct {
	Number int
	URL    string
	// PullRequest tells that it is one.
	PullRequest bool
	Title, Body string
	// State is "open" or "closed".
	State string
	// Locked: only people with write access may comment on it.
	Locked bool
	// Author is the login of who opened it; Robot tells that it is an App.
	Author    string
	Robot     bool
	Labels    []string
	Comments  int
	UpdatedAt time.Time
}

func issue(i *github.Issue) Issue {
	out := Issue{
		Number: i.GetNumber(), URL: i.GetHTMLURL(), PullRequest: i.IsPullRequest(), Title: i.GetTitle(), Body: i.GetBody(),
		State: i.GetState(), Locked: i.GetLocked(), Author: i.GetUser().GetLogin(), Robot: i.GetUser().GetType() == "Bot",
		Comments: i.GetComments(), UpdatedAt: i.GetUpdatedAt().Time,
	}

	for _, l := range i.Labels {
		out.Labels = append(out.Labels, l.GetName())
	}

	return out
}

// DisabledError says that a repository has no issues.
type DisabledError struct{ Repo string }

func (e *DisabledError) Error() string { return "github: " + e.Repo + " has its issues turned off" }

// Recent are the issues and pull requests of a repository that changed last,
// the newest first: a hundred at most, by one request. Where they are as they
// were, nothing about any pull request has changed. A repository whose issues
// are turned off is a *DisabledError.
func (c *Client) Recent(ctx context.Context, repo string) ([]Issue, error) {
	return c.issues(ctx, repo, &github.IssueListByRepoOptions{State: "all", Sort: "updated", Direction: "desc"})
}

// Labelled are the newest hundred issues of a repository with a label, open
// and closed.
func (c *Client) Labelled(ctx context.Context, repo, label string) ([]Issue, error) {
	return c.issues(ctx, repo, &github.IssueListByRepoOptions{State: "all", Labels: []string{label}})
}

func (c *Client) issues(ctx context.Context, repo string, options *github.IssueListByRepoOptions) ([]Issue, error) {
	owner, name, err := split(repo)
	if err != nil {
		return nil, err
	}

	options.ListOptions = github.ListOptions{PerPage: pageSize}
	o := operation{"list issues", repo, "issues: read"}

	listed, _, err := call(ctx, c, o, func(ctx context.Context) ([]*github.Issue, *github.Response, error) {
		return c.api.Issues.ListByRepo(ctx, owner, name, options)
	})
	if refused, ok := errors.AsType[*Error](err); ok && refused.Status == http.StatusGone {
		return nil, &DisabledError{repo}
	}

	if err != nil {
		return nil, err
	}

	out := make([]Issue, 0, len(listed))
	for _, i := range listed {
		out = append(out, issue(i))
	}

	return out, nil
}

// GoneError says that an issue is not in its repository any more: it was
// deleted, or transferred to another one.
type GoneError struct {
	Repo   string
	Number int
}

func (e *GoneError) Error() string {
	return fmt.Sprintf("github: #%d is not in %s any more", e.Number, e.Repo)
}

// Issue reads one; a *GoneError where it was deleted or transferred.
func (c *Client) Issue(ctx context.Context, repo string, number int) (Issue, error) {
	owner, name, err := split(repo)
	if err != nil {
		return Issue{}, err
	}

	o := operation{fmt.Sprintf("read #%d", number), repo, "issues: read"}

	found, _, err := call(ctx, c, o, func(ctx context.Context) (*github.Issue, *github.Response, error) {
		return c.api.Issues.Get(ctx, owner, name, number)
	})
	if refused, ok := errors.AsType[*Error](err); ok && (refused.Status == http.StatusGone || refused.Status == http.StatusNotFound) {
		return Issue{}, &GoneError{repo, number}
	}

	if err != nil {
		return Issue{}, err
	}

	// GitHub leads to where a transferred issue is.
	if !strings.HasSuffix(strings.ToLower(found.GetRepositoryURL()), "/"+strings.ToLower(repo)) {
		return Issue{}, &GoneError{repo, number}
	}

	return issue(found), nil
}

// Mine tells whether we opened an issue.
func (c *Client) Mine(ctx context.Context, i Issue) (bool, error) {
	me, err := c.me(ctx)

	return err == nil && me.is(i.Author, i.Robot), err
}

// OpenIssue opens one. Text of strangers in body must have passed Inert.
func (c *Client) OpenIssue(ctx context.Context, repo, title, body string, labels ...string) (Issue, error) {
	return c.changeIssue(ctx, repo, "github.create-issue", repo, "create an issue", func(ctx context.Context, owner, name string) (*github.Issue, *github.Response, error) {
		return c.api.Issues.Create(ctx, owner, name, &github.IssueRequest{Title: &title, Body: &body, Labels: &labels})
	})
}

// RewriteIssue replaces the body of one.
func (c *Client) RewriteIssue(ctx context.Context, repo string, number int, body string) (Issue, error) {
	return c.editIssue(ctx, repo, number, "github.update-issue", &github.IssueRequest{Body: &body})
}

// CloseIssue closes one.
func (c *Client) CloseIssue(ctx context.Context, repo string, number int) error {
	_, err := c.editIssue(ctx, repo, number, "github.close-issue", &github.IssueRequest{State: new("closed")})

	return err
}

func (c *Client) editIssue(ctx context.Context, repo string, number int, kind string, edit *github.IssueRequest) (Issue, error) {
	target, what := fmt.Sprintf("%s#%d", repo, number), fmt.Sprintf("update #%d", number)

	return c.changeIssue(ctx, repo, kind, target, what, func(ctx context.Context, owner, name string) (*github.Issue, *github.Response, error) {
		return c.api.Issues.Edit(ctx, owner, name, number, edit)
	})
}

func (c *Client) changeIssue(
	ctx context.Context, repo, kind, target, what string,
	f func(ctx context.Context, owner, name string) (*github.Issue, *github.Response, error),
) (out Issue, err error) {
	owner, name, err := split(repo)
	if err != nil {
		return Issue{}, err
	}

	unlock, err := c.lock(ctx)
	if err != nil {
		return Issue{}, err
	}
	defer unlock()

	err = c.change(ctx, kind, target, func(ctx context.Context) error {
		changed, _, err := call(ctx, c, operation{what, repo, "issues: write"}, func(ctx context.Context) (*github.Issue, *github.Response, error) {
			return f(ctx, owner, name)
		})
		if err == nil {
			out = issue(changed)
		}

		return err
	})

	return out, err
}
