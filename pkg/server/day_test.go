package server_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/server"
)

// TestADay lets a day pass: a pass at once, one each half hour, one pull
// request when the release appears, and a stop in the middle of the last pass.
func TestADay(t *testing.T) {
	t.Parallel()

	release := morning.Add(9 * time.Hour)
	seam := effect.NewRecorder(server.Graceful(nil, time.Second))
	began := make(chan time.Time, 1)

	var w *world

	opened := false
	pass := func(ctx context.Context) (server.Report, error) {
		now := w.clock.Now()
		began <- now

		if now.Before(release) {
			return server.Report{}, nil
		}

		if opened {
			return server.Report{PullRequests: map[server.Action]int{server.Unchanged: 1}}, nil
		}

		opened = true
		err := seam.Do(ctx, effect.Effect{Kind: "github.create-pull-request"}, func(context.Context) error { return nil })

		return server.Report{PullRequests: map[server.Action]int{server.Opened: 1}}, err
	}

	ready := make(chan struct{})
	w = run(t, server.Setup{Schedule: "*/30 * * * *", Pass: func(ctx context.Context) (server.Report, error) {
		<-ready

		return pass(ctx)
	}})
	close(ready)

	times := []time.Time{await(t, "the first pass", began)}
	for end := morning.Add(24 * time.Hour); w.clock.Now().Before(end); {
		w.quiet(len(times))
		w.clock.Advance(time.Minute)

		if minute := w.clock.Now().Minute(); minute == 0 || minute == 30 {
			times = append(times, await(t, "the pass at "+w.clock.Now().String(), began))
		}
	}

	w.quiet(len(times))

	want := []time.Time{morning}
	for at := morning.Truncate(time.Hour).Add(30 * time.Minute); len(want) < 49; at = at.Add(30 * time.Minute) {
		want = append(want, at)
	}

	if !slices.EqualFunc(times, want, time.Time.Equal) {
		t.Errorf("passes at\n%v\nwant\n%v", times, want)
	}

	if log := seam.Log(); len(log) != 1 {
		t.Errorf("effects = %v, want one pull request", log)
	}

	w.metric(`bot_passes_total{result="ok"} 49`)
	w.metric(`bot_pull_requests_total{action="opened"} 1`)
	w.metric(`bot_pull_requests_total{action="unchanged"} 29`)

	if err, took := w.finish(); err != nil || took > 5*time.Second {
		t.Errorf("stop: %v after %s", err, took)
	}
}

// quiet waits until the n-th pass has ended and the server sleeps.
func (w *world) quiet(n int) {
	w.t.Helper()
	until(w.t, "the end of a pass", func() bool { return strings.Count(w.log.String(), `msg="pass ended"`) == n })
	w.sleepers(1)
}

func TestStopInTheMiddleOfAPassFinishesTheStepInHand(t *testing.T) {
	t.Parallel()

	inHand := make(chan struct{})
	finish := make(chan struct{})
	recorder := effect.NewRecorder(nil)
	seam := server.Graceful(recorder, server.StepGrace)

	w := run(t, server.Setup{Schedule: "0 0 * * *", Pass: func(ctx context.Context) (server.Report, error) {
		err := seam.Do(ctx, effect.Effect{Kind: "git.push"}, func(ctx context.Context) error {
			close(inHand)
			<-finish

			return ctx.Err() // the step's own context has not ended
		})
		if err != nil {
			return server.Report{}, err
		}

		return server.Report{}, seam.Do(ctx, effect.Effect{Kind: "github.create-pull-request"}, func(context.Context) error {
			t.Error("a step was begun after the stop")

			return nil
		})
	}})

	await(t, "the push", inHand)
	w.stop()

	// Health is answered, and readiness withdrawn, while the pass ends.
	until(t, "readiness to be withdrawn", func() bool {
		code, body := w.get("/readyz")

		return code == 503 && body == "stopping\n"
	})

	if code, body := w.get("/healthz"); code != 200 {
		t.Errorf("healthz while stopping = %d %q", code, body)
	}

	close(finish)

	if err, took := w.finish(); err != nil || took > 5*time.Second {
		t.Errorf("stop: %v after %s\n%s", err, took, w.log)
	}

	if log := recorder.Log(); len(log) != 1 || log[0].Err != nil {
		t.Errorf("effects = %+v, want the one push, finished", log)
	}

	if !strings.Contains(w.log.String(), "result=stopped") || strings.Contains(w.log.String(), "level=ERROR") {
		t.Errorf("a stop is no failure; log:\n%s", w.log)
	}
}

func TestAPassThatDoesNotHeedTheStopIsGivenUp(t *testing.T) {
	t.Parallel()

	deaf, began := make(chan struct{}), make(chan struct{})

	t.Cleanup(func() { close(deaf) })

	w := run(t, server.Setup{Schedule: "0 0 * * *", Pass: func(context.Context) (server.Report, error) {
		close(began)
		<-deaf

		return server.Report{}, nil
	}})

	await(t, "the pass", began)
	w.stop()
	w.sleepers(3) // the schedule, the pass's own time, the time to stop
	w.clock.Advance(4 * time.Second)

	if err, _ := w.finish(); err == nil || !strings.Contains(err.Error(), "did not end within 4s") {
		t.Errorf("stop: %v", err)
	}
}
