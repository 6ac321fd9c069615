package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/fleet"
	"github.com/goingdark-social/bot/pkg/queue"
	"github.com/goingdark-social/bot/pkg/server"
	"github.com/goingdark-social/bot/pkg/veil"
)

// replica is one of several processes that share the repositories through a
// queue. What the server calls a pass is then a look at what this one did.
type replica struct {
	queue *queue.Queue
	crew  atomic.Pointer[crew] // as the configuration asks for now

	mu     sync.Mutex
	report server.Report // of what was done since the last look
}

// queueOf is where the replicas meet; nil: this process works alone.
func (p *Program) queueOf(o *config.Operator, flag string) (*config.Queue, string, error) {
	if flag != "" {
		p.veil.Keep(flag)

		q := &config.Queue{}
		if o.Queue != nil {
			q.Rescue = o.Queue.Rescue
		}

		return q, flag, nil
	}

	if o.Queue == nil {
		return nil, "", nil
	}

	dsn, err := p.secret(o.Queue.DSNFrom)
	if err != nil {
		return nil, "", fmt.Errorf("no connection string for the queue: %w", err)
	}

	return o.Queue, dsn.Reveal(), nil
}

// replica joins the queue, if there is one.
func (p *Program) replica(ctx context.Context, o *config.Operator, flag string, log *slog.Logger) (*replica, error) {
	settings, dsn, err := p.queueOf(o, flag)
	if err != nil || settings == nil {
		return nil, err
	}

	if len(veil.Addresses(flag)) > 0 {
		log.WarnContext(ctx, "whoever may list the processes of this machine reads the password in --queue: queue.dsnFrom of the operator's file names where it is instead")
	}

	schedule, err := server.Schedule(o.Schedule, o.TimeZone)
	if err != nil {
		return nil, err
	}

	r := &replica{report: server.Report{PullRequests: map[server.Action]int{}}}
	r.queue, err = queue.Open(ctx, queue.Options{
		DSN: dsn, Members: r.members, Visit: r.visit, Schedule: schedule,
		Workers: o.Fleet.Workers, Timeout: o.Fleet.Timeout, Rescue: settings.RescueAfter(o.Fleet.Timeout), Secret: p.veil.Keep, Log: log,
	})

	return r, err
}

// beside runs the queue beside the service; both end with ctx, or with the
// other's error.
func (r *replica) beside(ctx context.Context, service func(context.Context) error) error {
	if r == nil {
		return service(ctx)
	}

	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return service(ctx) })
	g.Go(func() error { return r.queue.Run(ctx) })

	return g.Wait()
}

// takeOver lets the server look at the queue where it would make passes.
func (r *replica) takeOver(c *crew, setup *server.Setup) {
	if r == nil {
		return
	}

	r.crew.Store(c)
	setup.Pass, setup.PassOver, setup.Jitter = r.look, r.ask, 0
}

// look is what this process did since the last look, and whether the queue is there.
func (r *replica) look(ctx context.Context) (server.Report, error) {
	err := r.queue.Reachable(ctx)

	r.mu.Lock()
	defer r.mu.Unlock()

	report := r.report
	report.Unsent, report.State = int(r.crew.Load().unsent.Swap(0)), r.crew.Load().state()
	r.report = server.Report{PullRequests: map[server.Action]int{}}

	return report, err
}

// ask lets whichever process is free visit some repositories.
func (r *replica) ask(ctx context.Context, names []string) (server.Report, error) {
	return server.Report{}, r.queue.Ask(ctx, names...)
}

// members are the names of all repositories.
func (r *replica) members(ctx context.Context) ([]string, error) {
	c := r.crew.Load()
	if c == nil {
		return nil, errors.New("the configuration is not loaded yet")
	}

	members, wrong := c.members(ctx)
	for _, err := range wrong {
		c.log.ErrorContext(ctx, "the list of repositories is not whole", "error", err)
	}

	names := make([]string, 0, len(members))
	for _, m := range members {
		names = append(names, m.Name)
	}

	return names, nil
}

// visit is one repository's turn. One that is no longer listed has none.
func (r *replica) visit(ctx context.Context, name string) (err error) {
	c := r.crew.Load()
	if c == nil {
		return errors.New("the configuration is not loaded yet")
	}

	m, ok := c.member(ctx, name)
	if !ok {
		c.log.InfoContext(ctx, "a repository is no longer listed", "repository", name)

		return nil
	}

	c.each(ctx, []fleet.Member{m}, func(o fleet.Outcome, result *bot.Result) {
		err = o.Err

		if result != nil {
			r.mu.Lock()
			defer r.mu.Unlock()

			c.count(ctx, &r.report, result)
		}
	})

	if err != nil && ctx.Err() == nil {
		c.log.WarnContext(ctx, "repository failed", "repository", name, "error", err)
	}

	if waits, ok := errors.AsType[*fleet.BudgetError](err); ok {
		return &queue.LaterError{At: waits.Budget.Reset, Err: c.veil.Error(err)}
	}

	return c.veil.Error(err) // the queue keeps it
}

// member is a repository of the fleet by its name.
func (c *crew) member(ctx context.Context, name string) (fleet.Member, bool) {
	members, _ := c.members(ctx) // what is wrong with the list is said when it is used as a whole

	for _, m := range members {
		if m.Name == name {
			return m, true
		}
	}

	return fleet.Member{}, false
}
