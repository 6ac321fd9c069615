package notify_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/slacktest"
	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/notify"
)

func TestEachEventOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	target := withToken(t, s)
	l := new(notify.Ledger)
	events := []notify.Event{event(notify.Incomplete), event(notify.Opened), event(notify.Updated), event(notify.Merged), event(notify.Failed)}
	for range 3 {
		deliver(t, l, target, events...)
		l = restarted(t, l)
	}
	// The message of the pull request with two replies, and two messages about no pull request.
	if got := len(s.Messages()); got != 5 {
		t.Errorf("%d messages, want 5: %+v", got, s.Messages())
	}
}

func TestFailuresAreToldOnceADay(t *testing.T) {
	t.Parallel()
	s := start(t)
	target := withToken(t, s)
	l := new(notify.Ledger)
	fail := func(err string, after time.Duration) {
		e := event(notify.Failed)
		e.Err, e.At = err, noon.Add(after)
		deliver(t, l, target, e)
	}
	expect := func(want int) {
		t.Helper()
		if got := len(s.Messages()); got != want {
			t.Errorf("%d messages, want %d", got, want)
		}
	}
	fail("request 17 to 10.0.0.1 failed after 3s", 0)
	fail("request 18 to 10.0.0.1 failed after 4s", time.Hour)
	expect(1) // only the numbers differ
	fail("another error", time.Hour)
	expect(2)
	fail("another error", 25*time.Hour)
	expect(3)
	other := event(notify.Failed)
	other.Application, other.Err = "mastodon-staging", "another error"
	deliver(t, l, target, other)
	expect(4)
	l.Recovered("example/gitops", "mastodon", noon.Add(26*time.Hour))
	fail("another error", 27*time.Hour)
	expect(5)
	fail("another error", 28*time.Hour)
	expect(5)
	deliver(t, l, target, other)
	expect(5) // only the other application recovered
	fail("later", 30*24*time.Hour)
	if len(l.Sent) != 1 {
		t.Errorf("old failures stay in the ledger: %v", l.Sent)
	}
}

func TestAFailedNotificationIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]slacktest.Fault{
		"server error":     {Status: 503, Body: "<html>busy</html>"},
		"refused":          slacktest.Refused("", "not_in_channel"),
		"dropped":          {Drop: true},
		"not JSON":         {Body: "<html>"},
		"empty JSON":       {Body: "{}"},
		"redirect":         {Status: 307, Header: map[string]string{"Location": "http://127.0.0.1:1/"}},
		"wait of an hour":  slacktest.RateLimited("", 3600),
		"internal trouble": slacktest.Refused("", "internal_error"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			target := withToken(t, s)
			l := new(notify.Ledger)
			s.Fail(fault)
			errs := notify.Deliver(t.Context(), []notify.Target{target}, l, nil, event(notify.Opened))
			if len(errs) != 1 || len(l.Sent) != 0 || len(l.Threads) != 0 || len(s.Messages()) != 0 {
				t.Fatalf("errors %v, ledger %+v, messages %v", errs, l, s.Messages())
			}
			if _, ok := errors.AsType[*notify.Error](errs[0]); !ok {
				t.Errorf("%T %v", errs[0], errs[0])
			}
			// The next pass, in another process, sees nothing new, and mends it.
			l = restarted(t, l)
			deliver(t, l, target)
			deliver(t, l, target, event(notify.Opened))
			if len(s.Messages()) != 1 || len(l.Waiting) != 0 {
				t.Errorf("messages %v, ledger %+v", s.Messages(), l)
			}
		})
	}
}

