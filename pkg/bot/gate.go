package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/rollout"
	"github.com/goingdark-social/bot/pkg/severity"
)

// amiss is what drift has against merging a change by policy: a roll-out that
// has not ended, a cluster or a database that is not where it should be, and
// what would be wrong with the tree after the change; "" when nothing has.
func (b *Bot) amiss(ctx context.Context, s *site, p *Proposed, standing []drift.Finding, r *rollout.Rollout) (string, error) {
	if r.Following() {
		return fmt.Sprintf("the roll-out of %s has not ended", r.To), nil
	}

	for _, f := range standing {
		if f.Severity == severity.Error && slices.Contains([]drift.Needs{drift.Cluster, drift.Rows}, needsOf(f.Check)) {
			return "drift finds: " + f.Message, nil
		}
	}

	after, err := b.findingsAfter(ctx, s, p.Change)
	if err != nil {
		return "", fmt.Errorf("looking for drift after pull request %d: %w", p.PullRequest.Number, err)
	}

	for _, f := range after {
		if f.Severity == severity.Error {
			return fmt.Sprintf("drift would find an error (%s): %s", f.Check, f.Message), nil
		}
	}

	return "", nil
}

// findingsAfter is what drift finds in the tree that a change makes, by the
// checks of the tree alone.
func (b *Bot) findingsAfter(ctx context.Context, s *site, c *Change) ([]drift.Finding, error) {
	commit, err := s.git.Commit(ctx, s.base, c.Edited(), b.message(s, c))
	if err != nil {
		return nil, err
	}

	v, err := look.Again(ctx, commit.FS(), &b.kept.scans)
	if err != nil {
		return nil, err
	}

	apps, err := v.Select(c.Application.Name, false)
	if err != nil {
		return nil, err
	}

	in, err := b.prepareInput(ctx, v, apps[0])
	if err != nil {
		return nil, err
	}

	found, _ := drift.Run(in, slices.DeleteFunc(drift.Checks(), outer))

	return found, nil
}
