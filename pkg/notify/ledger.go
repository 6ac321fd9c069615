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
}

// An event waits for so long, among so many: news that is older is none.
const (
	waitsFor    = 3 * 24 * time.Hour
	mostWaiting = 50
)

// failuresKept is how long the keys of failed passes stay: they carry a day, so after it they are never asked for.
const failuresKept = 7 * 24 * time.Hour

// Recovered says that a pass over an application succeeded: the same failure is news again.
func (l *Ledger) Recovered(repository, application string) {
	prefix := strings.Join([]string{string(Failed), plainPart(repository), plainPart(application), ""}, " ")
	maps.DeleteFunc(l.Sent, func(key string, _ time.Time) bool {
		_, event, _ := strings.Cut(key, " ")
		return strings.HasPrefix(event, prefix)
	})
}

// Merge adds what another copy of the ledger knows, for two writers of one state: what either sent is sent.
func (l *Ledger) Merge(other Ledger) {
	for k, at := range other.Sent {
		if have, ok := l.Sent[k]; !ok || at.Before(have) {
			l.mark(k, at)
		}
	}
	for k, thread := range other.Threads {
		if l.Threads[k] == "" {
			l.follow(k, thread)
		}
	}
	l.Waiting = l.queue(other.Waiting)
}

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
		lacks := func(t Target) bool { return !l.has(ledgerKey(t, e)) }
		if slices.ContainsFunc(targets, lacks) {
			l.Waiting = append(l.Waiting, e)
		}
	}
	l.Waiting = l.Waiting[max(0, len(l.Waiting)-mostWaiting):]
}

func ledgerKey(t Target, e Event) string { return t.Name() + " " + e.Key() }

func (l *Ledger) has(key string) bool {
	_, ok := l.Sent[key]
	return ok
}

func (l *Ledger) mark(key string, at time.Time) {
	if l.Sent == nil {
		l.Sent = map[string]time.Time{}
	}
	l.Sent[key] = at.UTC()
}

func (l *Ledger) follow(key, thread string) {
	if l.Threads == nil {
		l.Threads = map[string]string{}
	}
	l.Threads[key] = thread
}

// prune forgets failures of long ago, and what has waited too long.
func (l *Ledger) prune(now time.Time) {
	l.Waiting = slices.DeleteFunc(l.Waiting, func(e Event) bool { return now.Sub(e.At) > waitsFor })
	maps.DeleteFunc(l.Sent, func(key string, at time.Time) bool {
		_, event, _ := strings.Cut(key, " ")
		return strings.HasPrefix(event, string(Failed)+" ") && now.Sub(at) > failuresKept
	})
}
