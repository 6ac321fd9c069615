package server

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Knock is what a webhook came to: somebody is at the door. What it says is
// not taken from it: the pass that follows looks for itself, as one on the
// schedule does, so that both come to the same.
type Knock struct {
	// ID is the delivery's.
	ID string
	// Repository that something happened in. Empty: nothing that a pass could
	// be about.
	Repository string
}

// Hook reads a webhook. A *HookError says how it is refused.
type Hook func(*http.Request) (Knock, error)

// HookError is a webhook that is refused.
type HookError struct {
	// Status is what is answered.
	Status int
	// Reason is for the log and the sender; it holds nothing that was sent.
	Reason string
}

func (e *HookError) Error() string { return "webhook: " + e.Reason }

const (
	// maxHook is what is read of a webhook. GitHub sends up to 25 MB; one that
	// long is a push of thousands of commits, and the schedule makes up for it.
	maxHook = 5 << 20
	// hookTime is how long a sender may take to send it.
	hookTime = 5 * time.Second
	// atOnce bounds how many are read at a time.
	atOnce = 8
)

// webhook answers at once, and lets the loop do what follows.
func (s *Server) webhook(w http.ResponseWriter, r *http.Request) {
	hook := s.hook.Load()
	if hook == nil {
		http.NotFound(w, r)

		return
	}

	select {
	case s.reading <- struct{}{}:
		defer func() { <-s.reading }()
	default:
		s.refuseHook(r.Context(), w, &HookError{http.StatusServiceUnavailable, "too many at once"})

		return
	}

	knock, err := s.read(w, r, *hook)
	if err != nil {
		s.refuseHook(r.Context(), w, err)

		return
	}

	if !s.deliveries.first(knock.ID) {
		s.refuseHook(r.Context(), w, &HookError{http.StatusConflict, "this delivery was taken already"})

		return
	}

	s.metrics.hook("taken")

	if knock.Repository != "" {
		s.TriggerFor(knock.Repository)
	}

	w.WriteHeader(http.StatusAccepted)
}

// read reads the body within its bounds of size and time.
func (s *Server) read(w http.ResponseWriter, r *http.Request, hook Hook) (Knock, error) {
	// Not every connection has deadlines; the server's own bound holds then.
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(hookTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return Knock{}, &HookError{http.StatusInternalServerError, "no deadline could be set"}
	}

	r.Body = http.MaxBytesReader(w, r.Body, maxHook)

	knock, err := hook(r)
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return knock, &HookError{http.StatusRequestEntityTooLarge, "it is larger than is read"}
	}

	return knock, err
}

func (s *Server) refuseHook(ctx context.Context, w http.ResponseWriter, err error) {
	refusal, ok := errors.AsType[*HookError](err)
	if !ok {
		refusal = &HookError{http.StatusBadRequest, "it could not be read"}
	}

	s.metrics.hook("refused")
	s.Log.WarnContext(ctx, "a webhook was refused", "reason", refusal.Reason, "status", refusal.Status)
	http.Error(w, refusal.Reason, refusal.Status)
}

// open takes webhooks from now on as a configuration says, or none.
func (s *Server) open(hook Hook) {
	if hook == nil {
		s.hook.Store(nil)
	} else {
		s.hook.Store(&hook)
	}
}
