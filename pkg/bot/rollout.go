package bot

import (
	"context"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/notify"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/rollout"
	"github.com/goingdark-social/bot/pkg/status"
	"github.com/goingdark-social/bot/pkg/version"
)

// embark begins to follow what a merged pull request brought to the base. One
// that was followed and has not ended gives way, and its pull request is told
// so. What a person put there, or takes back, is not followed.
func (b *Bot) embark(ctx context.Context, s *site, app patch.Application, m *memory, out *ApplicationResult, prs []gh.PullRequest) {
	if m.Rollout != nil && !slices.ContainsFunc(app.On, version.Parse(m.Rollout.To).Equal) {
		if m.Rollout.Following() {
			out.news = append(out.news, b.replaced(s, app, m.Rollout, prs))
		}

		m.Rollout = nil
	}

	if b.Live == nil || m.was == "" || app.Mixed || len(app.On) != 1 {
		return
	}

	by := successor(prs, app.On, m.was)
	if by == nil {
		return
	}

	m.Rollout = &rollout.Rollout{
		From: m.was, To: app.On[0].String(), Track: by.Marker.Track, PullRequest: by.Number, Merged: by.MergedAt,
		Back: b.notes(ctx, s.view, b.bare(s, app, m), []string{m.was}, app.On[0]).Back,
	}

	if m.Rollout.Merged.IsZero() {
		m.Rollout.Merged = b.Now() // by this pass
	}
}

// watch looks how far a roll-out has come, and adds to the result what there
// is to tell: that it is stuck, or once everything runs, the times.
func (b *Bot) watch(ctx context.Context, s *site, app patch.Application, m *memory, out *ApplicationResult, in *drift.Input, prs []gh.PullRequest) {
	if !m.Rollout.Following() {
		return
	}

	v := rollout.Sight{
		Rollout: m.Rollout, Findings: out.Findings, Dark: out.Dark, Within: s.view.PolicyOf(app).Rollout.Within, Now: b.Now(),
	}

	if in != nil && in.Outside.Cluster != nil { // nothing is concluded from a cluster that could not be read
		v.Progress, v.Seen, v.Engines = in.Progress(), true, in.Engines()
		v.Follow(v.Progress, b.Now())
	}

	out.Rollout = m.Rollout

	var e notify.Event

	if m.Due == nil && m.Rollout.Arrive(b.Now(), m.ended) {
		e = arrived(v)
	} else {
		c := v.Why()
		if c == nil {
			return
		}

		e = b.stuckEvent(ctx, s, out.Name, v, c)

		set(&m.Rollout.Stuck, c.ID, b.Now())
	}

	e.Repository, e.Application, e.At = s.name, out.Name, b.Now()
	e.Track, e.To = m.Rollout.Track, m.Rollout.To

	e.PullRequest = broughtBy(m.Rollout, prs)

	out.news = append(out.news, e)
}

// arrived is the end of a roll-out with its times.
func arrived(v rollout.Sight) notify.Event {
	e := notify.Event{Kind: notify.RolledOut, Facts: v.Times()}

	var engines []string
	for _, engine := range v.Engines {
		engines = append(engines, engine.String())
	}

	if len(engines) > 0 {
		e.Facts = append(e.Facts, [2]string{"engine", strings.Join(engines, "; ")})
	}

	return e
}

// stuckEvent is what people are told, with the end of the log of a Job that
// failed.
func (b *Bot) stuckEvent(ctx context.Context, s *site, app string, v rollout.Sight, c *rollout.Cause) notify.Event {
	e := notify.Event{Kind: notify.Stuck, Cause: c.ID, Lines: c.Lines}

	if v.Back != "" {
		e.Summary = "The way back: " + v.Back
	}

	if c.ID == rollout.MigrateFailed {
		e.Log = b.jobLog(ctx, s, app, v.Progress)
	}

	return e
}

// jobLog is the end of the log of the first Job that failed, fit to be shown.
func (b *Bot) jobLog(ctx context.Context, s *site, app string, p drift.Progress) string {
	for _, j := range p.Jobs {
		if j.Pod == "" || j.State != drift.JobFailed && j.State != drift.JobRunning {
			continue
		}

		text, err := b.Live.Log(ctx, s.name, app, j.Namespace, j.Pod, j.Container)
		if err != nil {
			b.Log.WarnContext(ctx, "the log of a Job could not be read", "repository", s.name, "application", app, "job", j.Name, "error", err)

			continue
		}

		return rollout.Showable(text)
	}

	return ""
}

// replaced is the end of a roll-out that another release cut short: who took
// over, when, and how far it had come by what passes saw.
func (b *Bot) replaced(s *site, app patch.Application, r *rollout.Rollout, prs []gh.PullRequest) notify.Event {
	e := notify.Event{
		Kind: notify.Replaced, Repository: s.name, Application: app.Name, At: b.Now(),
		Track: r.Track, To: r.To, Next: strings.Join(tagsOf(app.On), ", "), PullRequest: broughtBy(r, prs),
	}

	when := b.Now()

	if by := successor(prs, app.On, r.To); by != nil && by.Number != r.PullRequest {
		if e.By = about(*by); !by.MergedAt.IsZero() {
			when = by.MergedAt
		}
	}

	e.Facts = [][2]string{{"merged", rollout.Stamp(r.Merged)}, {"replaced", r.After(when)}, {"had come so far", r.Detail()}}

	return e
}

// broughtBy is the pull request that brought it; nil: it is not to be found.
func broughtBy(r *rollout.Rollout, prs []gh.PullRequest) *notify.PullRequest {
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

// rollout is the one that is followed, for people to look at.
func (a *ApplicationResult) rollout(out *status.Application) {
	r := a.Rollout
	if r == nil {
		return
	}

	out.Rollout = &status.Rollout{From: r.From, To: r.To, Since: r.Merged, State: r.State(), Detail: r.Detail()}
}
