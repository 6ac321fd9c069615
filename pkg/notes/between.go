package notes

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/version"
)

// Between judges the way from what an application is on to a release.
func Between(in Input) Notes {
	if in.Source == "" {
		in.Source = DefaultSource
	}
	w := &writer{in: in, base: Base(in.From, in.To), inv: in.Inventory}
	if w.inv == nil {
		w.inv = &inventory.Inventory{Engine: inventory.EngineUnknown}
	}
	n := &w.notes
	n.Application, n.To, n.From = in.Application, in.To.String(), w.base.String()
	n.On = slices.Compact(slices.Sorted(slices.Values(in.From)))
	if n.From == "" && len(n.On) > 0 {
		n.From = n.On[0]
	}
	n.Mixed = slices.Clone(in.Mixed)
	w.releases()
	w.links()
	w.advisories()
	w.migrations()
	w.changes()
	w.measure()
	w.schema()
	w.environment()
	w.runtimes()
	w.verdict()
	w.support()
	w.way()
	w.steps()
	w.hazards()
	w.unknowns()
	n.normal()
	return *n
}

// writer carries the input past the functions that each write one part of the notes.
type writer struct {
	in    Input
	base  version.Version
	inv   *inventory.Inventory
	notes Notes
}

// order is how the target stands to what is in use; false when they cannot be compared.
func (w *writer) order() (int, bool) { return version.Compare(w.in.To, w.base) }

func (w *writer) downgrade() bool {
	order, ok := w.order()
	return ok && order < 0
}

// same says that the change ends where the application is already: it repairs references that named something else.
func (w *writer) same() bool { return w.base.Fixed() && w.base.Equal(w.in.To) }

// facts says that both sides are known.
func (w *writer) facts() bool { return w.in.FromFacts != nil && w.in.ToFacts != nil }

// normal sorts what has no order and leaves no list nil.
func (n *Notes) normal() {
	slices.SortStableFunc(n.Hazards, func(a, b Hazard) int {
		return cmp.Or(cmp.Compare(a.Severity.Rank(), b.Severity.Rank()), strings.Compare(a.ID, b.ID), strings.Compare(a.Source, b.Source))
	})
	n.Hazards = slices.Compact(n.Hazards)
	m, s, e := &n.Migrations, &n.Schema, &n.Environment
	for _, list := range []*[]string{
		&n.On, &n.Mixed, &n.Advisories, &n.AdvisoriesLost, &n.AdvisoriesUnnamed, &n.ReleasesLost, &m.Pre, &m.Post, &m.Undone, &m.Renamed, &m.Edited,
		&s.TablesAdded, &s.TablesRemoved, &s.ColumnsAdded, &s.ColumnsRemoved, &s.IndexesAdded, &s.IndexesRemoved, &e.Added, &e.Removed,
	} {
		fill(list)
	}
	fill(&n.Releases)
	for i := range n.Releases {
		fill(&n.Releases[i].Advisories)
	}
	fill(&n.Changes)
	fill(&e.Yours)
	fill(&n.Runtimes)
	fill(&n.Steps)
	fill(&n.Hazards)
	fill(&n.Unknown)
}

func fill[T any](list *[]T) {
	if *list == nil {
		*list = []T{}
	}
}

// count is "1 migration", "3 migrations".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if strings.HasSuffix(what, "x") {
		return number(n) + " " + what + "es"
	}
	return number(n) + " " + what + "s"
}

func number(n int) string {
	if n == 0 {
		return "none"
	}
	return fmt.Sprint(n)
}
