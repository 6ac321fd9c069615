package cli

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// asked is a source that is asked, an hour that passes, and how often.
type asked struct {
	o     *origin
	at    time.Time
	times int
}

func (a *asked) ask(ctx context.Context, v string, f *facts.Facts, err error) (*facts.Facts, error) {
	return a.o.ask(ctx, version.Parse(v), func() time.Time { return a.at }, func(context.Context) (*facts.Facts, error) {
		a.times++

		return f, err
	})
}

// TestASourceIsAskedAgain: facts are for ever; a release that was not there and a
// source that did not answer are looked for again, and not at once.
func TestASourceIsAskedAgain(t *testing.T) {
	t.Parallel()

	found := &facts.Facts{Version: "v4.6.0"}
	gone := &net.OpError{Op: "dial", Err: errors.New("refused")}
	a := &asked{o: newOrigin(), at: time.Unix(1_800_000_000, 0)}

	for _, step := range []struct {
		what    string
		after   time.Duration
		version string
		facts   *facts.Facts
		err     error
		times   int // that the source was asked so far
		known   bool
	}{
		{what: "not tagged yet", version: "v4.6.0", times: 1},
		{what: "not asked twice in a pass", after: time.Second, version: "v4.6.0", facts: found, times: 1},
		{what: "tagged by the next pass", after: time.Hour, version: "v4.6.0", facts: found, times: 2, known: true},
		{what: "known for ever", after: time.Hour, version: "v4.6.0", err: gone, times: 2, known: true},
		{what: "away", version: "v4.6.1", err: gone, times: 3},
		{what: "away for the next release too", version: "v4.6.2", facts: found, times: 3},
		{what: "what is known stays known", version: "v4.6.0", times: 3, known: true},
		{what: "back by the next pass", after: time.Hour, version: "v4.6.2", facts: found, times: 4, known: true},
		{what: "unreadable", version: "v4.6.3", err: errors.New("db/schema.rb:7: no such statement"), times: 5},
		{what: "and no word about others", version: "v4.6.4", facts: found, times: 6, known: true},
	} {
		a.at = a.at.Add(step.after)

		f, err := a.ask(t.Context(), step.version, step.facts, step.err)
		if a.times != step.times || (f != nil) != step.known || step.known && err != nil {
			t.Errorf("%s: asked %d times, %v, %v", step.what, a.times, f, err)
		}
	}
}

// TestASlowSourceKeepsNobodyElse: who waits for a source stops when told to, and
// that says nothing of the source.
func TestASlowSourceKeepsNobodyElse(t *testing.T) {
	t.Parallel()

	o := newOrigin()
	o.turn <- struct{}{} // somebody asks, and has no answer

	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if _, err := (&asked{o: o}).ask(ctx, "v4.6.0", nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}

	<-o.turn

	a := &asked{o: o, at: time.Unix(1_800_000_000, 0)}
	if _, err := a.ask(ctx, "v4.6.0", nil, ctx.Err()); !errors.Is(err, context.Canceled) || len(o.answers) > 0 {
		t.Errorf("err = %v, kept %v", err, o.answers)
	}
}
