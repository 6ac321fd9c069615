package cli

import (
	"context"
	"fmt"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/repo"
)

// fixNotes writes what the findings say of the notes, and shows it.
func (p *Program) fixNotes(ctx context.Context, g *globals, dir *repo.Dir, report *driftReport) error {
	fixes, err := drift.Fix(dir.FS(), report.findings())
	if err != nil || len(fixes) == 0 {
		return err
	}

	changes := make([]repo.Change, 0, len(fixes))
	for _, c := range fixes {
		changes = append(changes, repo.Change{Path: c.Path, Before: c.Before, Content: c.After})
	}

	if err := dir.Write(ctx, changes); err != nil {
		return fmt.Errorf("writing the notes: %w", err)
	}

	unified, err := repo.Unified(changes)
	if err != nil {
		return err
	}

	out := p.Stdout
	if g.output != "text" {
		out = p.Stderr // stdout is the findings' alone
	}

	p.diff(out, unified)

	return nil
}
