package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/goingdark-social/bot/pkg/command"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/version"
)

// obeyBump proposes a release that a person asked for. What the policy rules
// out it does not: the pass would close it again.
func (b *Bot) obeyBump(ctx context.Context, s *site, app patch.Application, c command.Command) (string, error) {
	refusal, err := b.ruledOut(ctx, s, app, c.To)
	if err != nil || refusal != "" {
		return refusal, err
	}

	change, err := b.prepare(ctx, s.view, app, BumpRequest{To: c.To})
	if err != nil {
		return "", err
	}

	if len(change.Files) == 0 {
		return fmt.Sprintf("`%s` is on %s already.", app.Name, c.To), nil
	}

	p, err := b.proposeAsked(ctx, s, Proposed{Track: trackOf(change), Change: change})
	if err != nil {
		return "", err
	}

	delete(s.pulls, app.Name) // they are others now

	return proposedAnswer(p), nil
}

// ruledOut is why a release would not stay proposed; "" when it would. That a
// command told to ignore it ends with this one.
func (b *Bot) ruledOut(ctx context.Context, s *site, app patch.Application, to version.Version) (string, error) {
	m, _, err := b.remember(ctx, s, app)
	if err != nil {
		return "", err
	}

	if slices.Contains(m.Ignored, to.String()) {
		err := b.remembering(ctx, s, app.Name, func(kept *state) {
			kept.Ignored = slices.DeleteFunc(kept.Ignored, func(v string) bool { return v == to.String() })
		})
		if err != nil {
			return "", err
		}

		m.Ignored = slices.DeleteFunc(m.Ignored, func(v string) bool { return v == to.String() })
	}

	o, err := b.outlook(ctx, s.view, app, m)
	if err != nil {
		return "", err
	}

	for _, h := range o.Decision.Held {
		if h.Version.Equal(to) && slices.Contains(over, h.Rule) {
			return fmt.Sprintf("%s is not proposed: %s.", to, gh.Inert(h.Reason)), nil
		}
	}

	return "", nil
}

// proposedAnswer says what became of a proposal that a person asked for.
func proposedAnswer(p Proposed) string {
	switch p.Action {
	case Left:
		return fmt.Sprintf("#%d stays as it is: its branch has commit %s. `bot bump %s --take-over` writes it anew, without that commit.",
			p.PullRequest.Number, gh.Inert(p.Why), p.Change.To)
	default:
		// The same whether this pass did it or one that ended before it answered.
		return fmt.Sprintf("#%d proposes %s.", p.PullRequest.Number, p.Change.To)
	}
}
