package bot

import (
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/notify"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/version"
)

// replaced is the end of a roll-out that another release cut short: who took
// over, when, and how far it had come by what passes saw.
func (b *Bot) replaced(s *site, app patch.Application, r *Rollout, prs []gh.PullRequest) notify.Event {
	e := notify.Event{
		Kind: notify.Replaced, Repository: s.name, Application: app.Name, At: b.Now(),
		Track: r.Track, To: r.To, Next: strings.Join(tagsOf(app.On), ", "), PullRequest: r.pullRequest(prs),
	}

	when := b.Now()

	if by := successor(prs, app.On, r.To); by != nil && by.Number != r.PullRequest {
		if e.By = about(*by); !by.MergedAt.IsZero() {
			when = by.MergedAt
		}
	}

	e.Facts = [][2]string{{"merged", stamp(r.Merged)}, {"replaced", r.after(when)}, {"had come so far", r.Detail()}}

	return e
}

// pullRequest is the one that brought it; nil: it is not to be found.
func (r *Rollout) pullRequest(prs []gh.PullRequest) *notify.PullRequest {
	i := slices.IndexFunc(prs, func(pr gh.PullRequest) bool { return pr.Number == r.PullRequest })
	if i < 0 {
		return nil
	}

	return about(prs[i])
}

// successor is the pull request that brought the base from a version to one of
// on; nil: a person did, which is so too where the base went back to what a pull
// request had brought before.
func successor(prs []gh.PullRequest, on []version.Version, was string) *gh.PullRequest {
	by, before := bringer(prs, on), bringer(prs, []version.Version{version.Parse(was)})
	if by == nil || before != nil && by.MergedAt.Before(before.MergedAt) {
		return nil
	}

	return by
}
