package queue

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// Queue is this process's part in working through the repositories. Open, Run
// and Close it once.
type Queue struct {
	Options

	pool     *pgxpool.Pool
	client   *river.Client[pgx.Tx]
	stopping atomic.Bool
}

// Open connects to the database and brings River's tables up to date.
func Open(ctx context.Context, o Options) (*Queue, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}

	settings, err := pgxpool.ParseConfig(o.DSN)
	if err != nil {
		return nil, errDSN // what pgx says could repeat the password
	}

	if o.Secret != nil {
		o.Secret(settings.ConnConfig.Password)
	}

	settings.MaxConns = max(settings.MaxConns, int32(o.Workers)/2+4) //nolint:gosec // a number of workers
	settings.ConnConfig.RuntimeParams["application_name"] = "goingdark-bot"

	q := &Queue{Options: o}

	if q.pool, err = pgxpool.NewWithConfig(ctx, settings); err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}

	if err := q.open(ctx); err != nil {
		q.pool.Close()

		return nil, err
	}

	return q, nil
}

func (q *Queue) open(ctx context.Context) error {
	if err := migrate(ctx, q.pool); err != nil {
		return err
	}

	workers := river.NewWorkers()
	river.AddWorker(workers, &repositoryWorker{q: q})
	river.AddWorker(workers, &roundWorker{q: q})

	round := river.NewPeriodicJob(q.Schedule, func() (river.JobArgs, *river.InsertOpts) { return roundArgs{}, nil },
		&river.PeriodicJobOpts{ID: "round", RunOnStart: true})

	var err error
	q.client, err = river.NewClient(riverpgxv5.New(q.pool), &river.Config{
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: q.Workers}},
		Workers:              workers,
		PeriodicJobs:         []*river.PeriodicJob{round},
		JobTimeout:           q.Timeout,
		RescueStuckJobsAfter: q.Rescue,
		// A replica of another version may know other jobs.
		FetchOnlyKnownKinds: true,
		Logger:              slog.New(warnings{q.Log.Handler()}),
		// A finished job says nothing that the log and GitHub do not.
		CompletedJobRetentionPeriod: time.Hour,
		DiscardedJobRetentionPeriod: 24 * time.Hour,
	})
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}

	return nil
}

// Run works until ctx ends. Then no other repository is begun, the visits in
// hand are asked to end, and what they leave goes back into the queue. An error
// is that they did not end in time: Rescue makes up for it.
func (q *Queue) Run(ctx context.Context) error {
	defer q.pool.Close()

	// The client's own context outlives ctx, whose end is a wish and no cut.
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("queue: starting: %w", err)
	}

	<-ctx.Done()
	q.stopping.Store(true)

	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), q.Grace)
	defer cancel()

	if err := q.client.StopAndCancel(stop); err != nil {
		return fmt.Errorf("queue: the visits in hand did not end within %s; another process takes them over in %s: %w", q.Grace, q.Rescue, err)
	}

	return nil
}

// Ask puts repositories into the queue now. One that is being visited is visited
// once more soon, since that visit may not have seen why it was asked for.
func (q *Queue) Ask(ctx context.Context, repositories ...string) error {
	skipped, err := q.insert(ctx, repositories, false, time.Time{})
	if err != nil || len(skipped) == 0 {
		return err
	}

	_, err = q.insert(ctx, skipped, true, time.Now().Add(soon))

	return err
}

// soon is when a repository is visited again that was in hand when it was asked for.
const soon = 30 * time.Second

// insert gives those that were in the queue already.
func (q *Queue) insert(ctx context.Context, repositories []string, again bool, at time.Time) (there []string, err error) {
	for some := range slices.Chunk(repositories, 1000) {
		params := make([]river.InsertManyParams, 0, len(some))
		for _, name := range some {
			params = append(params, river.InsertManyParams{
				Args: repositoryArgs{Repository: name, Again: again}, InsertOpts: &river.InsertOpts{ScheduledAt: at, Priority: 2},
			})
		}

		results, err := q.client.InsertMany(ctx, params)
		if err != nil {
			return nil, fmt.Errorf("queue: adding %d repositories: %w", len(some), err)
		}

		for i, r := range results {
			if r.UniqueSkippedAsDuplicate {
				there = append(there, some[i])
			}
		}
	}

	return there, nil
}

// Reachable tells whether the database answers.
func (q *Queue) Reachable(ctx context.Context) error {
	if err := q.pool.Ping(ctx); err != nil {
		return fmt.Errorf("queue: the database does not answer: %w", err)
	}

	return nil
}
