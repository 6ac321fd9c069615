package server

import (
	"context"
	"fmt"
	"time"

	"github.com/jonboulle/clockwork"
)

// Reason is why a pass is made.
type Reason string

// The reasons for a pass.
const (
	Started   Reason = "start"
	Scheduled Reason = "schedule"
	Reloaded  Reason = "reload"
	Asked     Reason = "request"
)

// longestWait bounds how long the loop sleeps: timers do not run while a
// machine does, so the clock on the wall has the last word.
const longestWait = time.Minute

// loop is what the one goroutine knows that decides when passes are made.
type loop struct {
	*Server

	plan    *plan
	due     time.Time
	timer   clockwork.Timer
	pending Reason // why another pass is wanted; empty: none is
	whole   bool   // the pass that is wanted is one over all repositories
	running <-chan outcome
	status  status
}

func (s *Server) loop(ctx context.Context, first *plan) error {
	l := &loop{Server: s, timer: s.Clock.NewTimer(longestWait)}
	defer l.timer.Stop()

	l.adopt(first, Started)
	l.expect(s.Clock.Now())

	for {
		if l.pending != "" && l.running == nil {
			l.begin(ctx)
		}

		select {
		case <-ctx.Done():
			return l.drain(context.Cause(ctx))
		case <-l.timer.Chan():
			l.tick()
		case reason := <-s.triggers:
			l.asked(reason)
		case changed := <-s.setups:
			l.adopt(changed, Reloaded)
		case done := <-l.running:
			l.running = nil
			l.ended(done)
		case answer := <-s.asks:
			answer <- l.status
		}
	}
}

// asked is want for what was asked for from outside, which may be about some
// repositories alone: which, is seen when the pass begins.
func (l *loop) asked(reason Reason) {
	if l.pending == "" && l.wishes.any() {
		l.pending = reason
	}
}

// want merges the wishes for a pass into one; the first is what it is called by.
func (l *loop) want(reason Reason) {
	l.whole = true

	if l.pending == "" {
		l.pending = reason
	}
}

// adopt takes a configuration over. It may ask for what the last pass did not
// do, and the time that was waited for may be gone: so a pass is made.
func (l *loop) adopt(p *plan, reason Reason) {
	l.plan = p
	l.open(p.Webhook)
	l.arrange()
	l.want(reason)
}

// arrange looks up when the next pass is due and sleeps until then.
func (l *loop) arrange() {
	l.due = l.plan.schedule.Next(l.Clock.Now())
	l.status.due = l.due
	l.sleep()
}

func (l *loop) sleep() {
	l.timer.Reset(max(min(l.Clock.Until(l.due), longestWait), 0))
}

func (l *loop) tick() {
	if l.Clock.Now().Before(l.due) {
		l.sleep()

		return
	}

	l.want(Scheduled)
	l.arrange()
}

func (l *loop) begin(ctx context.Context) {
	l.status.running, l.status.since = true, l.Clock.Now()
	only := l.wishes.take()

	if l.whole {
		only = nil
	}

	l.running = l.start(ctx, l.plan.over(only), l.pending)
	l.pending, l.whole = "", false
}

func (l *loop) ended(done outcome) {
	l.status.running, l.status.last = false, done.result
	l.expect(l.due)
	l.metrics.count(done)
}

// expect notes by when the pass that is due at a time must have ended.
func (l *loop) expect(due time.Time) {
	l.status.by = due.Add(l.PassTimeout + l.Grace)
}

// drain waits for the pass in hand, which the end of its context asks to end.
func (l *loop) drain(why error) error {
	l.status.stopping = true
	if l.running == nil {
		return nil
	}

	l.Log.Info("stopping: the step in hand is finished, no other is begun", "cause", why)

	deadline := l.Clock.NewTimer(l.Grace)
	defer deadline.Stop()

	for {
		select {
		case done := <-l.running:
			l.ended(done)

			return nil
		case answer := <-l.asks:
			answer <- l.status
		case <-deadline.Chan():
			return fmt.Errorf("the pass in hand did not end within %s and was given up; the next one makes up for it", l.Grace)
		}
	}
}
