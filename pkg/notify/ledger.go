package notify

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Ledger is what was sent. It is kept between passes, as JSON in the application's state; the zero value is an empty one.
type Ledger struct {
	// Sent has the time of each event by target and key.
	Sent map[string]time.Time `json:"sent,omitempty"`
	// Threads has the conversation of each pull request by target, in the target's own words.
	Threads map[string]string `json:"threads,omitempty"`
	// Waiting are the events that some target could not be told, oldest first: whoever saw them happen need not see it
	// again for them to be told.
	Waiting []Event `json:"waiting,omitempty"`
	// Successes has the time of the first pass that succeeded after a failure, by repository and application.
	Successes map[string]time.Time `json:"successes,omitempty"`
}

// How long and how many: news that is older is none, and a failure's key carries a day that never comes again.
const (
	waitsFor     = 3 * 24 * time.Hour
	mostWaiting  = 50
	failuresKept = 7 * 24 * time.Hour
	// againKept is longer than the longest pause between two tellings of what is told again.
	againKept = 15 * 24 * time.Hour
)

// Recovered says that a pass over an application succeeded: a failure before it that still waits is no news any more, and
// the same failure after it is news again, on the same day too.
func (l *Ledger) Recovered(repository, application string, at time.Time) {
	scope := Event{Repository: repository, Application: application}.scope()
	if l.failing(scope) {
		set(&l.Successes, scope, at.UTC())
		l.prune(at)
	}
}

// failing says whether a failure was told, or waits to be, since the last success.
func (l *Ledger) failing(scope string) bool {
	for key, sent := range l.Sent {
		if _, event, _ := strings.Cut(key, " "); strings.HasPrefix(event, string(Failed)+" "+scope+" ") && sent.After(l.Successes[scope]) {
			return true
		}
	}
	return slices.ContainsFunc(l.Waiting, func(e Event) bool { return e.Kind == Failed && e.scope() == scope })
}

// Merge adds what another copy of the ledger knows, for two writers of one state: what either sent is sent, and what either
// has done with waits no longer.
func (l *Ledger) Merge(other Ledger) {
	done := func(e Event, in *Ledger) bool { return in.told(e) && !in.waits(e) }
	waiting := slices.DeleteFunc(slices.Clone(l.Waiting), func(e Event) bool { return done(e, &other) })
	for _, e := range other.Waiting {
		if !done(e, l) && !l.waits(e) {
			waiting = append(waiting, e)
		}
	}
	l.Waiting = waiting
	later(&l.Sent, other.Sent)
	later(&l.Successes, other.Successes)
	for k, thread := range other.Threads {
		if l.Threads[k] == "" {
			set(&l.Threads, k, thread)
		}
	}
	l.prune(l.newest())
}

// told says whether any target was told.
func (l *Ledger) told(e Event) bool {
	for key := range l.Sent {
		if _, event, _ := strings.Cut(key, " "); event == e.Key() {
			return true
		}
	}
	return false
}

func (l *Ledger) waits(e Event) bool {
	return slices.ContainsFunc(l.Waiting, func(w Event) bool { return w.Key() == e.Key() })
}

// has says whether a target was told, for a failure since the last success.
func (l *Ledger) has(t Target, e Event) bool {
	at, ok := l.Sent[ledgerKey(t, e)]
	return ok && (e.Kind != Failed || at.After(l.Successes[e.scope()]))
}

func ledgerKey(t Target, e Event) string { return t.Name() + " " + e.Key() }

// queue puts events behind those that wait. One that waits already keeps its place and is told as it is now.
func (l *Ledger) queue(events []Event) []Event {
	all := slices.Clone(l.Waiting)
	for _, e := range events {
		if i := slices.IndexFunc(all, func(w Event) bool { return w.Key() == e.Key() }); i >= 0 {
			all[i] = e
			continue
		}
		all = append(all, e)
	}
	return all
}

// wait keeps the events that a target lacks.
func (l *Ledger) wait(targets []Target, events []Event) {
	l.Waiting = nil
	for _, e := range events {
		if slices.ContainsFunc(targets, func(t Target) bool { return !l.has(t, e) }) {
			l.Waiting = append(l.Waiting, e)
		}
	}
	l.Waiting = l.Waiting[max(0, len(l.Waiting)-mostWaiting):]
}

// prune forgets failures of long ago, and what has waited too long.
func (l *Ledger) prune(now time.Time) {
	l.Waiting = slices.DeleteFunc(l.Waiting, func(e Event) bool {
		return now.Sub(e.At) > waitsFor || e.Kind == Failed && !e.At.After(l.Successes[e.scope()])
	})
	maps.DeleteFunc(l.Sent, func(key string, at time.Time) bool {
		_, event, _ := strings.Cut(key, " ")
		kind, _, _ := strings.Cut(event, " ")
		return Kind(kind).again() && now.Sub(at) > againKept
	})
	maps.DeleteFunc(l.Successes, func(_ string, at time.Time) bool { return now.Sub(at) > failuresKept })
}

// newest is the latest time that the ledger knows: its clock, where nobody brings one.
func (l *Ledger) newest() time.Time {
	var newest time.Time
	for _, at := range l.Sent {
		newest = latest(newest, at)
	}
	for _, e := range l.Waiting {
		newest = latest(newest, e.At)
	}
	return newest
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// later takes over the times that are missing or earlier.
func later(mine *map[string]time.Time, theirs map[string]time.Time) {
	for k, at := range theirs {
		set(mine, k, latest((*mine)[k], at))
	}
}

// set writes to a map that may not be there yet.
func set[V any](m *map[string]V, key string, v V) {
	if *m == nil {
		*m = map[string]V{}
	}
	(*m)[key] = v
}
