package server

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// status is what the loop says of itself.
type status struct {
	running, stopping bool
	since             time.Time // when the pass in hand began
	due               time.Time // when the next one is
	by                time.Time // when it must have ended
	last              string    // how the last one ended; empty: none has
}

// stuck is a pass that outlived its time and does not listen.
func (s status) stuck(now time.Time, limit time.Duration) bool {
	return s.running && now.Sub(s.since) > limit
}

// ask asks the loop, whose answer is the proof that it turns.
func (s *Server) ask(ctx context.Context) (status, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()

	answer := make(chan status, 1)

	select {
	case s.asks <- answer:
		return <-answer, nil
	case <-ctx.Done():
		return status{}, fmt.Errorf("the loop that makes the passes does not answer: %w", ctx.Err())
	}
}

// healthz tells whether to start the program anew: when its loop does not
// turn, or a pass neither ends nor heeds its time. A pass that fails, since
// GitHub is down or a repository is broken, is no reason.
func (s *Server) healthz(w http.ResponseWriter, r *http.Request) {
	now, err := s.ask(r.Context())

	switch {
	case err != nil:
		unwell(w, err.Error())
	case now.stuck(s.Clock.Now(), s.PassTimeout+s.Grace):
		unwell(w, "a pass has not ended since "+now.since.UTC().Format(time.RFC3339))
	default:
		well(w)
	}
}

// readyz tells whether the program does its work: a configuration is loaded,
// nobody asked it to stop, and the last pass is not older than the schedule and
// the time of one pass explain.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	now, err := s.ask(r.Context())

	switch {
	case err != nil:
		unwell(w, err.Error())
	case now.stopping:
		unwell(w, "stopping")
	case s.Clock.Now().After(now.by):
		unwell(w, "a pass should have ended by "+now.by.UTC().Format(time.RFC3339))
	default:
		well(w)
	}
}

func well(w http.ResponseWriter) { answer(w, http.StatusOK, "ok") }

func unwell(w http.ResponseWriter, why string) { answer(w, http.StatusServiceUnavailable, why) }

func answer(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	fmt.Fprintln(w, text)
}
