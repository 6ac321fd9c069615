package notes

import (
	"path"
	"slices"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// migrations takes the difference of two sets. A migration new in the target can have an older number than the schema of
// what runs now, since lines run in parallel: numbers are names here and never compared.
func (w *writer) migrations() {
	if w.same() {
		w.notes.Migrations.Known = true // a repair: whatever the release holds, it is on both sides
		return
	}
	if !w.facts() {
		return
	}
	from, to := byFile(w.in.FromFacts), byFile(w.in.ToFacts)
	ran, kept := versions(w.in.FromFacts), versions(w.in.ToFacts)
	out := &w.notes.Migrations
	out.Known = true
	for file, m := range to {
		name := path.Base(file)
		before, both := from[file]
		switch {
		case both && before.Blob != m.Blob:
			out.Edited = append(out.Edited, name)
		case both:
		case m.Phase == facts.Post:
			out.Post = append(out.Post, name)
		default:
			out.Pre = append(out.Pre, name)
		}
		if !both && ran[m.Version] {
			out.Renamed = append(out.Renamed, name)
		}
	}
	for file, m := range from {
		if !kept[m.Version] { // a new name of the same version undoes nothing
			out.Undone = append(out.Undone, path.Base(file))
		}
	}
	for _, list := range []*[]string{&out.Pre, &out.Post, &out.Undone, &out.Renamed, &out.Edited} {
		slices.Sort(*list)
	}
}

func versions(f *facts.Facts) map[string]bool {
	out := make(map[string]bool, len(f.Migrations))
	for _, m := range f.Migrations {
		out[m.Version] = true
	}
	return out
}

func byFile(f *facts.Facts) map[string]facts.Migration {
	out := make(map[string]facts.Migration, len(f.Migrations))
	for _, m := range f.Migrations {
		out[m.File] = m
	}
	return out
}
