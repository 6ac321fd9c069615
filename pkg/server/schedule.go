package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/robfig/cron/v3"
)

// plan is a Setup whose schedule is understood.
type plan struct {
	Setup

	schedule cron.Schedule
}

func (s *Server) plan(setup Setup) (*plan, error) {
	if setup.Pass == nil {
		return nil, errors.New("server: Setup.Pass is missing")
	}

	if setup.Location == nil {
		setup.Location = time.UTC
	}

	schedule, err := Schedule(setup.Schedule, setup.Location)
	if err != nil {
		return nil, err
	}

	if schedule.Next(s.Clock.Now()).IsZero() {
		return nil, fmt.Errorf("the schedule %q never comes", setup.Schedule)
	}

	if setup.Jitter > 0 {
		schedule = jittered{schedule, setup.Jitter, s.Random}
	}

	return &plan{setup, schedule}, nil
}

// over is the plan with a pass over some repositories alone, if there are any
// and it can make one.
func (p *plan) over(repositories []string) *plan {
	if len(repositories) == 0 || p.PassOver == nil {
		return p
	}

	some := *p
	some.Pass = func(ctx context.Context) (Report, error) { return p.PassOver(ctx, repositories) }

	return &some
}

// Schedule reads a cron expression of five fields, in a time zone.
func Schedule(expression string, in *time.Location) (cron.Schedule, error) {
	fields := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)

	schedule, err := fields.Parse(expression)
	if err != nil {
		return nil, fmt.Errorf("reading the schedule %q: %w", expression, err)
	}

	return zoned{schedule, in}, nil
}

// zoned reads a schedule in a time zone.
type zoned struct {
	cron.Schedule

	location *time.Location
}

func (z zoned) Next(t time.Time) time.Time { return z.Schedule.Next(t.In(z.location)) }

// jittered delays each time of a schedule by a random duration. Since that is
// less than half the time to the next one, none is ever skipped.
type jittered struct {
	cron.Schedule

	most   time.Duration
	random func(time.Duration) time.Duration
}

func (j jittered) Next(t time.Time) time.Time {
	next := j.Schedule.Next(t)

	most := min(j.most, j.Schedule.Next(next).Sub(next)/2)
	if most <= 0 { // there is no time after next
		return next
	}

	return next.Add(j.random(most))
}
