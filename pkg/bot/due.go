package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/drift"
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

// due notes what an upgrade that reached the base branch left to be done, and
// drops what has been done since.
func (b *Bot) due(ctx context.Context, s *site, app patch.Application, m *memory, in *drift.Input, prs []gh.PullRequest) *Due {
	if m.was != "" && !app.Mixed && len(app.On) == 1 {
		b.incur(ctx, s, app, m, prs)
	}

	m.was = ""

	if m.Due == nil {
		return nil
	}

	if b.waved(m.Due, prs) || m.migrated(in) {
		m.Due, m.ended = nil, true

		return nil
	}

	return m.Due
}

// incur adds what the step from where the base was to where it is leaves to do.
func (b *Bot) incur(ctx context.Context, s *site, app patch.Application, m *memory, prs []gh.PullRequest) {
	to, from := app.On[0], version.Parse(m.was)
	if order, ok := version.Compare(to, from); !ok || order <= 0 {
		return
	}

	n := b.notes(ctx, s.view, b.bare(s, app, m), []string{m.was}, to)
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

// bare is an outlook for notes of a step that was made already.
func (b *Bot) bare(s *site, app patch.Application, m *memory) *Outlook {
	return &Outlook{Application: app, Policy: s.view.PolicyOf(app), Releases: map[string]registry.Release{}, known: m.known}
}

func (b *Bot) waved(d *Due, prs []gh.PullRequest) bool {
	return slices.ContainsFunc(prs, func(pr gh.PullRequest) bool {
		return pr.Number == d.PullRequest && slices.ContainsFunc(pr.Labels, func(l string) bool { return strings.EqualFold(l, doneLabel) })
	})
}

// migrated tells that nothing is left to be run, where somebody knows: the
// database, or else a Job of the release in use that runs every migration and
// ended well after the release came to the base.
func (m *memory) migrated(in *drift.Input) bool {
	if in == nil {
		return false
	}

	if d := in.Outside.Database; d != nil && len(d.Migrations) > 0 {
		m.Due.Names = slices.DeleteFunc(slices.Clone(m.Due.Names), func(name string) bool {
			number, _, _ := strings.Cut(name, "_")

			return slices.Contains(d.Migrations, number)
		})

		return len(m.Due.Names) == 0
	}

	if in.Outside.Cluster == nil {
		return false
	}

	return slices.ContainsFunc(in.Progress().Jobs, func(j drift.JobProgress) bool {
		return j.All && j.State == drift.JobDone && (m.Rollout == nil || j.Ended.After(m.Rollout.Merged))
	})
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
