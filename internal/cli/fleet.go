package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/fleet"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/server"
)

// muster makes the crew ready for as many repositories as there are.
func (c *crew) muster() {
	f := c.operator.Fleet
	c.fleet = fleet.New(fleet.Options{
		Workers: f.Workers, PerAccount: f.PerAccount, Timeout: f.Timeout, Budget: c.budget, Now: c.Now, Log: c.log,
	})

	if c.operator.Discovers() {
		c.roster = fleet.NewRoster(discovery{c}, c.Now)
	}

	c.many = c.roster != nil || len(c.operator.Repositories) > fewRepositories
	if c.many && c.stays {
		debug.SetGCPercent(thrift)
	}

	c.mirrors = newMirrors(c.operator.Cache, c.cacheDir("repositories"), c.many, c.log)

	if c.git = c.Git; c.git == nil {
		c.git = c.veil.Transport(spacious(f.Workers))
	}
}

// thrift is how much memory may grow, in percent, before it is collected: what
// a thousand repositories hold is a lot, and a pass mostly waits.
const thrift = 25

// spacious keeps a connection for each worker, where Go's own keeps two a host.
func spacious(workers int) http.RoundTripper {
	usual, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}

	t := usual.Clone()
	t.MaxIdleConnsPerHost = max(workers, t.MaxIdleConnsPerHost)

	return t
}

// members are the repositories to look after, and what is wrong with the list.
func (c *crew) members(ctx context.Context) ([]fleet.Member, []error) {
	if c.roster != nil {
		return c.roster.Members(ctx)
	}

	return c.listed(), nil
}

// listed are the repositories as far as they are known without a question.
func (c *crew) listed() []fleet.Member {
	if c.roster != nil {
		return c.roster.Known()
	}

	members := make([]fleet.Member, 0, len(c.operator.Repositories))
	for _, r := range c.operator.Repositories {
		members = append(members, fleet.Member{Repository: r, Account: c.who.account(r.Name)})
	}

	return members
}

// budget is what GitHub last said of an account's rate limit.
func (c *crew) budget(account string) fleet.Budget {
	c.mu.Lock()
	defer c.mu.Unlock()

	if hub := c.hubs[account]; hub != nil {
		return fleet.Budget(hub.Budget())
	}

	return fleet.Budget{}
}

// hub speaks to GitHub for a repository's account.
func (c *crew) hub(repository string) *gh.Client {
	c.mu.Lock()
	defer c.mu.Unlock()

	return c.hubs[c.who.account(repository)]
}

// passes is a pass over the repositories that are meant.
func (c *crew) passes(ctx context.Context, meant func(config.Repository) bool) (server.Report, error) {
	report := server.Report{PullRequests: map[server.Action]int{}}

	c.unsent.Store(0)

	all, wrong := c.members(ctx)
	for _, err := range wrong {
		c.log.ErrorContext(ctx, "the list of repositories is not whole", "error", err)
	}

	var members []fleet.Member

	for _, m := range all {
		if meant(m.Repository) {
			members = append(members, m)
		}
	}

	t := &tally{total: len(members)}
	c.sight.renew()
	c.each(ctx, members, func(o fleet.Outcome, result *bot.Result) {
		t.note(o)

		if result != nil {
			c.count(ctx, &report, result)
		}

		if o.Err != nil && len(members) > 1 {
			c.log.WarnContext(ctx, "repository "+string(o.Result), "repository", o.Name, "error", o.Err)
		}
	})

	c.gauges.keep(all)

	if c.many {
		debug.FreeOSMemory() // what the scans took; the next pass may be an idle one
	}

	report.Unsent, report.State = int(c.unsent.Load()), c.state()

	return report, errors.Join(append(wrong, t.err())...)
}

// each visits repositories and tells of each as it ends.
func (c *crew) each(ctx context.Context, members []fleet.Member, ended func(fleet.Outcome, *bot.Result)) {
	results := make([]*bot.Result, len(members))
	at := map[string]int{}

	for i, m := range members {
		at[m.Name] = i
	}

	visit := func(ctx context.Context, m fleet.Member) (err error) {
		results[at[m.Name]], err = c.visit(ctx, m.Repository)

		return err
	}

	c.fleet.Pass(ctx, members, visit, func(o fleet.Outcome) {
		i := at[o.Name]
		c.gauges.note(o, results[i], c.Now())
		ended(o, results[i])
		results[i] = nil // a result holds a tree
	})
}

// tally sums up the ends of a pass.
type tally struct {
	total, wrong int
	first        []error
}

// mostErrors is how many errors a pass repeats; each has its own line in the log.
const mostErrors = 5

func (t *tally) note(o fleet.Outcome) {
	if o.Err == nil {
		return
	}

	if t.wrong++; t.wrong <= mostErrors {
		t.first = append(t.first, o.Err)
	}
}

func (t *tally) err() error {
	err := errors.Join(t.first...)
	if t.wrong > mostErrors {
		err = fmt.Errorf("%w\nand %d more of %d repositories", err, t.wrong-mostErrors, t.total)
	}

	return err
}
