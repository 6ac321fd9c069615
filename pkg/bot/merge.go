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
	"github.com/goingdark-social/bot/pkg/severity"
)

// holdLabel on a pull request keeps the bot from merging it.
const holdLabel = "hold"

// mergeAll makes drafts ready whose checks have passed, and merges what the
// policy lets it merge.
func (b *Bot) mergeAll(ctx context.Context, s *site, m *memory, out *ApplicationResult, prs []gh.PullRequest) error {
	for i := range out.Proposed {
		p := &out.Proposed[i]
		if p.Action != gh.Unchanged {
			// Not in the pass that wrote the branch: its checks have not begun.
			if s.view.PolicyOf(p.Change.Application).PullRequest.Merge != nil {
				p.Waits = "it was " + string(p.Action) + " just now"
			}

			continue
		}

		if err := b.ready(ctx, s, p); err != nil {
			return err
		}

		if err := b.merge(ctx, s, p, prs, func() (string, error) { return b.amiss(ctx, s, p, out.Findings, m.Rollout) }); err != nil {
			return err
		}
	}

	return nil
}

// ready makes a draft ready for review once its checks have passed, and only
// once: a person who makes it a draft again is right.
func (b *Bot) ready(ctx context.Context, s *site, p *Proposed) error {
	if !p.PullRequest.Draft || !s.view.PolicyOf(p.Change.Application).PullRequest.Draft {
		return nil
	}

	checks, err := b.GitHub.Checks(ctx, s.name, p.PullRequest.Head.SHA)
	if err != nil {
		return fmt.Errorf("reading the checks of pull request %d: %w", p.PullRequest.Number, err)
	}

	if !checks.Green() {
		return nil
	}

	is, err := b.GitHub.Ready(ctx, s.name, p.PullRequest)
	if err != nil {
		return fmt.Errorf("making pull request %d ready for review: %w", p.PullRequest.Number, err)
	}

	if is {
		p.PullRequest.Draft, p.Action = false, gh.Updated
	}

	return nil
}

// merge merges one pull request, or notes why not yet. amiss is asked when
// policy and clock have nothing against it.
func (b *Bot) merge(ctx context.Context, s *site, p *Proposed, prs []gh.PullRequest, amiss func() (string, error)) (err error) {
	policy := s.view.PolicyOf(p.Change.Application)
	if policy.PullRequest.Merge == nil {
		return nil
	}

	if p.Waits = b.unready(p, policy); p.Waits == "" {
		if p.Waits, err = amiss(); err != nil {
			return err
		}
	}

	if p.Waits != "" {
		return b.recall(ctx, s, p)
	}

	if policy.PullRequest.Merge.By == config.MergeByGitHub {
		if done, err := b.delegate(ctx, s, p, policy.PullRequest.Merge); done || err != nil {
			return err
		}
	}

	// What costs requests is asked last.
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

// delegate lets GitHub do the merge when the rules of the base branch are met.
// It is not done where GitHub has nothing to wait for, or does not offer it.
func (b *Bot) delegate(ctx context.Context, s *site, p *Proposed, m *config.Merge) (done bool, err error) {
	if p.PullRequest.AutoMergeBy == "" {
		if p.Waits, err = b.objections(ctx, s, p.PullRequest); err != nil || p.Waits != "" {
			return true, err
		}

		err = b.GitHub.AutoMerge(ctx, s.name, p.PullRequest, method(m, s.info))
	}

	if _, no := errors.AsType[*gh.RefusedError](err); no {
		return false, nil
	}

	if err != nil {
		return false, fmt.Errorf("letting GitHub merge pull request %d: %w", p.PullRequest.Number, err)
	}

	p.Waits = "GitHub merges it when the rules of " + s.branch + " are met"

	return true, nil
}

// recall keeps GitHub from merging what the program told it to merge and the
// policy no longer wants merged now. What a person told it stands.
func (b *Bot) recall(ctx context.Context, s *site, p *Proposed) error {
	if p.PullRequest.AutoMergeBy == "" || p.PullRequest.AutoMergeBy != p.PullRequest.Author {
		return nil
	}

	if err := b.GitHub.NoAutoMerge(ctx, s.name, p.PullRequest); err != nil {
		return fmt.Errorf("keeping GitHub from merging pull request %d: %w", p.PullRequest.Number, err)
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
		return "it was made ready for review just now"
	case merge.When == config.MergeNoMigrations && c.Notes.Verdict != notes.NoMigrations:
		return fmt.Sprintf("the policy merges only what leaves the database alone, and this is %s", c.Notes.Verdict)
	case slices.ContainsFunc(c.Notes.Hazards, func(h notes.Hazard) bool { return h.Severity == severity.Error }):
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

	return b.objections(ctx, s, pr)
}

// objections are the reviewers whose last word is against it.
func (b *Bot) objections(ctx context.Context, s *site, pr gh.PullRequest) (string, error) {
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
