package notify

import (
	"maps"
	"strings"
	"time"
)

// Ledger is what was sent. It is kept between passes, as JSON in the application's state; the zero value is an empty one.
type Ledger struct {
	// Sent has the time of each event by target and key.
	Sent map[string]time.Time `json:"sent,omitempty"`
	// Threads has the conversation of each pull request by target, in the target's own words.
	Threads map[string]string `json:"threads,omitempty"`
}

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
}

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

// prune forgets failures of long ago.
func (l *Ledger) prune(now time.Time) {
	maps.DeleteFunc(l.Sent, func(key string, at time.Time) bool {
		_, event, _ := strings.Cut(key, " ")
		return strings.HasPrefix(event, string(Failed)+" ") && now.Sub(at) > failuresKept
	})
}
