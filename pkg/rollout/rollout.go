package rollout

import (
	"slices"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/drift"
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
	Components []Component `json:"components,omitempty"`
	// Settled is when every component was seen on To; Done when nothing was
	// left to be run either. Zero: not yet.
	Settled time.Time `json:"settled,omitzero"`
	Done    time.Time `json:"done,omitzero"`
	// Stuck has the causes that people were told, and when.
	Stuck map[string]time.Time `json:"stuck,omitempty"`
	// Doubts are causes that may pass by themselves, and since when they last.
	Doubts map[string]time.Time `json:"doubts,omitempty"`
}

// Component is one component on its way.
type Component struct {
	Name  string    `json:"name"`
	First time.Time `json:"first,omitzero"`
	Last  time.Time `json:"last,omitzero"`
}

// Following tells that there is a roll-out which has not ended.
func (r *Rollout) Following() bool { return r != nil && r.Done.IsZero() }

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

// Follow notes what one look at the cluster shows.
func (r *Rollout) Follow(p drift.Progress, now time.Time) {
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
}

// seen notes the pods of a workload: the first and the last of a component,
// whatever it is made of.
func (r *Rollout) seen(w drift.WorkloadProgress) {
	i := slices.IndexFunc(r.Components, func(c Component) bool { return c.Name == w.Component })
	if i < 0 {
		i = len(r.Components)
		r.Components = append(r.Components, Component{Name: w.Component})
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

// Arrive ends a roll-out whose every component was seen on the release, and of
// which nothing is due any more. Just tells that something was due until now.
func (r *Rollout) Arrive(now time.Time, just bool) bool {
	if !r.Following() || r.Settled.IsZero() {
		return false
	}

	r.Done = r.Settled
	if r.Finished.After(r.Done) {
		r.Done = r.Finished
	}

	if just {
		r.Done = now
	}

	return true
}
