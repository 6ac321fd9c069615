package effect

import (
	"context"
	"slices"
	"sync"
)

// Numbered is an effect with its place in the run, counting from 1.
type Numbered struct {
	Effect

	Number int
	// Err is what performing it returned; nil while it is under way.
	Err error
}

// Recorder numbers the effects that pass it, in the order in which they begin.
// It is safe for concurrent use.
type Recorder struct {
	next Seam

	mu  sync.Mutex
	log []Numbered
}

// NewRecorder records what passes on to next; nil stands for Direct.
func NewRecorder(next Seam) *Recorder {
	return &Recorder{next: Or(next)}
}

// Do numbers e and passes it on.
func (r *Recorder) Do(ctx context.Context, e Effect, f func(context.Context) error) error {
	r.mu.Lock()
	r.log = append(r.log, Numbered{Effect: e, Number: len(r.log) + 1})
	i := len(r.log) - 1
	r.mu.Unlock()

	err := r.next.Do(ctx, e, f)

	r.mu.Lock()
	r.log[i].Err = err
	r.mu.Unlock()

	return err
}

// Log is a copy of what was recorded so far.
func (r *Recorder) Log() []Numbered {
	r.mu.Lock()
	defer r.mu.Unlock()

	return slices.Clone(r.log)
}
