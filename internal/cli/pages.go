package cli

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"sync"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/dashboard"
	"github.com/goingdark-social/bot/pkg/history"
	"github.com/goingdark-social/bot/pkg/status"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// mostHistories is of how many repositories the history is kept for the
// dashboard: it is read whole, and held in memory.
const mostHistories = 32

// pages is what the dashboard shows: what the passes found, across changes of
// the configuration. It is safe for concurrent use.
type pages struct {
	log      *slog.Logger
	releases func() ([]history.Release, error)

	mu       sync.Mutex
	order    []config.Repository
	known    map[string]status.Repository
	branches map[string]*history.Branch
	read     map[string]string // the commit up to which a history was read
}

func newPages(log *slog.Logger) *pages {
	return &pages{
		log: log, known: map[string]status.Repository{}, branches: map[string]*history.Branch{}, read: map[string]string{},
		releases: sync.OnceValues(releasesKnown),
	}
}

// releasesKnown is what this program knows of upstream's releases.
func releasesKnown() ([]history.Release, error) {
	changelog, err := facts.Changelog()

	return history.Releases(facts.All(), changelog), err
}

// handler serves the pages; nil where they are turned off.
func (p *Program) pagesHandler(shown *pages, c config.Pages, listen string) (http.Handler, error) {
	if !c.Enabled {
		return nil, nil
	}

	access := dashboard.Access{Listen: listen, Hosts: c.Hosts}

	if from := c.TokenFrom; from != nil {
		if _, err := p.secret(*from); err != nil {
			return nil, err
		}

		access.Token = func() (string, error) {
			secret, err := p.secret(*from)

			return secret.Reveal(), err
		}
	}

	if c.Proxy != nil {
		access.Proxy = &dashboard.Proxy{Header: c.Proxy.Header, From: c.Proxy.From}
	}

	return dashboard.New(dashboard.Options{State: shown.state, Access: access, Now: p.Now, Version: programVersion()})
}

// expect says which repositories there are now.
func (s *pages) expect(repositories []config.Repository) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.order = repositories

	listed := map[string]bool{}
	for _, r := range repositories {
		listed[r.Name] = true
	}

	maps.DeleteFunc(s.known, func(name string, _ status.Repository) bool { return !listed[name] })
	maps.DeleteFunc(s.branches, func(name string, _ *history.Branch) bool { return !listed[name] })
	maps.DeleteFunc(s.read, func(name, _ string) bool { return !listed[name] })
}

// state is what the pages show now.
func (s *pages) state() dashboard.State {
	releases, err := s.releases()
	if err != nil {
		s.log.Error("the facts inside this program cannot be read", "error", err)
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	out := dashboard.State{Branches: maps.Clone(s.branches), Releases: releases}

	for _, r := range s.order {
		known, ok := s.known[r.Name]
		if !ok {
			known = status.Repository{Name: r.Name, Branch: r.Branch}
		}

		out.Repositories = append(out.Repositories, known)
	}

	return out
}

// note takes what a pass over a repository came to. A pass that was stopped
// says nothing.
func (s *pages) note(ctx context.Context, b *bot.Bot, r config.Repository, result *bot.Result, err error) {
	if s == nil || ctx.Err() != nil {
		return
	}

	s.keep(r, bot.Status(r, result, err, b.Now()))

	if result != nil {
		s.remember(ctx, b, r, result.Commit)
	}
}

// keep holds on to the applications of an earlier pass where this one failed
// before it saw any.
func (s *pages) keep(r config.Repository, now status.Repository) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if before, ok := s.known[r.Name]; ok && now.Err != "" {
		now.URL, now.Commit, now.Applications = before.URL, before.Commit, before.Applications
	}

	now.Name = r.Name // the name it is configured by, whatever GitHub calls it now
	s.known[r.Name] = now
}

// remember reads the history anew when the branch has moved.
func (s *pages) remember(ctx context.Context, b *bot.Bot, r config.Repository, commit string) {
	s.mu.Lock()
	fresh, many := s.read[r.Name] == commit, len(s.order) > mostHistories
	s.mu.Unlock()

	if fresh || many {
		return
	}

	branch, err := b.History(ctx, r)
	if err != nil {
		s.log.WarnContext(ctx, "the history cannot be read, so the dashboard has no time line", "repository", r.Name, "error", err)

		return
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	s.branches[r.Name], s.read[r.Name] = branch, commit
}
