package wait_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/goingdark-social/bot/internal/wait"
)

func TestForLastsAsLongAsItSays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		before := time.Now()
		if err := wait.For(t.Context(), time.Hour, "nothing"); err != nil || time.Since(before) != time.Hour {
			t.Errorf("lasted %v: %v", time.Since(before), err)
		}
	})
}

func TestForEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()

		before := time.Now()

		err := wait.For(ctx, time.Hour, "GitHub")
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(before) != time.Minute {
			t.Errorf("lasted %v: %v", time.Since(before), err)
		}

		if want := "waiting for GitHub: context deadline exceeded"; err.Error() != want {
			t.Errorf("%q, want %q", err, want)
		}
	})
}
