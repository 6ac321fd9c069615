package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// patience is how long a source that could not be reached is left alone, and how
// long a release that it did not have is taken to be missing.
const patience = 5 * time.Minute

// origin is what is known of one source of releases. It is asked one question
// at a time: repositories that use another do not wait for it.
type origin struct {
	turn chan struct{} // full while somebody asks

	answers map[string]answered
	silent  answered // of all releases, where it could not be reached
}

// answered is what a source said, or why it said nothing.
type answered struct {
	facts *facts.Facts
	err   error
	at    time.Time
}

// holds tells whether the answer is still good: facts are for ever.
func (a answered) holds(now time.Time) bool {
	return a.facts != nil || !a.at.IsZero() && now.Sub(a.at) < patience
}

func newOrigin() *origin {
	return &origin{turn: make(chan struct{}, 1), answers: map[string]answered{}}
}

// ask answers from what is known, or else by fetch.
func (o *origin) ask(ctx context.Context, v version.Version, now func() time.Time, fetch func(context.Context) (*facts.Facts, error)) (*facts.Facts, error) {
	select {
	case o.turn <- struct{}{}:
		defer func() { <-o.turn }()
	case <-ctx.Done():
		return nil, fmt.Errorf("reading the source of %s: %w", v, context.Cause(ctx))
	}

	if a := o.answers[v.String()]; a.holds(now()) {
		return a.facts, a.err
	}

	if o.silent.holds(now()) {
		return nil, o.silent.err
	}

	f, err := fetch(ctx)
	if ctx.Err() != nil {
		return f, err // that somebody stopped asking says nothing of the source
	}

	a := answered{f, err, now()}
	o.answers[v.String()] = a

	if _, network := errors.AsType[net.Error](err); network {
		o.silent = a
	}

	return f, err
}
