package server_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/goingdark-social/bot/pkg/server"
)

// gate is a pass that tells when it began and ends when it is let.
type gate struct {
	began chan struct{}
	end   chan error
}

func newGate() gate { return gate{make(chan struct{}, 9), make(chan error)} }

func (g gate) pass(ctx context.Context) (server.Report, error) {
	g.began <- struct{}{}

	select {
	case err := <-g.end:
		return server.Report{Incomplete: 2, Unsent: 1}, err
	case <-ctx.Done():
		return server.Report{}, context.Cause(ctx)
	}
}

func TestWhatIsAskedForDuringAPassIsOnePassAfterIt(t *testing.T) {
	t.Parallel()

	g := newGate()
	w := run(t, server.Setup{Schedule: "*/30 * * * *", Pass: g.pass})

	await(t, "the first pass", g.began)

	for range 10 { // as ten pushes would
		w.server.Trigger()
	}

	// The schedule comes round in the same pass as well.
	for range 25 {
		w.sleepers(2)
		w.clock.Advance(time.Minute)
	}

	g.end <- nil

	await(t, "the one pass after it", g.began)

	g.end <- nil

	w.metric(`bot_passes_total{result="ok"} 2`)
	w.sleepers(1)

	if len(g.began) > 0 {
		t.Error("a third pass was made")
	}

	if err, _ := w.finish(); err != nil {
		t.Error(err)
	}
}

func TestAFailedPassEndsNothing(t *testing.T) {
	t.Parallel()

	g := newGate()
	w := run(t, server.Setup{Schedule: "*/30 * * * *", Pass: g.pass})

	await(t, "the first pass", g.began)

	g.end <- errors.New("reading example/gitops: no such branch")

	w.metric(`bot_passes_total{result="failed"} 1`)
	w.metric(`bot_notifications_failed_total 1`)
	w.metric(`bot_incomplete_releases 0`) // it has not looked everywhere
	w.metric(`bot_last_successful_pass_timestamp_seconds 0`)

	for _, path := range []string{"/healthz", "/readyz"} {
		if code, body := w.get(path); code != 200 {
			t.Errorf("%s = %d %q: to start anew mends nothing", path, code, body)
		}
	}

	w.server.Trigger()
	await(t, "the next pass", g.began)

	g.end <- nil

	w.metric(`bot_incomplete_releases 2`)

	log := w.log.String()
	if !strings.Contains(log, `level=ERROR msg="pass failed"`) || !strings.Contains(log, "no such branch") || !strings.Contains(log, "pass=pass-1\n") ||
		!strings.Contains(log, "pass=pass-2\n") {
		t.Errorf("log:\n%s", log)
	}

	if err, _ := w.finish(); err != nil {
		t.Error(err)
	}
}

func TestAPanicIsAFailedPass(t *testing.T) {
	t.Parallel()

	w := run(t, server.Setup{Schedule: "*/30 * * * *", Pass: func(context.Context) (server.Report, error) {
		none := []server.Report{}

		return none[len(none)], nil
	}})

	w.metric(`bot_passes_total{result="failed"} 1`)

	if log := w.log.String(); !strings.Contains(log, "loop_test.go") || !strings.Contains(log, "please report it") {
		t.Errorf("the log lacks the stack:\n%s", log)
	}

	if err, _ := w.finish(); err != nil {
		t.Error(err)
	}
}

func TestAPassHasItsTime(t *testing.T) {
	t.Parallel()

	g := newGate()
	w := run(t, server.Setup{Schedule: "0 0 * * *", Pass: g.pass}, func(o *server.Options) { o.PassTimeout = time.Minute })

	await(t, "the pass", g.began)
	w.sleepers(2)
	w.clock.Advance(time.Minute)
	w.metric(`bot_passes_total{result="failed"} 1`)

	if log := w.log.String(); !strings.Contains(log, "it was given 1m0s") {
		t.Errorf("log:\n%s", log)
	}

	if err, _ := w.finish(); err != nil {
		t.Error(err)
	}
}

func TestHealthKnowsAStuckPassAndReadinessAMissedOne(t *testing.T) {
	t.Parallel()

	deaf, began := make(chan struct{}), make(chan struct{}, 9)
	w := run(t, server.Setup{Schedule: "*/30 * * * *", Pass: func(context.Context) (server.Report, error) {
		began <- struct{}{}
		<-deaf

		return server.Report{}, nil
	}})

	await(t, "the pass", began)

	for _, step := range []struct {
		after         time.Duration
		health, ready string
	}{
		{0, "ok", "ok"},
		{30 * time.Minute, "ok", "ok"},
		{5 * time.Second, "a pass has not ended since 2026-03-02T00:10:00Z", "a pass should have ended by 2026-03-02T00:40:04Z"},
	} {
		w.sleepers(1)
		w.clock.Advance(step.after)

		if _, body := w.get("/healthz"); body != step.health+"\n" {
			t.Errorf("healthz after %s = %q, want %q", step.after, body, step.health)
		}

		if _, body := w.get("/readyz"); body != step.ready+"\n" {
			t.Errorf("readyz after %s = %q, want %q", step.after, body, step.ready)
		}
	}

	close(deaf)
	until(t, "recovery", func() bool { code, _ := w.get("/readyz"); return code == 200 })

	if err, _ := w.finish(); err != nil {
		t.Error(err)
	}
}
