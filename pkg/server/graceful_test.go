package server_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/server"
)

func TestGraceful(t *testing.T) {
	t.Parallel()

	push := effect.Effect{Kind: "git.push", Target: "bot/mastodon/patch"}
	why := errors.New("terminated")

	t.Run("the step in hand keeps its context for a while", func(t *testing.T) {
		t.Parallel()

		ctx, end := context.WithCancelCause(t.Context())
		err := server.Graceful(nil, 20*time.Millisecond).Do(ctx, push, func(ctx context.Context) error {
			end(why)

			if ctx.Err() != nil {
				t.Error("the step's context ended with its parent")
			}

			await(t, "the end of the grace", ctx.Done())

			return context.Cause(ctx)
		})

		if !errors.Is(err, why) {
			t.Errorf("err = %v, want the cause of the end in it", err)
		}
	})

	t.Run("none is begun after the end", func(t *testing.T) {
		t.Parallel()

		ctx, end := context.WithCancelCause(t.Context())
		end(why)

		err := server.Graceful(nil, time.Hour).Do(ctx, push, func(context.Context) error {
			t.Error("it was begun")

			return nil
		})

		if !errors.Is(err, why) || err.Error() != "git.push bot/mastodon/patch was not begun: terminated" {
			t.Errorf("err = %v", err)
		}
	})

	t.Run("values and the next seam are passed on", func(t *testing.T) {
		t.Parallel()

		type key struct{}

		recorder := effect.NewRecorder(nil)
		ctx := context.WithValue(t.Context(), key{}, "v")

		if err := server.Graceful(recorder, time.Hour).Do(ctx, push, func(ctx context.Context) error {
			if ctx.Value(key{}) != "v" {
				t.Error("the value is lost")
			}

			return nil
		}); err != nil {
			t.Error(err)
		}

		if log := recorder.Log(); len(log) != 1 || log[0].Effect != push {
			t.Errorf("log = %v", log)
		}
	})
}
