package server

import (
	"context"
	"fmt"
	"time"

	"github.com/goingdark-social/bot/pkg/effect"
)

// StepGrace is how long the step in hand may take once the program was asked
// to end. A pass has Options.Grace in all, 4 seconds by default.
const StepGrace = 3 * time.Second

// Graceful passes effects on to next, nil standing for effect.Direct. When the
// context of an effect ends, the one in hand may take another grace to finish,
// so that nothing is left half done, and none is begun any more. What only
// reads ends at once, since its context did.
func Graceful(next effect.Seam, grace time.Duration) effect.Seam {
	return graceful{effect.Or(next), grace}
}

type graceful struct {
	next  effect.Seam
	grace time.Duration
}

// Do performs e unless ctx has ended.
func (g graceful) Do(ctx context.Context, e effect.Effect, f func(context.Context) error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s was not begun: %w", e, context.Cause(ctx))
	}

	longer, cancel := outlive(ctx, g.grace)
	defer cancel()

	return g.next.Do(longer, e, f)
}

// outlive is a context that ends a grace later than its parent.
func outlive(parent context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(parent))
	finished := make(chan struct{})

	forget := context.AfterFunc(parent, func() {
		timer := time.NewTimer(grace)
		defer timer.Stop()

		select {
		case <-timer.C:
			cancel(fmt.Errorf("its time to finish, %s, is over: %w", grace, context.Cause(parent)))
		case <-finished:
		}
	})

	return ctx, func() {
		forget()
		close(finished)
		cancel(nil)
	}
}
