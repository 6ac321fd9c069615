package effect

import (
	"context"
	"errors"
	"sync"
)

// ErrStopped is what a Stopper answers from its point on: for the code under
// test the program has ended there.
var ErrStopped = errors.New("stopped here by the effect seam")

// Point says where in an effect a Stopper ends the program.
type Point int

const (
	// Before: the effect never happens.
	Before Point = iota
	// In: the effect is begun and its context ends under it, so that it may
	// have happened in part, in whole or not at all.
	In
	// After: the effect happened and its answer never arrived.
	After
)

// String names the point for test names.
func (p Point) String() string {
	return [...]string{"before", "in", "after"}[p]
}

// Stopper ends the program at one effect: it and every later effect return
// ErrStopped. It is safe for concurrent use.
type Stopper struct {
	number int
	point  Point
	next   Seam

	mu      sync.Mutex
	seen    int
	stopped bool
}

// NewStopper stops at effect number, counting from 1, at point; effects
// before it are passed on to next (nil stands for Direct).
func NewStopper(number int, point Point, next Seam) *Stopper {
	return &Stopper{number: number, point: point, next: Or(next)}
}

// Stopped tells whether the point was reached.
func (s *Stopper) Stopped() bool {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.stopped
}

// Do passes e on, unless the program has ended or ends here.
func (s *Stopper) Do(ctx context.Context, e Effect, f func(context.Context) error) error {
	s.mu.Lock()

	if s.stopped {
		s.mu.Unlock()

		return ErrStopped
	}

	s.seen++
	here := s.seen == s.number
	s.stopped = here
	s.mu.Unlock()

	if !here {
		return s.next.Do(ctx, e, f)
	}

	return s.stop(ctx, e, f)
}

func (s *Stopper) stop(ctx context.Context, e Effect, f func(context.Context) error) error {
	switch s.point {
	case In:
		ended, cancel := context.WithCancel(ctx)
		cancel()

		return errors.Join(ErrStopped, s.next.Do(ended, e, f))
	case After:
		return errors.Join(ErrStopped, s.next.Do(ctx, e, f))
	case Before:
	}

	return ErrStopped
}
