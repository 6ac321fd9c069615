package server

import (
	"bytes"
	"context"
	"fmt"
)

// first loads the configuration for the first time. What Source says is read
// before, so that a change meanwhile is seen by watch.
func (s *Server) first(ctx context.Context) (seen []byte, first *plan, err error) {
	if s.Source != nil {
		if seen, err = s.Source(); err != nil {
			return nil, nil, fmt.Errorf("reading the configuration: %w", err)
		}
	}

	first, err = s.load(ctx)

	return seen, first, err
}

func (s *Server) load(ctx context.Context) (*plan, error) {
	setup, err := s.Load(ctx)
	if err != nil {
		return nil, err
	}

	p, err := s.plan(setup)
	if err == nil {
		s.metrics.loaded(s.Clock.Now())
	}

	return p, err
}

// watch looks at the configuration again and again. Its content is compared,
// not its time nor the events of its folder: that holds for an editor's rename,
// for the symlinks that Kubernetes swaps under a mounted ConfigMap, and for
// file systems that send no events.
func (s *Server) watch(ctx context.Context, seen []byte) error {
	if s.Source == nil {
		return nil
	}

	ticker := s.Clock.NewTicker(s.Poll)
	defer ticker.Stop()

	missing := false

	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.Chan():
		}

		now, err := s.Source()

		switch {
		case err != nil && !missing:
			s.refuse(ctx, fmt.Errorf("reading it: %w", err))
		case err == nil && (missing || !bytes.Equal(seen, now)):
			seen = now
			s.reload(ctx)
		}

		missing = err != nil
	}
}

// reload hands a changed configuration to the loop, if it is one.
func (s *Server) reload(ctx context.Context) {
	p, err := s.load(ctx)
	if err != nil {
		s.refuse(ctx, err)

		return
	}

	select {
	case s.setups <- p:
		s.Log.InfoContext(ctx, "the configuration was loaded anew", "schedule", p.Schedule, "timeZone", p.Location.String())
	case <-ctx.Done():
	}
}

func (s *Server) refuse(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}

	s.metrics.refused()
	s.Log.ErrorContext(ctx, "the changed configuration is not used, the old one stays", "error", err)
}