// TestNothingPiledOnTrouble: where Slack is down, one request finds out; where one message is refused, the others go.
func TestNothingPiledOnTrouble(t *testing.T) {
	t.Parallel()
	s := start(t)
	target := withToken(t, s)
	events := []notify.Event{event(notify.Incomplete), event(notify.Failed)}
	s.Fail(slacktest.Fault{Status: 500})
	if errs := notify.Deliver(t.Context(), []notify.Target{target}, new(notify.Ledger), nil, events...); len(errs) != 1 || len(s.Requests()) != 1 {
		t.Errorf("%v, %v", errs, s.Requests())
	}
	s.Fail(slacktest.Refused("", "invalid_blocks"))
	if errs := notify.Deliver(t.Context(), []notify.Target{target}, new(notify.Ledger), nil, events...); len(errs) != 1 || len(s.Messages()) != 1 {
		t.Errorf("%v, %v", errs, s.Messages())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if errs := notify.Deliver(ctx, []notify.Target{target}, new(notify.Ledger), nil, events...); len(errs) != 1 || !errors.Is(errs[0], context.Canceled) {
		t.Error(errs)
	}
}

func TestOneTargetsTroubleIsNotTheOthers(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Fail(slacktest.Fault{Status: 500})
	c := new(commenter)
	l := new(notify.Ledger)
	errs := notify.Deliver(t.Context(), []notify.Target{withToken(t, s), notify.NewGitHub(c)}, l, nil, event(notify.Updated))
	if len(errs) != 1 || len(c.comments) != 1 || len(l.Sent) != 1 {
		t.Errorf("%v, %v, %v", errs, c.comments, l)
	}
}

// TestStoppedAnywhere ends the program at each effect and starts it again: nothing is lost, and at most one message is
// said twice.
func TestStoppedAnywhere(t *testing.T) {
	t.Parallel()
	events := []notify.Event{event(notify.Opened), event(notify.Updated), event(notify.Merged)}
	s := start(t)
	all := effect.NewRecorder(nil)
	if errs := notify.Deliver(t.Context(), []notify.Target{withToken(t, s)}, new(notify.Ledger), all, events...); errs != nil {
		t.Fatal(errs)
	}
	var kinds []string
	for _, e := range all.Log() {
		kinds = append(kinds, e.Kind)
	}
	if want := []string{"slack.post", "slack.update", "slack.post", "slack.update", "slack.post"}; !slices.Equal(kinds, want) {
		t.Fatalf("effects %v", kinds)
	}
	undisturbed := len(s.Messages())
	for n := 1; n <= len(kinds); n++ {
		for _, point := range []effect.Point{effect.Before, effect.In, effect.After} {
			s := start(t)
			l := new(notify.Ledger)
			stopper := effect.NewStopper(n, point, nil)
			if errs := notify.Deliver(t.Context(), []notify.Target{withToken(t, s)}, l, stopper, events...); len(errs) == 0 || !errors.Is(errs[0], effect.ErrStopped) {
				t.Fatalf("%s %d: %v", point, n, errs)
			}
			deliver(t, restarted(t, l), withToken(t, s), events...)
			if got := len(s.Messages()); got < undisturbed || got > undisturbed+1 {
				t.Errorf("%s %d: %d messages, want %d or one more", point, n, got, undisturbed)
			}
			stands := slices.ContainsFunc(s.Messages(), func(m slacktest.Message) bool { return m.Edits > 0 && strings.Contains(m.Plain(), "is merged") })
			if !stands {
				t.Errorf("%s %d: no first message shows how it stands: %+v", point, n, s.Messages())
			}
		}
	}
}

// TestWaitingIsBounded: an outage of a week costs old news, not a state that grows.
func TestWaitingIsBounded(t *testing.T) {
	t.Parallel()
	s := start(t)
	_ = s.Close()
	target := withToken(t, s)
	l := new(notify.Ledger)
	for hour := range 7 * 24 {
		e := event(notify.Failed)
		e.At, e.Err = noon.Add(time.Duration(hour)*time.Hour), strings.Repeat("x", hour)
		if errs := notify.Deliver(t.Context(), []notify.Target{target}, l, nil, e); len(errs) != 1 {
			t.Fatal(errs)
		}
	}
	if n := len(l.Waiting); n != 50 || l.Waiting[n-1].At != noon.Add((7*24-1)*time.Hour) {
		t.Errorf("%d wait", n)
	}
}

func TestAllWaitInOrder(t *testing.T) {
	t.Parallel()
	s := start(t)
	target := withToken(t, s)
	l := new(notify.Ledger)
	for _, k := range []notify.Kind{notify.Opened, notify.Updated, notify.Merged} {
		s.Fail(slacktest.Fault{Status: 500})
		if errs := notify.Deliver(t.Context(), []notify.Target{target}, l, nil, event(k)); len(errs) != 1 {
			t.Fatal(errs)
		}
	}
	deliver(t, restarted(t, l), target)
	m := s.Messages()
	if len(m) != 3 || m[0].Edits != 2 || !strings.Contains(m[1].Plain(), "moved on") || !strings.Contains(m[2].Plain(), "is merged") {
		t.Errorf("%+v", m)
	}
}

func TestLedgersMerge(t *testing.T) {
	t.Parallel()
	s := start(t)
	target := withToken(t, s)
	a, b := new(notify.Ledger), new(notify.Ledger)
	deliver(t, a, target, event(notify.Opened))
	deliver(t, b, target, event(notify.Failed))
	b.Merge(*restarted(t, a))
	before := len(s.Messages())
	deliver(t, b, target, event(notify.Opened), event(notify.Failed))
	if len(s.Messages()) != before || len(b.Threads) != 1 {
		t.Error("what the other sent is sent again")
	}
}

// TestOldFailuresAreNoNews: what failed and was mended while Slack was away is not told.
func TestOldFailuresAreNoNews(t *testing.T) {
	t.Parallel()
	s := start(t)
	target := withToken(t, s)
	l := new(notify.Ledger)
	s.Fail(slacktest.Fault{Status: 500})
	if errs := notify.Deliver(t.Context(), []notify.Target{target}, l, nil, event(notify.Failed)); len(errs) != 1 {
		t.Fatal(errs)
	}
	old := restarted(t, l)
	l.Recovered("example/gitops", "mastodon", noon.Add(time.Hour))
	l.Merge(*old)
	deliver(t, l, target)
	if len(s.Messages()) != 0 || len(l.Waiting) != 0 {
		t.Errorf("%+v, %v", l, s.Messages())
	}
}

// TestMergingTheOldStateForgetsNothing: a state is written over what was there before, this process's own last one
// included, and neither a recovery nor an end of waiting is undone by it.
func TestMergingTheOldStateForgetsNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	target := withToken(t, s)
	l := new(notify.Ledger)
	save := func(old *notify.Ledger) *notify.Ledger {
		l.Merge(*old)
		return restarted(t, l)
	}
	failed := event(notify.Failed)
	deliver(t, l, target, failed)
	s.Fail(slacktest.Fault{Status: 500})
	if errs := notify.Deliver(t.Context(), []notify.Target{target}, l, nil, event(notify.Opened)); len(errs) != 1 {
		t.Fatal(errs)
	}
	old := save(new(notify.Ledger))

	l.Recovered("example/gitops", "mastodon", noon.Add(time.Hour))
	deliver(t, l, target)
	old = save(old)
	if len(l.Waiting) != 0 || len(s.Messages()) != 2 {
		t.Errorf("what was told waits again: %+v", l)
	}
	failed.At = noon.Add(2 * time.Hour)
	deliver(t, l, target, failed)
	if len(s.Messages()) != 3 {
		t.Error("the recovery is forgotten")
	}
	old = save(old)
	deliver(t, l, target, failed)
	if len(s.Messages()) != 3 {
		t.Error("the failure after the recovery is forgotten")
	}

	// A month later nothing old is left, though the old state has it.
	merged := event(notify.Merged)
	merged.At = noon.AddDate(0, 1, 0)
	deliver(t, l, target, merged)
	save(old)
	if len(l.Successes) != 0 || len(l.Sent) != 2 {
		t.Errorf("%+v", l)
	}
}

func TestKeysAreHarmless(t *testing.T) {
	t.Parallel()
	e := event(notify.Opened)
	e.PullRequest = nil
	e.Application, e.To = "--> <!-- \n evil \u202e", strings.Repeat("v", 500)
	key := e.Key()
	if strings.ContainsAny(key, "<>\n\u202e") || len(key) > 500 {
		t.Error(key)
	}
	seen := map[string]notify.Kind{}
	for _, k := range []notify.Kind{notify.Incomplete, notify.Opened, notify.Updated, notify.Merged, notify.Failed} {
		if other, twice := seen[event(k).Key()]; twice {
			t.Errorf("%s and %s have one key", k, other)
		}
		seen[event(k).Key()] = k
	}
}
