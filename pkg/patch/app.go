package patch

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/layout"
)

// app is an application while it is put together.
type app struct {
	name   string
	config *ApplicationConfig // nil when it was found
	seeds  []*seed
	folder string // the lowest folder that holds all it reaches
	dirs   []string
	all    []*pod
	refs   []*Reference
	notes  []string
	kin    Family // of its references, once that is settled
}

// seed is one root that reaches references, and what comes out of it.
type seed struct {
	root  layout.Root
	refs  map[*Reference]bool // on the files that it reaches, and those of the objects that name it
	named map[*Reference]bool // those of the objects
	pods  []*pod
}

// reaches tells whether any root of the application reads a file.
func (a *app) reaches(file string) bool {
	return slices.ContainsFunc(a.seeds, func(s *seed) bool { return s.root.Reaches(file) })
}

// pods is what comes out of all roots. It is put together once, as the roots are.
func (a *app) pods() []*pod {
	if a.all == nil {
		for _, s := range a.seeds {
			a.all = append(a.all, s.pods...)
		}
	}

	return a.all
}

// roots is the folders of the application, sorted. They are worked out once: what lies in them is asked for every file of the tree.
func (a *app) roots() []string {
	if a.dirs == nil {
		for _, s := range a.seeds {
			a.dirs = append(a.dirs, s.root.Dir)
		}

		if len(a.dirs) == 0 {
			a.dirs = []string{a.folder}
		}

		slices.Sort(a.dirs)
		a.dirs = slices.Compact(a.dirs)
	}

	return a.dirs
}

// take gives the application a reference, once.
func (a *app) take(refs ...*Reference) {
	for _, r := range refs {
		if r.app != a {
			r.app = a
			a.refs = append(a.refs, r)
		}
	}
}

// settle works out the lowest folder that holds all the application reaches.
func (a *app) settle() {
	if a.folder != "" {
		return
	}

	var files []string
	for _, s := range a.seeds {
		files = append(files, s.root.Dir+"/.")
		files = append(files, s.root.Files()...)
	}

	a.folder = layout.Folder(files...)
}

// holds tells how deeply a file lies inside the application: the length of the root's folder around it, else of the application's,
// else -1.
func (a *app) holds(file string) int {
	depth := -1
	if layout.Within(a.folder, file) {
		depth = depthOf(a.folder)
	}

	for _, dir := range a.roots() {
		if layout.Within(dir, file) {
			depth = max(depth, depthOf(dir))
		}
	}

	return depth
}

func depthOf(dir string) int {
	if dir == "." {
		return 0
	}

	return 1 + strings.Count(dir, "/")
}

// excluded tells what the configuration leaves out, and folders by which people put things aside.
func (a *app) excluded(file string) bool {
	if a.config != nil && slices.ContainsFunc(a.config.Exclude, func(glob string) bool { return globMatch(glob, file) }) {
		return true
	}

	return archived(file) && !a.reaches(file)
}

// archived tells a file in a folder of things that are no longer used.
func archived(file string) bool {
	for part := range strings.SplitSeq(path.Dir(file), "/") {
		switch strings.ToLower(strings.Trim(part, "._-")) {
		case "archive", "archived", "archives", "attic", "deprecated", "old":
			return true
		}
	}

	return false
}

// decidesWeb is the references that give web its version.
func (d *seed) decidesWeb() map[*Reference]bool {
	found := map[*Reference]bool{}

	for _, p := range d.pods {
		if p.decided != nil && slices.Contains(p.is(), Web) {
			found[p.decided] = true
		}
	}

	return found
}

func compareApps(a, b *app) int { return cmp.Compare(a.name, b.name) }
