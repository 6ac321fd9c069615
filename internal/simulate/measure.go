package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/goingdark-social/bot/internal/fleetworld"
)

// run is what one number of repositories cost.
type run struct {
	n      int
	phases []phase
}

// phase is one pass.
type phase struct {
	name    string
	took    time.Duration
	traffic map[string]fleetworld.Traffic
	peak    int64
	opened  int
}

// settling is how many passes go by before one is called idle: they see what the
// pass before them did on GitHub.
const settling = 2

func measure(ctx context.Context, bot string, n int) (r run, err error) {
	fmt.Fprintf(os.Stderr, "%d repositories …\n", n)

	dir, err := os.MkdirTemp("", "bot-simulate-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)

	w, err := fleetworld.Start(ctx, n)
	if err != nil {
		return r, err
	}

	defer func() { err = errors.Join(err, w.Close()) }()

	p, err := start(ctx, bot, dir, w)
	if err != nil {
		return r, err
	}

	defer func() { err = errors.Join(err, p.stop()) }()

	r.n = n

	return r, r.day(ctx, w, p)
}

// day is a cold start, a quiet hour, and a release.
func (r *run) day(ctx context.Context, w *fleetworld.World, p *process) error {
	for _, step := range []struct {
		name   string
		before func()
		skip   int
	}{
		{name: "cold"},
		{name: "idle", skip: 1},
		{name: "release day", before: w.Release},
		{name: "idle, all open", skip: settling},
	} {
		if step.before != nil {
			step.before()
		}

		if err := r.phase(ctx, w, p, step.name, step.skip); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}

	proposed := w.Proposed()

	for _, name := range w.Names {
		if n := proposed[name]; n != 1 {
			return fmt.Errorf("%s has %d pull requests for %s, want 1", name, n, fleetworld.After)
		}
	}

	return nil
}

func (r *run) phase(ctx context.Context, w *fleetworld.World, p *process, name string, skip int) error {
	for range skip {
		if _, err := p.next(ctx); err != nil {
			return err
		}
	}

	if skip > 0 || name == "cold" {
		w.Taken()
	}

	if _, err := p.peak(); err != nil {
		return err
	}

	done, err := p.next(ctx)
	if err != nil {
		return err
	}

	peak, err := p.peak()
	if err != nil {
		return err
	}

	one := phase{name: name, took: done.Took, traffic: w.Taken(), peak: peak, opened: done.Opened}
	r.phases = append(r.phases, one)

	fmt.Fprintf(os.Stderr, "  %-14s %8s  %4d opened  peak %d MB  %v\n", name, one.took.Round(time.Millisecond), one.opened, peak>>20, one.traffic)

	return nil
}
