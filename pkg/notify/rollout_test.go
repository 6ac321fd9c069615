package notify_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/notify"
)

func rollout(kind notify.Kind) notify.Event {
	return notify.Event{
		Kind: kind, Repository: "example/gitops", Application: "mastodon", Track: "minor", To: "v4.5.0",
		PullRequest: &notify.PullRequest{Number: 7, URL: "https://github.com/example/gitops/pull/7", Title: "t"},
		At:          time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	}
}

// bodies are what was said, by key.
func bodies(c *commenter) []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(c.comments)) {
		out = append(out, c.comments[key])
	}

	return out
}

func TestTheEndOfARollOut(t *testing.T) {
	t.Parallel()

	c := &commenter{}
	e := rollout(notify.RolledOut)
	e.Facts = [][2]string{{"merged", "2026-03-01 10:00 UTC"}, {"web | first", "`10:05`"}}
	l := &notify.Ledger{}

	for range 2 {
		for _, err := range notify.Deliver(t.Context(), []notify.Target{notify.NewGitHub(c)}, l, nil, e) {
			t.Error(err)
		}
	}

	want := "`v4.5.0` is rolled out.\n\n| | |\n|-|-|\n| `merged` | `2026-03-01 10:00 UTC` |\n| `web \\| first` | `` `10:05` `` |"
	if got := bodies(c); len(got) != 1 || got[0] != want {
		t.Errorf("%q\nwant once %q", got, want)
	}
}

func TestStuckIsToldOnceACause(t *testing.T) {
	t.Parallel()

	c, s := &commenter{}, start(t)
	l := &notify.Ledger{}
	targets := []notify.Target{withToken(t, s), notify.NewGitHub(c)}

	e := rollout(notify.Stuck)
	e.Cause, e.Lines = "migrate-failed", []string{"Job migrate failed"}
	e.Log, e.Summary = "PG::Error ```\n<!channel> @here ![x](https://evil.example)", "Going back means restoring a backup."

	later := e
	later.Cause, later.Lines = "rollout-stuck", []string{"Deployment web has a pod that crashes again and again"}

	for range 2 {
		for _, err := range notify.Deliver(t.Context(), targets, l, nil, e, later) {
			t.Error(err)
		}
	}

	said := bodies(c)
	if len(said) != 2 {
		t.Fatalf("%d comments", len(said))
	}

	if !strings.Contains(said[0], "````text\nPG::Error ```\n") || !strings.Contains(said[0], "restoring a backup") {
		t.Errorf("the log left its block:\n%s", said[0])
	}

	messages := s.Messages()
	if len(messages) != 2 {
		t.Fatalf("%d messages", len(messages))
	}

	for _, m := range messages {
		if pings := m.Pings(); len(pings) > 0 {
			t.Errorf("pings %v in %s", pings, m.Plain())
		}
	}
}

func TestDrifted(t *testing.T) {
	t.Parallel()

	e := rollout(notify.Drifted)
	e.PullRequest, e.Cause, e.Lines = nil, "abc", []string{"tag-moved: one", "live-version: two"}

	text := notify.Text(e)
	if !strings.HasPrefix(text, "mastodon: 2 things have drifted\n") || !strings.Contains(text, "  tag-moved: one\n  live-version: two\n") {
		t.Error(text)
	}

	other := e
	other.Cause = "abd"

	if e.Key() == other.Key() || notify.NewGitHub(nil).Speaks(e) {
		t.Error("two sets of findings are told apart, and on no pull request")
	}
}

func TestAReplacedRollOutIsToldOnce(t *testing.T) {
	t.Parallel()

	e := rollout(notify.Replaced)
	e.Next, e.By = "v4.5.1", &notify.PullRequest{Number: 9}
	e.Facts = [][2]string{{"replaced", "2026-03-01 10:05 UTC (+5m)"}}

	byHand := e
	byHand.By, byHand.Next, byHand.To = nil, "v4.4.9 @here", "v4.5.2"

	c, s := &commenter{}, start(t)

	for range 2 { // a state that was lost: the comments are there
		for _, err := range notify.Deliver(t.Context(), []notify.Target{withToken(t, s), notify.NewGitHub(c)}, &notify.Ledger{}, nil, e, byHand) {
			t.Error(err)
		}
	}

	want := []string{
		"The roll-out of `v4.5.0` is followed no further: #9 took over with `v4.5.1`.\n\n| | |\n|-|-|\n| `replaced` | `2026-03-01 10:05 UTC (+5m)` |",
		"The roll-out of `v4.5.2` is followed no further: the base branch went on to `v4.4.9 @here` without a pull request of this program.\n\n| | |\n|-|-|\n| `replaced` | `2026-03-01 10:05 UTC (+5m)` |",
	}
	if diff := cmp.Diff(want, bodies(c)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	if text := notify.Text(e); !strings.HasPrefix(text, "mastodon: the roll-out of v4.5.0 gave way to v4.5.1\n") || !strings.Contains(text, "pull request #9") {
		t.Error(text)
	}
}
