package notes

import (
	"cmp"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// environment is what serving processes read on one side alone, and what of it this repository sets.
func (w *writer) environment() {
	if !w.facts() {
		return
	}
	from, to := w.in.FromFacts, w.in.ToFacts
	out := &w.notes.Environment
	served, serves := atRuntime(from), atRuntime(to)
	out.Added, out.Removed = minus(serves, served), minus(served, serves)
	set := map[string]bool{}
	for _, s := range w.inv.Settings {
		set[s.Name] = true
		if problem := w.concerns(s); problem != "" {
			out.Yours = append(out.Yours, Yours{Name: s.Name, File: s.File, Line: s.Line, Problem: problem})
		}
	}
	out.Yours = append(out.Yours, w.required(set)...)
	slices.SortFunc(out.Yours, func(a, b Yours) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), strings.Compare(a.Name, b.Name))
	})
}

// concerns tells what the change does to a variable that is set; a variable that neither side reads is no matter of this
// change.
func (w *writer) concerns(s inventory.Setting) Problem {
	before, after := w.in.FromFacts.Reads(s.Name), w.in.ToFacts.Reads(s.Name)
	switch {
	case after != nil && after.Aborts == facts.AbortSet:
		return Aborts
	case before != nil && before.Runtime() && !read(after, s):
		return Removed
	}
	return ""
}

// read says that a serving process reads the variable, or a migration does and the migrate Job gets it.
func read(v *facts.Variable, s inventory.Setting) bool {
	return v != nil && (v.Runtime() || v.Has(facts.Migrate) && slices.Contains(s.Components, inventory.Migrate))
}

// required are the variables without which the target does not start while the source did. With a Secret of unknown keys in
// the environment nobody can tell that one is missing.
func (w *writer) required(set map[string]bool) []Yours {
	web := w.workload(inventory.Web)
	if web == nil || len(w.inv.Opaque) > 0 {
		return nil
	}
	var out []Yours
	for _, v := range w.newlyRequired() {
		if !set[v.Name] {
			out = append(out, Yours{Name: v.Name, File: web.File, Line: web.Line, Problem: Required})
		}
	}
	return out
}

// newlyRequired are the variables that the target does not start without, and that the release before did.
func (w *writer) newlyRequired() []facts.Variable {
	if !w.facts() {
		return nil
	}
	var out []facts.Variable
	for i := range w.in.ToFacts.Environment {
		v := &w.in.ToFacts.Environment[i]
		if v.Aborts != facts.AbortMissing || !v.Runtime() || v.Pattern {
			continue
		}
		if before := w.in.FromFacts.Variable(v.Name); before == nil || before.Aborts != facts.AbortMissing {
			out = append(out, *v)
		}
	}
	return out
}

func atRuntime(f *facts.Facts) []string {
	var out []string
	for i := range f.Environment {
		if v := &f.Environment[i]; v.Runtime() {
			out = append(out, v.Name)
		}
	}
	return out
}
