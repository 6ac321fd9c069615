package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/repo"
)

const onboardingTitle = "Add bot.yaml, the policy for Mastodon's releases"

// invite brings the branch and the pull request in line with the survey. Each
// step is safe to repeat.
func (b *Bot) invite(ctx context.Context, s *site, out *Onboarding) error {
	branch := gh.Branch(onboardingApplication, onboardingTrack)

	var lost *repo.LeaseError

	for range lostRaces {
		foreign, err := b.publishPolicy(ctx, s, branch, out.Survey.Policy)
		if errors.As(err, &lost) {
			continue
		}

		if err != nil {
			return err
		}

		if foreign != "" {
			out.Action, out.Why = Left, foreign

			return nil
		}

		return b.openOnboarding(ctx, s, branch, out)
	}

	return fmt.Errorf("branch %s moved %d times while it was written: %w", branch, lostRaces, lost)
}

// publishPolicy makes the branch add the file, as one commit on the base. It
// leaves a branch alone that does already, and one that a person committed to:
// then foreign says whose commit it is.
func (b *Bot) publishPolicy(ctx context.Context, s *site, branch string, policy []byte) (foreign string, err error) {
	heads, err := s.git.Heads(ctx)
	if err != nil {
		return "", fmt.Errorf("reading the branches of %s: %w", s.name, err)
	}

	sum := sha256.Sum256(policy)
	content := contentTrailer + "sha256:" + hex.EncodeToString(sum[:])

	if heads[branch] != "" {
		entries, err := s.git.Ahead(ctx, branch, s.base)
		if err != nil {
			return "", fmt.Errorf("reading the commits of %s: %w", branch, err)
		}

		if foreign := b.foreign(entries); foreign != "" {
			return foreign, nil
		}

		if slices.ContainsFunc(entries, func(e repo.LogEntry) bool { return b.wrote(e) && strings.Contains(e.Message, content) }) {
			return "", nil
		}
	}

	err = b.commit(ctx, s, branch, heads[branch], []repo.Change{{Path: look.PolicyFile, Content: policy}}, repo.Message{
		Text: onboardingTitle + "\n\nEvery key that does not name an application is switched off: the defaults hold.\n\n" + content + "\n",
		Time: s.base.Entry().Committer.When,
	})

	return "", err
}

// openOnboarding makes the pull request say what was found.
func (b *Bot) openOnboarding(ctx context.Context, s *site, branch string, out *Onboarding) error {
	b.Progress("pull request for %s", look.PolicyFile)

	text, rest := gh.Fit(invitation(out.Survey), "The rest is in the first comment.", 0)

	pr, action, err := b.GitHub.Ensure(ctx, s.name, gh.Want{
		Head: branch, Base: s.branch, Title: onboardingTitle, Body: text,
		Marker: gh.Marker{Version: 1, Application: onboardingApplication, Track: onboardingTrack},
	})
	if err != nil {
		return fmt.Errorf("opening the onboarding pull request: %w", err)
	}

	for part := 1; rest != ""; part++ {
		text, rest = gh.Fit(rest, "", 0)

		if _, err := b.GitHub.Comment(ctx, s.name, pr.Number, text, fmt.Sprintf("onboarding/%d", part)); err != nil {
			return fmt.Errorf("commenting on pull request %d: %w", pr.Number, err)
		}
	}

	out.PullRequest, out.Action = pr, action

	return nil
}
