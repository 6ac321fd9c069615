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
	from, to := w.in.FromFacts.Migrations, w.in.ToFacts.Migrations
	left := byFile(from) // what the target does not have
	out := &w.notes.Migrations
	out.Known = true
	for i := range to {
		m := &to[i]
		name := path.Base(m.File)
		before, both := left[m.File]
		delete(left, m.File)
		switch {
		case both && before.Blob != m.Blob:
			out.Edited = append(out.Edited, name)
		case both:
		case m.Phase == facts.Post:
			out.Post = append(out.Post, name)
		default:
			out.Pre = append(out.Pre, name)
		}
		if !both && knows(from, m.Version) {
			out.Renamed = append(out.Renamed, name)
		}
	}
	for file, m := range left {
		if !knows(to, m.Version) { // a new name of the same version undoes nothing
			out.Undone = append(out.Undone, path.Base(file))
		}
	}
	for _, list := range []*[]string{&out.Pre, &out.Post, &out.Undone, &out.Renamed, &out.Edited} {
		slices.Sort(*list)
	}
}

func knows(all []facts.Migration, version string) bool {
	for i := range all {
		if all[i].Version == version {
			return true
		}
	}
	return false
}

func byFile(all []facts.Migration) map[string]*facts.Migration {
	out := make(map[string]*facts.Migration, len(all))
	for i := range all {
		out[all[i].File] = &all[i]
	}
	return out
}
