package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/notes"
	"github.com/goingdark-social/bot/pkg/plan"
)

// holdLabel on a pull request keeps the bot from merging it.
const holdLabel = "hold"

// mergeAll merges what the policy lets it merge.
func (b *Bot) mergeAll(ctx context.Context, s *site, proposed []Proposed, prs []gh.PullRequest) error {
	for i := range proposed {
		if err := b.merge(ctx, s, &proposed[i], prs); err != nil {
			return err
		}
	}

	return nil
}

// merge merges one pull request, or notes why not yet. Never in the pass that
// wrote the branch: its checks have not even begun then.
func (b *Bot) merge(ctx context.Context, s *site, p *Proposed, prs []gh.PullRequest) error {
	policy := s.view.PolicyOf(p.Change.Application)
	if policy.PullRequest.Merge == nil {
		return nil
	}

	p.Waits = b.unready(p, policy)
	if p.Waits != "" {
		return nil
	}

	// What costs requests is asked last.
	var err error
	if p.Waits, err = b.unsettled(ctx, s, p.PullRequest); err != nil || p.Waits != "" {
		return err
	}

	b.Progress("merging pull request %d", p.PullRequest.Number)

	_, err = b.GitHub.Merge(ctx, s.name, p.PullRequest.Number, p.PullRequest.Head.SHA, method(policy.PullRequest.Merge, s.info))

	if no, ok := errors.AsType[*gh.RefusedError](err); ok {
		p.Waits = "GitHub refuses: " + no.Message

		return nil
	}

	if err != nil {
		return fmt.Errorf("merging pull request %d: %w", p.PullRequest.Number, err)
	}

	p.Action = Merged

	for i := range prs {
		if prs[i].Number == p.PullRequest.Number {
			prs[i].State, prs[i].Merged = "closed", true
		}
	}

	return nil
}

// unready is what the change, the policy and the clock have against merging.
func (b *Bot) unready(p *Proposed, policy config.Application) string {
	c, merge, pr := p.Change, policy.PullRequest.Merge, p.PullRequest

	switch {
	case !slices.Contains(merge.Tracks, p.Track):
		return "the policy merges no pull request of track " + p.Track
	case p.Action != gh.Unchanged:
		return "it was " + string(p.Action) + " just now"
	case merge.When == config.MergeNoMigrations && c.Notes.Verdict != notes.NoMigrations:
		return fmt.Sprintf("the policy merges only what leaves the database alone, and this is %s", c.Notes.Verdict)
	case slices.ContainsFunc(c.Notes.Hazards, func(h notes.Hazard) bool { return h.Severity == notes.Error }):
		return "the notes name a hazard that breaks something"
	case pr.Draft:
		return "it is a draft"
	case slices.ContainsFunc(pr.Labels, func(l string) bool { return strings.EqualFold(l, holdLabel) }):
		return "a person gave it the label " + holdLabel
	}

	return plan.OutsideMergeWindow(policy.Windows.Merge, b.Now().In(b.Location))
}

// unsettled is what checks and reviewers have against merging.
func (b *Bot) unsettled(ctx context.Context, s *site, pr gh.PullRequest) (string, error) {
	checks, err := b.GitHub.Checks(ctx, s.name, pr.Head.SHA)
	if err != nil {
		return "", fmt.Errorf("reading the checks of pull request %d: %w", pr.Number, err)
	}

	if !checks.Green() {
		return "checks: " + checks.String(), nil
	}

	against, err := b.GitHub.Objections(ctx, s.name, pr.Number)
	if err != nil {
		return "", fmt.Errorf("reading the reviews of pull request %d: %w", pr.Number, err)
	}

	if len(against) > 0 {
		return "changes were requested by " + strings.Join(against, ", "), nil
	}

	return "", nil
}

// method is the policy's, or the first that the repository allows.
func method(m *config.Merge, r gh.Repository) gh.Method {
	switch {
	case m.Method != "":
		return gh.Method(m.Method)
	case len(r.Methods) > 0:
		return r.Methods[0]
	}

	return gh.MergeCommit
}
