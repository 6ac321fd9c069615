package queue

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"
)

// Schedule tells when all repositories are due again.
type Schedule interface{ Next(t time.Time) time.Time }

// Options say whose queue it is and what is done. DSN, Members, Visit and
// Schedule are required.
type Options struct {
	// DSN is PostgreSQL's connection string. Its role must be able to create
	// tables in its schema: River's are made and kept up to date.
	DSN string
	// Members are the repositories that are due on the schedule, by name. One of
	// the processes, whichever leads, asks.
	Members func(ctx context.Context) ([]string, error)
	// Visit is the work on one repository. The end of its context asks it to end.
	Visit func(ctx context.Context, repository string) error
	// Schedule is when Members are due. They are due at a start as well.
	Schedule Schedule
	// Workers is how many repositories this process works on at once. Default: 8.
	Workers int
	// Timeout is how long one may take. Default: 10 minutes.
	Timeout time.Duration
	// Rescue is how long a repository may be in the hands of a process that is
	// gone; longer than Timeout. Default: Timeout and a minute.
	Rescue time.Duration
	// Grace is how long the visits in hand may take to end when the process is
	// asked to. Default: 4 seconds.
	Grace time.Duration
	// Secret is told the password, wherever it came from: DSN may leave it to
	// PGPASSWORD, a passfile or a service file. Default: nobody is.
	Secret func(secrets ...string)
	// Log receives River's warnings and what becomes of jobs. Default: none.
	Log *slog.Logger
}

func (o Options) withDefaults() (Options, error) {
	if o.DSN == "" || o.Members == nil || o.Visit == nil || o.Schedule == nil {
		return o, errors.New("queue: DSN, Members, Visit and Schedule are required")
	}

	o.Workers = cmp.Or(max(o.Workers, 0), 8)
	o.Timeout = cmp.Or(max(o.Timeout, 0), 10*time.Minute)
	o.Rescue = cmp.Or(max(o.Rescue, 0), o.Timeout+time.Minute)
	o.Grace = cmp.Or(max(o.Grace, 0), 4*time.Second)

	if o.Rescue <= o.Timeout {
		return o, errors.New("queue: a repository would be taken over while its process still works on it: Rescue must be longer than Timeout")
	}

	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}

	return o, nil
}
