package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

// outcome is how a pass ended.
type outcome struct {
	result string
	began  time.Time
	took   time.Duration
	report Report
}

// The results of a pass.
const (
	succeeded = "ok"
	failed    = "failed"
	stopped   = "stopped" // because the server was
)

var errTooLong = errors.New("it took too long")

// start makes a pass beside the loop. The channel holds its end.
func (s *Server) start(ctx context.Context, p *plan, reason Reason) <-chan outcome {
	done := make(chan outcome, 1)
	ctx = withPassID(ctx, s.NewID())

	go func() { done <- s.pass(ctx, p, reason) }()

	return done
}

func (s *Server) pass(ctx context.Context, p *plan, reason Reason) outcome {
	o := outcome{result: succeeded, began: s.Clock.Now()}
	s.Log.InfoContext(ctx, "pass started", "reason", string(reason))

	bounded, cancel := context.WithCancelCause(ctx)
	timeout := s.Clock.AfterFunc(s.PassTimeout, func() { cancel(errTooLong) })

	var err error

	o.report, err = s.recovered(bounded, p.Pass)
	o.took = s.Clock.Since(o.began)

	timeout.Stop()

	if errors.Is(context.Cause(bounded), errTooLong) {
		err = errors.Join(err, fmt.Errorf("it was given %s and ended after %s", s.PassTimeout, o.took))
	}

	cancel(nil)

	level, message := slog.LevelInfo, "pass ended"

	switch {
	case err == nil:
	case ctx.Err() != nil:
		o.result = stopped
	default:
		o.result, level, message = failed, slog.LevelError, "pass failed"
	}

	s.Log.LogAttrs(ctx, level, message, o.attrs(err)...)

	return o
}

func (o outcome) attrs(err error) []slog.Attr {
	attrs := []slog.Attr{
		slog.String("result", o.result), slog.Duration("took", o.took),
		slog.Int("opened", o.report.PullRequests[Opened]), slog.Int("updated", o.report.PullRequests[Updated]),
		slog.Int("incomplete", o.report.Incomplete), slog.Int("unsent", o.report.Unsent),
	}

	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}

	return attrs
}

// recovered makes a panic an error: what one pass met must not end the service.
func (s *Server) recovered(ctx context.Context, pass func(context.Context) (Report, error)) (r Report, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.Log.ErrorContext(ctx, "pass panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))

			err = fmt.Errorf("this is a defect of the bot, please report it with its log: panic: %v", p)
		}
	}()

	return pass(ctx)
}
