package notify_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/pkg/notify"
)

func TestWhatGitHubIsTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind notify.Kind
		pull bool
		want int
	}{
		{notify.Incomplete, false, 0},
		{notify.Incomplete, true, 1},
		{notify.Opened, true, 0},
		{notify.Updated, true, 1},
		{notify.Merged, true, 0},
		{notify.Failed, false, 0},
		{notify.Failed, true, 1},
	} {
		e := event(c.kind)
		e.PullRequest = nil
		if c.pull {
			e.PullRequest = pull()
		}
		got := new(commenter)
		deliver(t, new(notify.Ledger), notify.NewGitHub(got), e)
		if len(got.comments) != c.want {
			t.Errorf("%s, pull request %v: %v", c.kind, c.pull, got.comments)
		}
	}
}

// TestAFailureIsOneComment: the next day's notification has the comment's key of the day before.
func TestAFailureIsOneComment(t *testing.T) {
	t.Parallel()
	c := new(commenter)
	l := new(notify.Ledger)
	for day := range 3 {
		e := event(notify.Failed)
		e.PullRequest, e.At = pull(), noon.AddDate(0, 0, day)
		deliver(t, l, notify.NewGitHub(c), e)
	}
	if len(c.comments) != 1 {
		t.Errorf("%v", c.comments)
	}
}

func TestACommentThatFails(t *testing.T) {
	t.Parallel()
	c := &commenter{err: errors.New("HTTP 403")}
	l := new(notify.Ledger)
	errs := notify.Deliver(t.Context(), []notify.Target{notify.NewGitHub(c)}, l, nil, event(notify.Updated))
	if len(errs) != 1 || !errors.Is(errs[0], c.err) || len(l.Sent) != 0 {
		t.Errorf("%v, %v", errs, l)
	}
}

// TestHostileComments: a stranger's text never leaves its code, so it pings nobody, links nothing and hides nothing.
func TestHostileComments(t *testing.T) {
	t.Parallel()
	for name, text := range hostile() {
		for _, k := range []notify.Kind{notify.Incomplete, notify.Updated, notify.Failed} {
			c := new(commenter)
			deliver(t, new(notify.Ledger), notify.NewGitHub(c), stuffed(k, text))
			for key, body := range c.comments {
				if strings.ContainsAny(key, "<>\n\x1b") {
					t.Errorf("%s: key %q", name, key)
				}
				if outside := outsideCode(t, body); strings.ContainsAny(outside, "@#<>&*_\x1b\u202e") || strings.Contains(outside, "http") {
					t.Errorf("%s, %s: outside of code: %.500q", name, k, outside)
				}
			}
		}
	}
}

// outsideCode is what a comment shows that is not code. Code is what stands
// between a run of backticks and the next run of that length, as GitHub reads it.
func outsideCode(t *testing.T, body string) string {
	t.Helper()
	var outside strings.Builder
	for body != "" {
		before, rest, found := strings.Cut(body, "`")
		outside.WriteString(before)
		if !found {
			break
		}
		n := 1 + len(rest) - len(strings.TrimLeft(rest, "`"))
		body = afterRun(rest[n-1:], n)
		if body == "\x00" {
			t.Fatalf("a run of %d backticks never ends", n)
		}
	}
	return outside.String()
}

// afterRun is what stands behind the next run of exactly n backticks.
func afterRun(s string, n int) string {
	for s != "" {
		i := strings.IndexByte(s, '`')
		if i < 0 {
			break
		}
		s = s[i:]
		length := len(s) - len(strings.TrimLeft(s, "`"))
		if s = s[length:]; length == n {
			return s
		}
	}
	return "\x00"
}
