package cli

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/fleet"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/notify"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/repo"
	"github.com/goingdark-social/bot/pkg/server"
)

// crew are the bots that look after the repositories of one configuration: one
// an account, since rights and rate limits are an account's. They stay between
// passes with all that they remember.
type crew struct {
	*Program

	g        *globals
	operator *config.Operator
	who      *identity
	images   *registry.Client // nil: no registry is asked
	seam     effect.Seam
	log      *slog.Logger
	offline  bool
	stays    bool // for more than one pass
	progress func(format string, args ...any)
	sight    *sight // of images; nil: no registry is asked
	source   bot.Upstream
	fleet    *fleet.Fleet
	roster   *fleet.Roster // nil: the repositories are listed
	mirrors  mirrors
	many     bool              // repositories
	git      http.RoundTripper // carries what is git's

	mu      sync.Mutex // of what is known by account or repository
	hubs    map[string]*gh.Client
	first   *bot.Bot // whose memory all share
	bots    map[string]*bot.Bot
	checked map[string]bool
	unsent  atomic.Int64
	gauges  gauges
	shown   *pages // what passes came to, for people; nil: nobody looks
}

// crew is the one that stays, for the service.
func (p *Program) crew(g *globals, operator *config.Operator, log *slog.Logger) (*crew, error) {
	if len(operator.Repositories) == 0 && !operator.Discovers() {
		return nil, errors.New("no repository is listed")
	}

	return p.assemble(g, operator, &crew{stays: true, log: log, seam: server.Graceful(p.Seam, server.StepGrace)})
}

// assemble completes a crew with what the configuration says.
func (p *Program) assemble(g *globals, operator *config.Operator, c *crew) (*crew, error) {
	c.Program, c.g, c.operator = p, g, operator
	c.bots, c.hubs, c.checked = map[string]*bot.Bot{}, map[string]*gh.Client{}, map[string]bool{}

	var err error
	if c.who, err = p.identity(operator.GitHub); err != nil {
		return nil, err
	}

	if !c.offline {
		if c.images, err = p.registry(g); err != nil {
			return nil, err
		}

		c.sight = &sight{images: c.images, now: p.Now}
	}

	if c.source, err = p.upstream(c.offline); err != nil {
		return nil, err
	}

	for _, r := range operator.Repositories {
		c.who.knows(r.Name)
	}

	c.muster()

	// All are put together now, so that what they lack is known at the start.
	for _, r := range operator.Repositories {
		if _, err := c.bot(r.Name); err != nil {
			return nil, err
		}
	}

	return c, nil
}

// bot is the one that looks after a repository.
func (c *crew) bot(repository string) (*bot.Bot, error) {
	c.mu.Lock()
	defer c.mu.Unlock()

	account := c.who.account(repository)
	if b, ok := c.bots[account]; ok {
		return b, nil
	}

	c.who.knows(repository)
	tokens := c.who.tokens(account)

	github, err := gh.New(gh.Options{
		BaseURL: c.operator.GitHub.BaseURL, Token: tokens, Transport: c.Transport, Seam: c.seam, UserAgent: userAgent(), Log: c.log, Veil: c.veil,
	})
	if err != nil {
		return nil, err
	}

	targets, err := c.targets(c.operator, github)
	if err != nil {
		return nil, err
	}

	author, signer, err := c.committer(c.operator.Commits)
	if err != nil {
		return nil, err
	}

	for i, t := range targets {
		targets[i] = tallied{t, &c.unsent}
	}

	o := bot.Options{
		GitHub: github, Upstream: c.source, Targets: targets, Author: author, Seam: c.seam,
		Now: c.Now, Location: c.operator.TimeZone, Log: c.log, Progress: c.progress,
		Open: func(_ context.Context, r gh.Repository) (bot.Git, error) {
			return repo.Open(repo.Options{
				URL: r.CloneURL, Auth: repo.Auth{Username: "x-access-token", Token: tokens},
				Seam: c.seam, Author: author, Signer: signer, Now: c.Now, Log: c.log, Transport: c.git, Mirror: c.mirrors.of(r.CloneURL), Veil: c.veil,
			})
		},
	}
	if c.images != nil {
		o.Registry = c.sight.look
	}

	o.Talk, o.Many = talk(c.operator.Talk), c.many

	c.surroundings(&o, github)

	if c.first == nil {
		c.first = bot.New(o)
		c.bots[account] = c.first
	} else {
		c.bots[account] = c.first.Beside(o)
	}

	c.hubs[account] = github

	return c.bots[account], nil
}

// tallied counts the notifications that a target could not send.
type tallied struct {
	notify.Target

	unsent *atomic.Int64
}

// Send passes e on.
func (c tallied) Send(ctx context.Context, seam effect.Seam, e notify.Event, thread string) (string, error) {
	thread, err := c.Target.Send(ctx, seam, e, thread)
	if err != nil && !errors.Is(err, notify.ErrQuiet) {
		c.unsent.Add(1)
	}

	return thread, err
}

// pass looks after every repository once. One that fails holds no other back.
func (c *crew) pass(ctx context.Context) (server.Report, error) {
	return c.passes(ctx, func(config.Repository) bool { return true })
}

// visit is a pass over one repository, whose rights are checked until they suffice.
func (c *crew) visit(ctx context.Context, r config.Repository) (*bot.Result, error) {
	b, err := c.bot(r.Name)
	if err != nil {
		return nil, err
	}

	if err := c.check(ctx, b, r.Name); err != nil {
		return nil, err
	}

	result, err := b.Run(ctx, r)
	c.shown.note(ctx, b, r, result, err)

	return result, err
}

// check looks once whether the rights suffice.
func (c *crew) check(ctx context.Context, b *bot.Bot, repository string) error {
	c.mu.Lock()
	done := c.checked[repository] || !c.stays
	c.mu.Unlock()

	if done {
		return nil
	}

	if err := c.who.check(ctx, b.GitHub, repository); err != nil {
		return err
	}

	c.mu.Lock()
	defer c.mu.Unlock()

	c.checked[repository] = true

	return nil
}

func (c *crew) count(ctx context.Context, report *server.Report, result *bot.Result) {
	for _, a := range result.Applications {
		report.Incomplete += len(a.Incomplete)

		for _, one := range a.Proposed {
			action := server.Action(one.Action)
			report.PullRequests[action]++

			if action != server.Unchanged {
				c.log.InfoContext(ctx, "pull request "+string(action), "repository", result.Repository, "application", a.Name,
					"to", one.Change.To.String(), "url", one.PullRequest.URL)
			}
		}

		for _, pr := range a.Closed {
			report.PullRequests[server.Closed]++

			c.log.InfoContext(ctx, "pull request closed", "repository", result.Repository, "application", a.Name, "url", pr.URL, "why", pr.Marker.Retired)
		}
	}

	for _, problem := range result.Problems {
		c.log.WarnContext(ctx, "a reference cannot be read", "repository", result.Repository, "problem", problem.String())
	}
}
