package registry

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

// TestEachTellsTheFirstInOrder lets several fail in every order of time.
func TestEachTellsTheFirstInOrder(t *testing.T) {
	t.Parallel()

	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}} {
		t.Run(fmt.Sprint(order), func(t *testing.T) {
			t.Parallel()

			turns := make([]chan struct{}, len(order))
			for at := range turns {
				turns[at] = make(chan struct{})
			}

			next := map[int]int{} // who fails after whom
			for at, who := range order[:len(order)-1] {
				next[who] = order[at+1]
			}

			close(turns[order[0]])

			err := each(t.Context(), len(order), func(_ context.Context, at int) error {
				<-turns[at]

				if after, ok := next[at]; ok {
					close(turns[after])
				}

				return fmt.Errorf("number %d", at)
			})
			if err == nil || err.Error() != "number 0" {
				t.Errorf("err = %v, want the first in order", err)
			}
		})
	}
}

// TestEachCancelsWhatFollows keeps the last waiting until one before it fails; the one before that goes on.
func TestEachCancelsWhatFollows(t *testing.T) {
	t.Parallel()

	broken, cancelled := errors.New("broken"), make(chan struct{})

	err := each(t.Context(), 3, func(ctx context.Context, at int) error {
		switch at {
		case 0:
			<-cancelled

			return ctx.Err()
		case 1:
			return broken
		default:
			<-ctx.Done()
			close(cancelled)

			return ctx.Err()
		}
	})
	if !errors.Is(err, broken) {
		t.Errorf("err = %v, want %v", err, broken)
	}
}
