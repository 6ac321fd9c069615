package bot

import (
	"context"
	"slices"
	"time"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/version"
)

// Rollout is a merged pull request on its way into the cluster. It is part of
// the state, so that whichever process comes next follows it on.
type Rollout struct {
	From        string    `json:"from"`
	To          string    `json:"to"`
	Track       string    `json:"track,omitempty"`
	PullRequest int       `json:"pull_request"`
	Merged      time.Time `json:"merged"`
	// Back is the way back, as the notes told it.
	Back string `json:"back,omitempty"`
	// Migrated is when the Job ended that migrates ahead of the roll-out, and
	// Finished the one that runs every migration; zero: not seen.
	Migrated time.Time `json:"migrated,omitzero"`
	Finished time.Time `json:"finished,omitzero"`
	// Components are when the first and the last pod of each became ready.
	Components []RolloutComponent `json:"components,omitempty"`
	// Settled is when every component was seen on To; Done when nothing was
	// left to be run either. Zero: not yet.
	Settled time.Time `json:"settled,omitzero"`
	Done    time.Time `json:"done,omitzero"`
	// Stuck has the causes that people were told, and when.
	Stuck map[string]time.Time `json:"stuck,omitempty"`
	// Doubts are causes that may pass by themselves, and since when they last.
	Doubts map[string]time.Time `json:"doubts,omitempty"`
}

// RolloutComponent is one component on its way.
type RolloutComponent struct {
	Name  string    `json:"name"`
	First time.Time `json:"first,omitzero"`
	Last  time.Time `json:"last,omitzero"`
}

// following tells that there is a roll-out which has not ended.
func (r *Rollout) following() bool { return r != nil && r.Done.IsZero() }

// State is one word: running, stuck or done.
func (r *Rollout) State() string {
	switch {
	case !r.Done.IsZero():
		return "done"
	case len(r.Stuck) > 0:
		return "stuck"
	default:
		return "running"
	}
}

// embark begins to follow what a merged pull request brought to the base. One
// that was followed and has not ended gives way, and its pull request is told
// so. What a person put there, or takes back, is not followed.
func (b *Bot) embark(ctx context.Context, s *site, app patch.Application, m *memory, out *ApplicationResult, prs []gh.PullRequest) {
	if m.Rollout != nil && !slices.ContainsFunc(app.On, version.Parse(m.Rollout.To).Equal) {
		if m.Rollout.following() {
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

	m.Rollout = &Rollout{
		From: m.was, To: app.On[0].String(), Track: by.Marker.Track, PullRequest: by.Number, Merged: by.MergedAt,
		Back: b.notes(ctx, s.view, b.bare(s, app, m), []string{m.was}, app.On[0]).Back,
	}

	if m.Rollout.Merged.IsZero() {
		m.Rollout.Merged = b.Now() // by this pass
	}
}

// follow notes how far a roll-out has come. Nothing is concluded from a
// cluster that could not be read.
func (m *memory) follow(in *drift.Input, now time.Time) (p drift.Progress, seen bool) {
	r := m.Rollout
	if !r.following() || in == nil || in.Outside.Cluster == nil {
		return p, false
	}

	p = in.Progress()

	for _, j := range p.Jobs {
		switch {
		case j.State != drift.JobDone || j.Ended.Before(r.Merged):
		case j.All:
			r.Finished = j.Ended
		default:
			r.Migrated = j.Ended
		}
	}

	for _, w := range p.Workloads {
		r.seen(w)
	}

	if p.Settled() && r.Settled.IsZero() {
		r.Settled = r.lastPod(now)
	}

	return p, true
}

// seen notes the pods of a workload: the first and the last of a component,
// whatever it is made of.
func (r *Rollout) seen(w drift.WorkloadProgress) {
	i := slices.IndexFunc(r.Components, func(c RolloutComponent) bool { return c.Name == w.Component })
	if i < 0 {
		i = len(r.Components)
		r.Components = append(r.Components, RolloutComponent{Name: w.Component})
	}

	c := &r.Components[i]
	if !w.First.IsZero() && (c.First.IsZero() || w.First.Before(c.First)) {
		c.First = w.First
	}

	if w.Last.After(c.Last) && r.Settled.IsZero() {
		c.Last = w.Last
	}
}

// lastPod is when the last pod became ready, or now where no pod says so.
func (r *Rollout) lastPod(now time.Time) time.Time {
	var last time.Time

	for _, c := range r.Components {
		if c.Last.After(last) {
			last = c.Last
		}
	}

	if last.Before(r.Merged) {
		return now
	}

	return last
}

// arrive ends a roll-out when everything runs and nothing is due any more.
func (m *memory) arrive(now time.Time) bool {
	r := m.Rollout
	if !r.following() || r.Settled.IsZero() || m.Due != nil {
		return false
	}

	r.Done = r.Settled
	if r.Finished.After(r.Done) {
		r.Done = r.Finished
	}

	if m.ended {
		r.Done = now // what was due has been done since the last look
	}

	return true
}
