package bot

import (
	"context"
	"fmt"

	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/look"
)

// farewell closes the onboarding pull request once the base branch has a
// policy, wherever that came from, and takes its branch away. One that a person
// committed to is theirs.
func (b *Bot) farewell(ctx context.Context, s *site) error {
	branch := gh.Branch(onboardingApplication, onboardingTrack)

	if !s.view.Settled {
		return nil
	}

	heads, err := b.heads(ctx, s)
	if err != nil || heads[branch] == "" {
		return err
	}

	foreign, err := b.foreignOn(ctx, s, branch)
	if err != nil || foreign != "" {
		return err
	}

	prs, err := b.GitHub.PullRequests(ctx, s.name, gh.Query{Application: onboardingApplication, Track: onboardingTrack})
	if err != nil {
		return fmt.Errorf("reading the pull requests of %s: %w", s.name, err)
	}

	if open, _ := onboardings(prs); open != nil {
		return b.retire(ctx, s, open, look.PolicyFile+" is on "+s.branch+" already")
	}

	return b.drop(ctx, s, branch, heads[branch])
}
