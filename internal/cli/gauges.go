package cli

import (
	"sync"
	"time"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/fleet"
	"github.com/goingdark-social/bot/pkg/server"
)

// gauges is how each repository was left, for the metrics.
type gauges struct {
	mu    sync.Mutex
	known map[string]gauge // by repository
}

type gauge struct {
	result   fleet.Result
	findings map[string]int
	lags     []server.Lag
}

// note takes up the end of one visit; a nil result leaves what was seen before.
func (g *gauges) note(o fleet.Outcome, result *bot.Result, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()

	if g.known == nil {
		g.known = map[string]gauge{}
	}

	one := g.known[o.Name]
	one.result = o.Result

	if result != nil {
		one.lags = nil

		for _, a := range result.Applications {
			one.lags = append(one.lags, lagOf(result.Repository, a, now)...)
		}

		one.findings = findingsOf(result, one.findings)
	}

	g.known[o.Name] = one
}

// lagOf is how far an application is behind what is proposed for it, for
// security releases and for the others.
func lagOf(repository string, a bot.ApplicationResult, now time.Time) []server.Lag {
	if a.Outlook == nil {
		return nil
	}

	name := repository + ": " + a.Name
	lags := []server.Lag{{Application: name}, {Application: name, Security: true}}

	for _, p := range a.Outlook.Decision.Proposals {
		built := a.Outlook.Releases[p.To.String()].Built()
		if built.IsZero() {
			continue
		}

		l := &lags[0]
		if p.Security {
			l = &lags[1]
		}

		l.Seconds = max(l.Seconds, now.Sub(built).Seconds())
	}

	return lags
}

// findingsOf counts by severity; where nothing was looked for, what was found
// last stands.
func findingsOf(result *bot.Result, last map[string]int) map[string]int {
	counts, looked := map[string]int{}, false

	for _, a := range result.Applications {
		looked = looked || !a.Judged.IsZero()

		for _, f := range a.Findings {
			counts[string(f.Severity)]++
		}
	}

	if !looked {
		return last
	}

	return counts
}

// keep forgets the repositories that are no longer looked after.
func (g *gauges) keep(members []fleet.Member) {
	g.mu.Lock()
	defer g.mu.Unlock()

	known := make(map[string]gauge, len(members))
	for _, m := range members {
		if one, ok := g.known[m.Name]; ok {
			known[m.Name] = one
		}
	}

	g.known = known
}

// state is all of it as the metrics tell it.
func (c *crew) state() *server.State {
	s := &server.State{Repositories: map[string]int{}, Findings: map[string]int{}}

	c.gauges.mu.Lock()
	for _, one := range c.gauges.known {
		s.Repositories[string(one.result)]++
		s.Lags = append(s.Lags, one.lags...)

		for severity, n := range one.findings {
			s.Findings[severity] += n
		}
	}
	c.gauges.mu.Unlock()

	c.mu.Lock()
	defer c.mu.Unlock()

	for account, hub := range c.hubs {
		if b := hub.Budget(); b.Limit > 0 {
			s.Budgets = append(s.Budgets, server.Budget{Account: account, Remaining: b.Remaining})
		}
	}

	return s
}
