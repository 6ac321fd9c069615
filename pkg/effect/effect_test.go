package effect_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/goingdark-social/bot/pkg/effect"
)

// story performs three effects and tells which of them happened.
func story(ctx context.Context, seam effect.Seam) (happened []string, err error) {
	for _, kind := range []string{"git.push", "github.create-pull-request", "slack.post"} {
		err = seam.Do(ctx, effect.Effect{Kind: kind, Target: "x"}, func(ctx context.Context) error {
			if ctx.Err() != nil {
				return ctx.Err()
			}

			happened = append(happened, kind)

			return nil
		})
		if err != nil {
			return happened, err
		}
	}

	return happened, nil
}

func TestStopperEndsTheProgramAtEveryPoint(t *testing.T) {
	t.Parallel()

	all := []string{"git.push", "github.create-pull-request", "slack.post"}
	for number := 1; number <= len(all); number++ {
		for point, want := range map[effect.Point][]string{
			effect.Before: all[:number-1],
			effect.In:     all[:number-1],
			effect.After:  all[:number],
		} {
			recorder := effect.NewRecorder(nil)
			stopper := effect.NewStopper(number, point, recorder)

			happened, err := story(t.Context(), stopper)
			if !errors.Is(err, effect.ErrStopped) || !stopper.Stopped() {
				t.Errorf("%s effect %d: err = %v, want ErrStopped", point, number, err)
			}

			if !slices.Equal(happened, want) {
				t.Errorf("%s effect %d: happened %v, want %v", point, number, happened, want)
			}

			if err := stopper.Do(t.Context(), effect.Effect{}, func(context.Context) error {
				t.Errorf("%s effect %d: an effect after the end happened", point, number)

				return nil
			}); !errors.Is(err, effect.ErrStopped) {
				t.Errorf("%s effect %d: later effect: err = %v, want ErrStopped", point, number, err)
			}
		}
	}
}

func TestRecorderNumbersEffects(t *testing.T) {
	t.Parallel()

	recorder := effect.NewRecorder(effect.Or(nil))

	if _, err := story(t.Context(), recorder); err != nil {
		t.Fatal(err)
	}

	log := recorder.Log()
	if len(log) != 3 || log[2].Number != 3 || log[2].String() != "slack.post x" || log[2].Err != nil {
		t.Errorf("log = %+v", log)
	}
}
