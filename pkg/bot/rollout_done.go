package bot

import (
	"context"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/notify"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/status"
)

// watch looks how far a roll-out has come, and adds to the result what there
// is to tell: that it is stuck, or once everything runs, the times.
func (b *Bot) watch(ctx context.Context, s *site, app patch.Application, m *memory, out *ApplicationResult, in *drift.Input, prs []gh.PullRequest) {
	if !m.Rollout.following() {
		return
	}

	v := sight{
		Rollout: m.Rollout, in: in, findings: out.Findings, dark: out.Dark, within: s.view.PolicyOf(app).Rollout.Within, now: b.Now(),
	}
	v.progress, v.seen = m.follow(in, b.Now())
	out.Rollout = m.Rollout

	var e notify.Event

	if m.arrive(b.Now()) {
		e = m.Rollout.arrived(in)
	} else {
		c := v.stuck()
		if c == nil {
			return
		}

		e = b.stuckEvent(ctx, s, out.Name, v, c)

		set(&m.Rollout.Stuck, c.id, b.Now())
	}

	e.Repository, e.Application, e.At = s.name, out.Name, b.Now()
	e.Track, e.To = m.Rollout.Track, m.Rollout.To

	e.PullRequest = m.Rollout.pullRequest(prs)

	out.news = append(out.news, e)
}

// arrived is the end of a roll-out with its times.
func (r *Rollout) arrived(in *drift.Input) notify.Event {
	e := notify.Event{Kind: notify.RolledOut}

	add := func(name, value string) {
		if value != "" {
			e.Facts = append(e.Facts, [2]string{name, value})
		}
	}

	add("merged", stamp(r.Merged))
	add("migrate Job done", r.after(r.Migrated))

	for _, c := range r.Components {
		switch {
		case c.First.IsZero():
		case c.First.Equal(c.Last):
			add(c.Name, "its pod "+r.after(c.First))
		default:
			add(c.Name, "first pod "+r.after(c.First)+", last pod "+r.after(c.Last))
		}
	}

	add("every migration done", r.after(r.Finished))
	add("total", span(r.Done.Sub(r.Merged)))

	if in != nil {
		var engines []string
		for _, engine := range in.Engines() {
			engines = append(engines, engine.String())
		}

		add("engine", strings.Join(engines, "; "))
	}

	return e
}

// after is a time and how long after the merge it was; "" for none.
func (r *Rollout) after(t time.Time) string {
	if t.IsZero() {
		return ""
	}

	return stamp(t) + " (+" + span(t.Sub(r.Merged)) + ")"
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// span is a duration in minutes, or seconds where it is short.
func span(d time.Duration) string {
	if d = max(0, d); d < time.Minute {
		return d.Truncate(time.Second).String()
	}

	text := strings.TrimSuffix(d.Truncate(time.Minute).String(), "0s")
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}

	return text
}

// rollout is the one that is followed, for people to look at.
func (a *ApplicationResult) rollout(out *status.Application) {
	r := a.Rollout
	if r == nil {
		return
	}

	out.Rollout = &status.Rollout{From: r.From, To: r.To, Since: r.Merged, State: r.State(), Detail: r.Detail()}
}

// Detail is how far it has come, in a few words.
func (r *Rollout) Detail() string {
	var on []string

	for _, c := range r.Components {
		if !c.First.IsZero() {
			on = append(on, c.Name)
		}
	}

	switch {
	case !r.Done.IsZero():
		return "it took " + span(r.Done.Sub(r.Merged))
	case !r.Settled.IsZero():
		return "every component runs it, and post-deployment migrations are due"
	case len(on) > 0:
		return "pods of " + strings.Join(on, ", ") + " run it"
	case !r.Migrated.IsZero():
		return "the migrate Job has ended, and no pod runs it yet"
	default:
		return "nothing of it was seen yet"
	}
}
