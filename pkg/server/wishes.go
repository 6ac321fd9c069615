package server

import (
	"maps"
	"slices"
	"sync"
)

// wishes are the passes that were asked for and not begun: any number for one
// repository is one.
type wishes struct {
	mu   sync.Mutex
	all  bool
	some map[string]bool
}

// mostWishes is how many repositories are told apart; beyond it all are meant.
const mostWishes = 1000

func (w *wishes) add(repository string) {
	w.mu.Lock()
	defer w.mu.Unlock()

	if repository == "" || len(w.some) >= mostWishes {
		w.all = true

		return
	}

	if w.some == nil {
		w.some = map[string]bool{}
	}

	w.some[repository] = true
}

// any tells that there are some which no pass has taken up.
func (w *wishes) any() bool {
	w.mu.Lock()
	defer w.mu.Unlock()

	return w.all || len(w.some) > 0
}

// take empties them. No repositories: all are meant.
func (w *wishes) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()

	var only []string
	if !w.all {
		only = slices.Sorted(maps.Keys(w.some))
	}

	w.all, w.some = false, nil

	return only
}

// Trigger asks for a pass now. While one runs, all that is asked for is one
// more after it.
func (s *Server) Trigger() { s.TriggerFor("") }

// TriggerFor is Trigger for one repository, where Setup.PassOver can make such
// a pass. What is asked for several at once is one pass over them.
func (s *Server) TriggerFor(repository string) {
	s.wishes.add(repository)

	select {
	case s.triggers <- Asked:
	default: // the loop is told already
	}
}
