package bot

import (
	"context"
	"fmt"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/gh"
)

// The onboarding pull request stands beside those of applications: no track is
// called like this one.
const (
	onboardingApplication = "init"
	onboardingTrack       = "onboarding"
)

// What else can become of an onboarding.
const (
	// Exists: the base branch has a policy already.
	Exists gh.Action = "exists"
	// Declined: a person closed the pull request, and it is not opened again
	// unasked.
	Declined gh.Action = "declined"
)

// OnboardRequest is a person's wish to begin.
type OnboardRequest struct {
	// Again opens the pull request even though one was closed.
	Again bool
	// DryRun changes nothing.
	DryRun bool
}

// Onboarding is what became of the wish.
type Onboarding struct {
	Survey *Survey
	// Action is empty on a dry run.
	Action gh.Action
	// PullRequest is the one that was opened, or that is in the way.
	PullRequest gh.PullRequest
	// Why is the reason where the branch is Left.
	Why string
}

// Onboard opens, or brings in line, the pull request that gives a repository
// its policy. It is safe to repeat.
func (b *Bot) Onboard(ctx context.Context, repository config.Repository, r OnboardRequest) (*Onboarding, error) {
	b = b.begin()

	s, err := b.visit(ctx, repository)
	if err != nil {
		return nil, err
	}

	out := &Onboarding{}
	if out.Survey, err = b.Survey(ctx, s.view); err != nil {
		return nil, fmt.Errorf("%s: %w", s.name, err)
	}

	if out.Survey.Exists {
		out.Action = Exists

		return out, nil
	}

	prs, err := b.GitHub.PullRequests(ctx, s.name, gh.Query{Application: onboardingApplication, Track: onboardingTrack})
	if err != nil {
		return nil, fmt.Errorf("reading the pull requests of %s: %w", s.name, err)
	}

	open, closed := onboardings(prs)

	switch {
	case open == nil && closed != nil && !r.Again:
		out.Action, out.PullRequest = Declined, *closed

		return out, nil
	case open != nil:
		out.PullRequest = *open
	}

	if r.DryRun {
		return out, nil
	}

	return out, b.invite(ctx, s, out)
}

// onboardings are the open pull request and the newest one that was closed
// without a merge, nil where there is none.
func onboardings(prs []gh.PullRequest) (open, closed *gh.PullRequest) {
	for i, pr := range prs {
		switch {
		case pr.State == "open":
			open = &prs[i]
		case !pr.Merged && closed == nil:
			closed = &prs[i]
		}
	}

	return open, closed
}
