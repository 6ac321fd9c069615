package bot

import (
	"context"

	"github.com/goingdark-social/bot/pkg/notes"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/plan"
	"github.com/goingdark-social/bot/pkg/version"
)

// losses notes which releases of the next line lack fixes that the application
// has: lines are kept side by side, and a newer one can be older by date. The
// lines after that are not proposed yet, so nobody asks about them.
func (b *Bot) losses(ctx context.Context, source string, app patch.Application, releases []plan.Release) {
	next, found := nextLine(app, releases)
	if !found {
		return
	}

	for i := range releases {
		r := &releases[i]
		if r.Version.Kind() != version.Release || r.Version.Line() != next {
			continue
		}

		base := b.facts(ctx, source, notes.Base(tagsOf(app.On), r.Version))

		if to := b.facts(ctx, source, r.Version); base != nil && to != nil {
			r.Loses = notes.Lost(base, to)
		}
	}
}

// nextLine is the lowest line of a release above all that are in use.
func nextLine(app patch.Application, releases []plan.Release) (next version.Line, found bool) {
	for _, r := range releases {
		line := r.Version.Line()
		if r.Version.Kind() != version.Release || len(app.On) == 0 || found && line.Compare(next) >= 0 {
			continue
		}

		above := true
		for _, on := range app.On {
			above = above && on.Kind() == version.Release && line.Compare(on.Line()) > 0
		}

		if above {
			next, found = line, true
		}
	}

	return next, found
}
