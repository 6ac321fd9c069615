package patch

import (
	"maps"
	"slices"

	"github.com/goingdark-social/bot/pkg/layout"
)

// seeds is the roots that reach references. A root that another one reaches as a whole keeps what is below it (an Argo CD
// Application names a folder that a kustomization above lists too), and what the object that names it says.
func (s *scan) seeds() []*seed {
	var all []*seed

	for _, root := range s.layout.Roots() {
		all = append(all, s.narrow(root)...)
	}

	for _, outer := range all {
		for _, inner := range all {
			whole := outer != inner && outer.above(inner, s.layout)
			maps.DeleteFunc(outer.refs, func(r *Reference, _ bool) bool {
				return whole && inner.refs[r] || outer != inner && inner.named[r] && !outer.named[r]
			})
		}
	}

	return slices.DeleteFunc(all, func(d *seed) bool { return len(d.refs) == 0 })
}

func (d *seed) above(inner *seed, l *layout.Layout) bool {
	k, ok := l.Kustomization(inner.root.Dir)

	return ok && d.root.Dir != inner.root.Dir && d.root.Reaches(k.File) && !inner.root.Reaches(d.root.Dir+"/"+"kustomization.yaml")
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

	return d
}

// narrow goes down from a kustomization that only lists folders to those below it that are a Mastodon each, or to the one that is
// Mastodon among other software.
func (s *scan) narrow(root layout.Root) []*seed {
	d := s.seed(root)
	if d == nil {
		return nil
	}

	k, ok := s.layout.Kustomization(root.Dir)
	if !ok || !k.Listing {
		return []*seed{d}
	}

	below, folders := s.below(k)

	whole := !slices.ContainsFunc(below, func(b *seed) bool { return len(b.decides(Web)) == 0 })
	if len(below) > 1 && whole && s.covers(below, d) || len(below) == 1 && folders && len(k.Resources) > 1 && !role(below[0].root.Dir) {
		var narrowed []*seed
		for _, b := range below {
			narrowed = append(narrowed, s.narrow(b.root)...)
		}

		return narrowed
	}

	return []*seed{d}
}

// below is what of a kustomization's resources has references; folders tells that all resources are folders.
func (s *scan) below(k *layout.Kustomization) (below []*seed, folders bool) {
	folders = true

	for _, target := range k.Resources {
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
func (s *scan) covers(parts []*seed, whole *seed) bool {
	for r := range whole.refs {
		if !slices.ContainsFunc(parts, func(p *seed) bool { return p.refs[r] }) {
			return false
		}
	}

	return true
}
