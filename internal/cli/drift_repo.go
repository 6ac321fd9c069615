package cli

import (
	"context"

	"github.com/goingdark-social/bot/pkg/drift"
)

// driftRepo judges the base branch of a repository on GitHub. Its notes are
// mended in a clone, with --path.
func (p *Program) driftRepo(ctx context.Context, g *globals, f *driftFlags, checks []drift.Check) error {
	if f.fix {
		return misused("bot drift", "--fix edits a folder: use it with --path, in a clone of %s", f.repo)
	}

	c, err := p.once(g, "bot drift", f.repo, f.offline)
	if err != nil {
		return err
	}

	b, repository, err := c.only("bot drift")
	if err != nil {
		return err
	}

	view, recall, err := b.View(ctx, repository)
	p.settled()

	if err != nil {
		return err
	}

	report, err := p.driftView(ctx, g, f, view, recall, checks)

	return p.drifted(g, f, report, err)
}
