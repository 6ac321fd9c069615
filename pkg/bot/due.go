package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/notes"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/version"
)

// doneLabel on a merged pull request says that its post-deployment migrations
// have run, or need not be asked after.
const doneLabel = "post-migrations-done"

// Due are the post-deployment migrations that an upgrade left to be run once
// the old code is gone.
type Due struct {
	From string `json:"from"`
	To   string `json:"to"`
	// Names of the migrations, as files under db/post_migrate.
	Names []string `json:"names"`
	// Since is when the base branch was first seen on To.
	Since time.Time `json:"since"`
	// PullRequest that brought it there; 0: none did.
	PullRequest int `json:"pull_request,omitempty"`
}

// Migrated tells which migrations of an application have run. Known is false
// where nobody can tell.
type Migrated interface {
	Pending(ctx context.Context, application string, migrations []string) (pending []string, known bool, err error)
}

// due notes what an upgrade that reached the base branch left to be done, and
// drops what has been done since.
func (b *Bot) due(ctx context.Context, s *site, app patch.Application, m *memory, prs []gh.PullRequest) (*Due, error) {
	if m.was != "" && !app.Mixed && len(app.On) == 1 {
		b.incur(ctx, s, app, m, prs)
	}

	m.was = ""

	if m.Due == nil {
		return nil, nil //nolint:nilnil // nothing is due
	}

	if b.waved(m.Due, prs) {
		m.Due = nil

		return nil, nil //nolint:nilnil // nothing is due any more
	}

	return m.Due, b.recount(ctx, app, m)
}

// incur adds what the step from where the base was to where it is leaves to do.
func (b *Bot) incur(ctx context.Context, s *site, app patch.Application, m *memory, prs []gh.PullRequest) {
	to, from := app.On[0], version.Parse(m.was)
	if order, ok := version.Compare(to, from); !ok || order <= 0 {
		return
	}

	o := &Outlook{Application: app, Policy: s.view.PolicyOf(app), Releases: map[string]registry.Release{}}

	n := b.notes(ctx, s.view, o, []string{m.was}, to)
	if n.Verdict != notes.TwoPhase || len(n.Migrations.Post) == 0 {
		return
	}

	d := &Due{From: m.was, To: to.String(), Names: n.Migrations.Post, Since: b.Now()}
	if m.Due != nil {
		d.From, d.Since = m.Due.From, m.Due.Since
		d.Names = slices.Compact(slices.Sorted(slices.Values(slices.Concat(m.Due.Names, d.Names))))
	}

	if by := bringer(prs, app.On); by != nil {
		d.PullRequest = by.Number
	}

	m.Due = d
}

func (b *Bot) waved(d *Due, prs []gh.PullRequest) bool {
	return slices.ContainsFunc(prs, func(pr gh.PullRequest) bool {
		return pr.Number == d.PullRequest && slices.ContainsFunc(pr.Labels, func(l string) bool { return strings.EqualFold(l, doneLabel) })
	})
}

// recount asks which of them are still to be run, where somebody knows.
func (b *Bot) recount(ctx context.Context, app patch.Application, m *memory) error {
	if b.Migrated == nil {
		return nil
	}

	pending, known, err := b.Migrated.Pending(ctx, app.Name, m.Due.Names)
	if err != nil {
		return fmt.Errorf("reading which migrations have run: %w", err)
	}

	switch {
	case known && len(pending) == 0:
		m.Due = nil
	case known:
		m.Due.Names = pending
	}

	return nil
}

// summary is the sentence for people.
func (d *Due) summary() string {
	text := fmt.Sprintf("%d post-deployment migrations are due since %s, once no old code runs any more: %s.",
		len(d.Names), d.To, strings.Join(d.Names[:min(len(d.Names), 5)], ", "))
	if len(d.Names) == 1 {
		text = fmt.Sprintf("A post-deployment migration is due since %s, once no old code runs any more: %s.", d.To, d.Names[0])
	}

	if d.PullRequest > 0 {
		text += fmt.Sprintf(" The label %s on pull request %d ends the asking.", doneLabel, d.PullRequest)
	}

	return text
}
