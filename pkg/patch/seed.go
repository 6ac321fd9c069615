package patch

import (
	"maps"
	"slices"

	"github.com/goingdark-social/bot/pkg/layout"
)

// seeds is the roots that reach references, each reference left to the root that is closest to it.
func (s *scan) seeds() []*seed {
	var all []*seed

	for _, root := range s.layout.Roots() {
		all = append(all, s.narrow(root)...)
	}

	for _, outer := range all {
		for _, inner := range all {
			whole := outer != inner && (outer.above(inner, s.layout) || outer.around(inner))
			maps.DeleteFunc(outer.refs, func(r *Reference, _ bool) bool {
				return whole && inner.refs[r] || outer != inner && inner.named[r] && !outer.named[r]
			})
		}
	}

	return slices.DeleteFunc(all, func(d *seed) bool { return len(d.refs) == 0 })
}

// above tells a root that reaches another one as a whole: an Argo CD Application names a folder that a kustomization above lists too.
func (d *seed) above(inner *seed, l *layout.Layout) bool {
	k, ok := l.Kustomization(inner.root.Dir)
	if !ok || !d.root.Reaches(k.File) {
		return false
	}

	own, ok := l.Kustomization(d.root.Dir)

	return !ok || !inner.root.Reaches(own.File)
}

// around tells a root that has all of its references from a folder that is a root by itself, and lies around it: a list of everything
// beside an ApplicationSet that applies the folders one by one.
func (d *seed) around(inner *seed) bool {
	if d.root.Dir == inner.root.Dir || !layout.Within(d.root.Dir, inner.root.Dir) || len(d.root.Objects) > 0 && len(inner.root.Objects) == 0 {
		return false
	}

	for r := range d.refs {
		if !inner.refs[r] || !layout.Within(inner.root.Dir, r.File) {
			return false
		}
	}

	return true
}

// seed renders a root; nil when it reaches no reference.
func (s *scan) seed(root layout.Root) *seed {
	d := &seed{root: root, refs: map[*Reference]bool{}, named: map[*Reference]bool{}}

	for _, p := range s.pages {
		if len(p.references) > 0 && root.Reaches(p.path) {
			for _, r := range p.references {
				d.refs[r] = true
			}
		}
	}

	r := rendering{layout: s.layout, pages: s.byPath, active: map[string]bool{}}

	for _, e := range r.engines(root) {
		for _, ref := range e.references {
			d.refs[ref], d.named[ref] = true, true
		}
	}

	if len(d.refs) == 0 {
		return nil
	}

	d.pods = r.root(root)

	if r.exhausted() {
		s.problems = append(s.problems, Problem{
			File: root.Dir, Message: "lists bases that list each other too often to tell which version decides", Fatal: true,
		})
	}

	return d
}

// maxNarrowed bounds the way down lists of lists, which may lead to the same place over and over.
const maxNarrowed = 20_000

// narrow goes down from a kustomization that only lists things to those below it that are a Mastodon each, or to the one that is
// Mastodon among other software.
func (s *scan) narrow(root layout.Root) []*seed {
	d := s.seed(root)
	if d == nil {
		return nil
	}

	listed, ok := s.layout.Listed(root.Dir)
	if s.narrowed++; !ok || s.narrowed > maxNarrowed {
		return []*seed{d}
	}

	below, folders := s.below(listed)

	if s.several(below, d) || s.among(below, d, folders && len(listed) > 1) {
		var narrowed []*seed
		for _, b := range below {
			narrowed = append(narrowed, s.narrow(b.root)...)
		}

		return narrowed
	}

	return []*seed{d}
}

// several tells that each part has a web of its own and that nothing of the whole is outside of them.
func (s *scan) several(below []*seed, whole *seed) bool {
	lacks := func(b *seed) bool { return len(b.decidesWeb()) == 0 }

	return len(below) > 1 && !slices.ContainsFunc(below, lacks) && covers(below, whole)
}

// among tells that one part is Mastodon and the rest is not: the folder it is in is called after it and the list's is not, or the list
// is one of folders.
func (s *scan) among(below []*seed, whole *seed, folders bool) bool {
	if len(below) != 1 || !covers(below, whole) || ownName.MatchString(whole.root.Dir) {
		return false
	}

	return ownName.MatchString(below[0].common()) || folders && !role(below[0].root.Dir)
}

// common is the lowest folder that holds all files with references.
func (d *seed) common() string {
	var files []string
	for r := range d.refs {
		files = append(files, r.File)
	}

	return layout.Folder(files...)
}

// below is what of a list has references; folders tells that it is a list of kustomizations alone.
func (s *scan) below(listed []string) (below []*seed, folders bool) {
	folders = true

	for _, target := range listed {
		if _, ok := s.layout.Kustomization(target); !ok {
			folders = false

			continue
		}

		if b := s.seed(s.layout.Root(target)); b != nil {
			below = append(below, b)
		}
	}

	return below, folders
}

// covers tells that the parts reach every reference of the whole.
func covers(parts []*seed, whole *seed) bool {
	for r := range whole.refs {
		if !slices.ContainsFunc(parts, func(p *seed) bool { return p.refs[r] }) {
			return false
		}
	}

	return true
}
