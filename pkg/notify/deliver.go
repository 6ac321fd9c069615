package notify

import (
	"context"
	"errors"
	"fmt"

	"github.com/goingdark-social/bot/pkg/effect"
)

// Target is a place where people read.
type Target interface {
	// Name is part of the ledger's keys: one word, the same over restarts, different for each target.
	Name() string
	// Speaks tells whether an event has a place there; Send of one that has none does nothing.
	Speaks(e Event) bool
	// Send says the event. thread is the conversation that an earlier Send about the same pull request began, empty
	// for none; the answer is the conversation from now on. Each change goes through the seam. An event that has no
	// place at the target is no error.
	Send(ctx context.Context, seam effect.Seam, e Event, thread string) (newThread string, err error)
}

// Deliver sends to each target what it was not sent yet, in order, and marks in the ledger what went through. It returns
// what did not, which then waits in the ledger: the next Deliver, whatever its own events are, tries it again first. After
// an error that more sending would only repeat, the target's other events wait for that too.
func Deliver(ctx context.Context, targets []Target, l *Ledger, seam effect.Seam, events ...Event) []error {
	for _, e := range events {
		l.prune(e.At)
	}
	all := l.queue(events)
	defer l.wait(targets, all)
	var errs []error
	for _, t := range targets {
		for _, e := range all {
			if err := ctx.Err(); err != nil {
				return append(errs, fmt.Errorf("sending notifications: %w", err))
			}
			err := deliver(ctx, t, l, effect.Or(seam), e)
			if err == nil || errors.Is(err, ErrQuiet) {
				continue
			}
			errs = append(errs, fmt.Errorf("telling %s that %s: %w", t.Name(), headline(e), err))
			if later, ok := errors.AsType[*Error](err); ok && later.Temporary {
				break
			}
		}
	}
	return errs
}

func deliver(ctx context.Context, t Target, l *Ledger, seam effect.Seam, e Event) error {
	if l.has(t, e) {
		return nil
	}
	conversation := t.Name() + " " + e.thread()
	thread := ""
	if e.thread() != "" {
		thread = l.Threads[conversation]
	}
	next, err := t.Send(ctx, seam, e, thread)
	if next != "" && e.thread() != "" {
		set(&l.Threads, conversation, next)
	}
	if err != nil {
		return err
	}
	set(&l.Sent, ledgerKey(t, e), e.At.UTC())
	return nil
}
