package drift_test

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// known keeps the facts that were decoded: every test is about the same releases.
var known sync.Map

func embedded(_ context.Context, v version.Version) (*facts.Facts, error) {
	if f, ok := known.Load(v.String()); ok {
		return f.(*facts.Facts), nil
	}

	f, err := facts.Embedded(v)
	if err == nil {
		known.Store(v.String(), f)
	}

	return f, err
}

func options() drift.Options {
	return drift.Options{Policy: config.DefaultApplication(), Now: now, Facts: embedded, Newest: drift.NewestEmbedded}
}

// inputs prepares every application of a tree.
func inputs(tb testing.TB, fsys fs.FS, o drift.Options) []*drift.Input {
	tb.Helper()

	ctx := context.Background()

	tree, err := patch.Scan(ctx, fsys, patch.Options{})
	if err != nil {
		tb.Fatal(err)
	}

	repository, err := drift.Read(ctx, fsys, tree)
	if err != nil {
		tb.Fatal(err)
	}

	var out []*drift.Input

	for _, app := range tree.Applications {
		in, unknown, err := repository.Prepare(ctx, app, o)
		if err != nil {
			tb.Fatal(err)
		}

		if unknown != nil {
			tb.Log(unknown)
		}

		out = append(out, in)
	}

	return out
}

// findings makes the checks of a tree, all when none are named.
func findings(tb testing.TB, fsys fs.FS, o drift.Options, checks ...string) []drift.Finding {
	tb.Helper()

	return outer(tb, fsys, drift.Outside{}, o, checks...)
}

// outer is findings with something outside the tree.
func outer(tb testing.TB, fsys fs.FS, outside drift.Outside, o drift.Options, checks ...string) []drift.Finding {
	tb.Helper()

	selected, err := drift.Select(checks, nil)
	if err != nil {
		tb.Fatal(err)
	}

	var out []drift.Finding

	for _, in := range inputs(tb, fsys, o) {
		in.Outside = outside

		found, _ := drift.Run(in, selected)
		out = append(out, found...)
	}

	return out
}

// lines are findings as a person reads them in a test: severity check file:line.
func lines(found []drift.Finding) string {
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintf(&b, "%s %s %s:%d\n", f.Severity, f.Check, f.File, f.Line)
	}

	return b.String()
}
