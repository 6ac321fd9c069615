package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// tries is how often a repository is tried before it waits for the schedule to
// come round: at once, and after River's pauses of 1, 16 and 81 seconds.
const tries = 4

// unfinished are the states of which a repository may be in one at most.
func unfinished() []rivertype.JobState {
	return []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
		rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}
}

// repositoryArgs is the job of one repository.
type repositoryArgs struct {
	Repository string `json:"repository"`
	// Again is the one that was asked for while another was in hand, which may
	// not have seen what it was asked for.
	Again bool `json:"again,omitempty"`
}

// Kind names the job in the database.
func (repositoryArgs) Kind() string { return "repository" }

// InsertOpts keep a repository from being in the queue twice.
func (repositoryArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: tries, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished()}}
}

// roundArgs is the job that puts all repositories into the queue.
type roundArgs struct{}

// Kind names the job in the database.
func (roundArgs) Kind() string { return "round" }

// InsertOpts keep rounds from piling up. They go before repositories.
func (roundArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: tries, Priority: 1, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished()}}
}

// LaterError is a visit that was not begun and is due at a time.
type LaterError struct {
	At  time.Time
	Err error
}

func (e *LaterError) Error() string { return e.Err.Error() }
func (e *LaterError) Unwrap() error { return e.Err }

type repositoryWorker struct {
	river.WorkerDefaults[repositoryArgs]

	q *Queue
}

// Work visits one repository. A visit that ends because this process does is
// not the repository's failure: another process takes it up at once.
func (w *repositoryWorker) Work(ctx context.Context, job *river.Job[repositoryArgs]) error {
	var later *LaterError

	err := w.q.Visit(ctx, job.Args.Repository)

	switch {
	case err == nil:
		return nil
	case w.q.stopping.Load():
		return river.JobSnooze(0)
	case errors.As(err, &later):
		return river.JobSnooze(max(time.Until(later.At), time.Second))
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("%s took longer than %s: %w", job.Args.Repository, w.q.Timeout, err)
	}

	return err
}

type roundWorker struct {
	river.WorkerDefaults[roundArgs]

	q *Queue
}

// Work puts every repository into the queue that is not there.
func (w *roundWorker) Work(ctx context.Context, _ *river.Job[roundArgs]) error {
	members, err := w.q.Members(ctx)
	if err != nil {
		return fmt.Errorf("listing the repositories: %w", err)
	}

	_, err = w.q.insert(ctx, members, false, time.Time{})

	return err
}
