package gh

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/go-github/v62/github"

	"github.com/goingdark-social/bot/internal/wait"
)

// Want is a pull request as it shall be.
type Want struct {
	// Head is the branch with the change, Branch(Marker.Application,
	// Marker.Track), already pushed; Base is the branch it goes to.
	Head, Base string
	// Title is one line of at most 256 characters.
	Title string
	// Body is Markdown, without the marker. Text of strangers in it must have
	// passed Inert. With the marker it must stay below MaxBody: see Fit.
	Body string
	// Labels, Reviewers and Assignees are asked for once each and never taken
	// away: what people removed stays removed. A reviewer with a slash is a
	// team, "org/slug".
	Labels, Reviewers, Assignees []string
	// Draft decides how it is opened. GitHub's REST API cannot change it later.
	Draft  bool
	Marker Marker
}

// Action is what Ensure had to do.
type Action string

// What Ensure can have done.
const (
	Opened    Action = "opened"
	Updated   Action = "updated"
	Unchanged Action = "unchanged"
)

// Ensure makes the pull request that w describes the one open pull request of
// its head branch. It opens it, or changes what differs, or does nothing.
//
// Title and body are rewritten when w says something else than what was last
// written; what people changed in them meanwhile is left alone until then.
// The base is set whenever it differs. A pull request that a person opened
// from the branch becomes ours, text and all, since GitHub admits no second
// one. Asking again for what was taken away is avoided by reading the pull
// request's events, for which a token needs "issues: read". When an error comes after the pull
// request was opened or found, it is returned with the pull request: its
// Number is then not 0. Everything is safe to repeat.
func (c *Client) Ensure(ctx context.Context, repo string, w Want) (PullRequest, Action, error) {
	body, err := w.render()
	if err != nil {
		return PullRequest{}, "", err
	}

	unlock, err := c.lock(ctx)
	if err != nil {
		return PullRequest{}, "", err
	}
	defer unlock()

	pr, action, err := c.ensure(ctx, repo, w, body)
	if err != nil {
		return pr, action, err
	}

	asked, err := c.ask(ctx, repo, &pr, w, action == Opened)
	if asked && action == Unchanged {
		action = Updated
	}

	return pr, action, err
}

// Met tells that pr is as w wants it, so that Ensure would find nothing to do.
// A label, reviewer or assignee that pr lacks may have been taken away by a
// person; to know costs Ensure requests.
func (w Want) Met(pr PullRequest) bool {
	marker := w.Marker
	marker.Version, marker.Text = markerVersion, fingerprint(w.Title, w.Body)

	lacks := asks{w.Labels, w.Reviewers, w.Assignees}.without(asks{
		pr.Labels, append([]string{pr.Author}, pr.Reviewers...), pr.Assignees,
	})

	return pr.State == "open" && pr.Marker == marker && pr.Base.Ref == w.Base && lacks.none()
}

// render is the body with the marker as its last line, checked as far as it
// can be without GitHub.
func (w Want) render() (string, error) {
	marker := w.Marker
	marker.Version, marker.Text = markerVersion, fingerprint(w.Title, w.Body)
	body := strings.TrimRight(w.Body, "\n") + "\n\n" + marker.String()

	switch found, _ := ParseMarker(body); {
	case w.Head != Branch(w.Marker.Application, w.Marker.Track):
		return "", fmt.Errorf("github: the branch %q is not the one of application %q, track %q", w.Head, w.Marker.Application, w.Marker.Track)
	case w.Title == "" || strings.ContainsAny(w.Title, "\r\n") || Length(w.Title) > maxTitle:
		return "", fmt.Errorf("github: a title is one line of at most %d characters, not %q", maxTitle, w.Title)
	case Length(body) > MaxBody:
		return "", fmt.Errorf("github: the body has %d characters with its marker and may have %d", Length(body), MaxBody)
	case found != marker:
		return "", errors.New("github: the body leaves a code fence open, which would show the marker")
	}

	return body, nil
}

func (c *Client) ensure(ctx context.Context, repo string, w Want, body string) (PullRequest, Action, error) {
	found, err := c.current(ctx, repo, w)
	if err != nil {
		return PullRequest{}, "", err
	}

	if found == nil {
		opened, err := c.open(ctx, repo, w, body)
		if err == nil {
			return pullRequest(opened), Opened, nil
		}

		// Another run may have been first, or our own answer was lost.
		if found, err = c.openedMeanwhile(ctx, repo, w, err); err != nil {
			return PullRequest{}, "", err
		}
	}

	return c.update(ctx, repo, pullRequest(found), w, body)
}

// current is the open pull request of the head branch, or nil. Runs that
// disagree about the base can have opened two; the one to w's base stays and
// what else carries our marker and our author is closed.
func (c *Client) current(ctx context.Context, repo string, w Want) (*github.PullRequest, error) {
	open, err := c.list(ctx, repo, w.Head, "open")
	if err != nil || len(open) == 0 {
		return nil, err
	}

	slices.SortStableFunc(open, func(a, b *github.PullRequest) int {
		return rank(a, w) - rank(b, w)
	})

	keep := open[0]
	for _, p := range open[1:] {
		if ours(p) && ours(keep) && p.GetUser().GetLogin() == keep.GetUser().GetLogin() {
			why := fmt.Sprintf("#%d is the pull request of this branch", keep.GetNumber())
			if err := c.retire(ctx, repo, pullRequest(p), why); err != nil {
				return nil, err
			}
		}
	}

	return keep, nil
}

func rank(p *github.PullRequest, w Want) int {
	switch {
	case ours(p) && p.GetBase().GetRef() == w.Base:
		return 0
	case ours(p):
		return 1
	case p.GetBase().GetRef() == w.Base:
		return 2
	}

	return 3
}

// openedMeanwhile looks for the pull request that made opening ours fail. A
// listing may lag behind what GitHub refuses for, so it looks more than once.
func (c *Client) openedMeanwhile(ctx context.Context, repo string, w Want, failed error) (*github.PullRequest, error) {
	if refusal, ok := errors.AsType[*Error](failed); !ok || !refusal.clash {
		return nil, failed
	}

	for pause := range slices.Values([]time.Duration{0, time.Second, 2 * time.Second}) {
		if err := wait.For(ctx, pause, "GitHub"); err != nil {
			return nil, errors.Join(failed, err)
		}

		found, err := c.current(ctx, repo, w)
		if err != nil {
			return nil, errors.Join(failed, err)
		}

		if found != nil {
			return found, nil
		}
	}

	return nil, failed
}
