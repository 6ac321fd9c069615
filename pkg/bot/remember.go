package bot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/plan"
	"github.com/goingdark-social/bot/pkg/version"
)

// remember gathers what earlier passes left behind, in state and on GitHub.
func (b *Bot) remember(ctx context.Context, s *site, app patch.Application) (*memory, []gh.PullRequest, error) {
	data, err := s.git.ReadState(ctx, statePath(app.Name))
	if err != nil {
		return nil, nil, fmt.Errorf("reading the state of %s: %w", app.Name, err)
	}

	kept, err := parseState(app.Name, data)
	if err != nil {
		return nil, nil, err
	}

	m := &memory{state: kept, read: data, repository: s.name}
	m.stands(app, b.Now())

	prs, err := b.pullRequests(ctx, s, app.Name)
	if err != nil {
		return nil, nil, err
	}

	if err := b.closedAgain(ctx, s, app, prs); err != nil {
		return nil, nil, err
	}

	m.open, m.declined = proposedBy(prs), declined(prs)
	if m.room, err = b.room(ctx, s); err != nil {
		return nil, nil, err
	}

	if after := s.view.PolicyOf(app).After; after != nil {
		m.before, err = b.standOf(ctx, s, after.Application)
	}

	return m, prs, err
}

// pullRequests are those of an application's tracks, open and closed, the
// newest of each track first. They are read once a pass.
func (b *Bot) pullRequests(ctx context.Context, s *site, application string) ([]gh.PullRequest, error) {
	if known, ok := s.pulls[application]; ok {
		return known, nil
	}

	if all, ok := b.listed(s, application); ok {
		s.pulls[application] = all

		return all, nil
	}

	var all []gh.PullRequest

	for _, track := range config.Tracks() {
		prs, err := b.GitHub.PullRequests(ctx, s.name, gh.Query{Application: application, Track: track})
		if err != nil {
			return nil, fmt.Errorf("reading the pull requests of %s: %w", s.name, err)
		}

		all = append(all, prs...)
	}

	s.pulls[application] = all
	b.noteListed(s, application, all)

	return all, nil
}

// standOf is where another application of the repository stands, and since
// when: since its roll-out ended where one was followed, since its pull request
// was merged, or else since a pass first saw it. It is nil while nothing says
// since when.
func (b *Bot) standOf(ctx context.Context, s *site, application string) (*plan.Stand, error) {
	i := slices.IndexFunc(s.view.Tree.Applications, func(a patch.Application) bool { return a.Name == application })
	if i < 0 {
		return nil, nil //nolint:nilnil // nothing is known of it, which is no error
	}

	other := s.view.Tree.Applications[i]
	if other.Mixed {
		return nil, nil //nolint:nilnil // it stands nowhere
	}

	seen, current, err := b.seenOf(ctx, s, other)
	if err != nil {
		return nil, err
	}

	switch r := seen.Rollout; {
	case b.Live != nil && !current, current && r.Following():
		return &plan.Stand{On: other.On, Rolling: true}, nil
	case current && r != nil:
		return stand(other, r.Done), nil
	}

	since, err := b.mergedAt(ctx, s, other)
	if err != nil || !since.IsZero() || !current {
		return stand(other, since), err
	}

	return stand(other, seen.Since), nil
}

// seenOf is the state of another application, and whether a pass has seen it
// where it stands.
func (b *Bot) seenOf(ctx context.Context, s *site, other patch.Application) (state, bool, error) {
	data, err := s.git.ReadState(ctx, statePath(other.Name))
	if err != nil {
		return state{}, false, fmt.Errorf("reading the state of %s: %w", other.Name, err)
	}

	seen, err := parseState(other.Name, data)

	return seen, err == nil && slices.Equal(seen.On, tagsOf(other.On)), err
}

func stand(a patch.Application, since time.Time) *plan.Stand {
	return &plan.Stand{On: a.On, Since: since}
}

// mergedAt is when the pull request that brought an application where it is
// was merged; zero when no pull request did.
func (b *Bot) mergedAt(ctx context.Context, s *site, app patch.Application) (time.Time, error) {
	prs, err := b.pullRequests(ctx, s, app.Name)
	if err != nil {
		return time.Time{}, err
	}

	if pr := bringer(prs, app.On); pr != nil {
		return pr.MergedAt, nil
	}

	return time.Time{}, nil
}

// bringer is the pull request merged last that moved to one of on; nil: none.
func bringer(prs []gh.PullRequest, on []version.Version) *gh.PullRequest {
	var last *gh.PullRequest

	for i, pr := range prs {
		if pr.Merged && slices.ContainsFunc(on, version.Parse(pr.Marker.To).Equal) && (last == nil || pr.MergedAt.After(last.MergedAt)) {
			last = &prs[i]
		}
	}

	return last
}

// proposedBy are the releases that open pull requests propose.
func proposedBy(prs []gh.PullRequest) []version.Version {
	var out []version.Version

	for _, pr := range prs {
		if pr.State == "open" {
			out = append(out, version.Parse(pr.Marker.To))
		}
	}

	return out
}

// openOn is the open pull request of a track, nil when there is none.
func openOn(prs []gh.PullRequest, track string) *gh.PullRequest {
	i := slices.IndexFunc(prs, func(pr gh.PullRequest) bool { return pr.State == "open" && pr.Marker.Track == track })
	if i < 0 {
		return nil
	}

	return &prs[i]
}
