package patch

import (
	"path"
	"slices"

	"github.com/goingdark-social/bot/pkg/layout"
)

// assign gives each reference to its application, and makes an application of those that no root reaches.
func (s *scan) assign() {
	s.apps = s.configured()
	s.apps = append(s.apps, group(s.unclaimed(s.seeds()))...)

	for _, a := range s.apps {
		a.settle()
	}

	var left []*Reference

	for _, p := range s.pages {
		for _, r := range p.references {
			switch a, shared := s.owner(r); {
			case shared:
				r.Shared = true
			case a != nil:
				a.take(r)
			case !archived(p.path) && !history(p.path):
				left = append(left, r)
			}
		}
	}

	s.leftover(left)
	s.apps = slices.DeleteFunc(s.apps, func(a *app) bool { return len(a.refs) == 0 })
	s.configure()
	s.nameApps()
}

// configured is the applications whose root policy names: every root inside that folder is theirs.
func (s *scan) configured() []*app {
	var apps []*app

	for i := range s.options.Applications {
		c := &s.options.Applications[i]
		if c.Root == "" {
			continue
		}

		a := &app{config: c, folder: path.Clean(c.Root)}

		for _, root := range s.layout.Roots() {
			if layout.Within(a.folder, root.Dir) {
				if d := s.seed(root); d != nil {
					a.seeds = append(a.seeds, d)
				}
			}
		}

		if len(a.seeds) == 0 {
			if d := s.seed(s.layout.Root(a.folder)); d != nil {
				a.seeds = append(a.seeds, d)
			}
		}

		apps = append(apps, a)
	}

	return apps
}

// unclaimed is the seeds that are no part of a configured application.
func (s *scan) unclaimed(seeds []*seed) []*seed {
	return slices.DeleteFunc(seeds, func(d *seed) bool {
		return slices.ContainsFunc(s.apps, func(a *app) bool {
			return layout.Within(a.folder, d.root.Dir) || slices.ContainsFunc(a.seeds, func(have *seed) bool { return have.root.Dir == d.root.Dir })
		})
	})
}

// owner finds the application of a reference: the one whose roots reach it, of several the one that takes its version from it, else
// the one whose folders hold it most closely. Shared is what several have equal claim to.
func (s *scan) owner(r *Reference) (owner *app, shared bool) {
	reaching := slices.DeleteFunc(slices.Clone(s.apps), func(a *app) bool { return !a.reachesReference(r) })
	if len(reaching) == 1 {
		return reaching[0], false
	}

	deciding := slices.DeleteFunc(slices.Clone(reaching), func(a *app) bool { return !a.takes(r) })

	switch {
	case len(deciding) == 1:
		return deciding[0], false
	case len(reaching) > 1:
		return nil, true
	default:
		return s.holder(r.File)
	}
}

func (a *app) reachesReference(r *Reference) bool {
	return slices.ContainsFunc(a.seeds, func(d *seed) bool { return d.refs[r] })
}

func (a *app) takes(r *Reference) bool {
	return slices.ContainsFunc(a.pods(), func(p *pod) bool { return p.decided == r })
}

// holder is the application whose folders hold a file most closely; of several, the one that takes its version from a place beside
// its roots, as the base does that a file stands next to.
func (s *scan) holder(file string) (holder *app, shared bool) {
	holding := slices.DeleteFunc(slices.Clone(s.apps), func(a *app) bool { return a.holds(file) < 0 || a.excluded(file) })
	holding = mostOf(holding, func(a *app) int { return a.holds(file) })
	holding = mostOf(holding, (*app).base)

	if len(holding) == 1 {
		return holding[0], false
	}

	return nil, len(holding) > 1
}

// base is 1 when something outside of the application's roots decides its version.
func (a *app) base() int {
	for _, p := range a.pods() {
		if p.decided != nil && !slices.ContainsFunc(a.roots(), func(dir string) bool { return layout.Within(dir, p.decided.File) }) {
			return 1
		}
	}

	return 0
}

// leftover makes one application of references that no root reaches and no folder of an application holds. Weak ones join it if they
// lie in its folder, and make one only where there is nothing else.
func (s *scan) leftover(left []*Reference) {
	strong := slices.DeleteFunc(slices.Clone(left), func(r *Reference) bool { return r.at.weak })
	if len(strong) == 0 && len(s.apps) == 0 {
		strong = left
	}

	if len(strong) == 0 {
		return
	}

	a := s.heap(strong)
	s.apps = append(s.apps, a)

	for _, r := range left {
		if r.app == nil && layout.Within(a.folder, r.File) && !a.excluded(r.File) {
			a.take(r)
		}
	}
}

// heap is an application of references that only their folder holds together.
func (s *scan) heap(refs []*Reference) *app {
	files := make([]string, 0, len(refs))
	for _, r := range refs {
		files = append(files, r.File)
	}

	folder := layout.Folder(files...)
	d := &seed{root: s.layout.Root(folder), refs: map[*Reference]bool{}}
	r := rendering{layout: s.layout, pages: s.byPath, active: map[string]bool{}}

	for _, ref := range refs {
		d.refs[ref] = true
	}

	for _, file := range slices.Compact(slices.Sorted(slices.Values(files))) {
		d.pods = append(d.pods, r.file(file)...)
	}

	a := &app{folder: folder, seeds: []*seed{d}}
	a.take(refs...)

	return a
}

// configure gives policy without a root to the application it means: the one of that name, or the only one.
func (s *scan) configure() {
	for i := range s.options.Applications {
		c := &s.options.Applications[i]
		if c.Root != "" {
			continue
		}

		for _, a := range s.apps {
			if a.config == nil && (len(s.apps) == 1 || c.Name != "" && c.Name == a.ownName()) {
				a.config = c

				break
			}
		}
	}

	for _, a := range s.apps {
		a.refs = slices.DeleteFunc(a.refs, func(r *Reference) bool { return a.excluded(r.File) })
	}
}
