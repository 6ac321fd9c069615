package layout

import (
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
)

// Root is a folder that an engine applies.
type Root struct {
	Dir string // "." for the tree itself
	// Objects is the Argo CD and Flux objects that name it, none when it is found by its kustomization or chart alone.
	Objects []Object

	reach *reach
}

// reach is computed when first asked for: a monorepo has thousands of roots and few that matter.
type reach struct {
	once  sync.Once
	find  func() map[string]bool
	files map[string]bool

	values func(Object) []string
}

func (r *reach) set() map[string]bool {
	r.once.Do(func() { r.files = r.find() })

	return r.files
}

// Reaches tells whether rendering the root reads the file.
func (r Root) Reaches(file string) bool { return r.reach.set()[file] }

// Files is all files that rendering the root reads, sorted.
func (r Root) Files() []string { return slices.Sorted(maps.Keys(r.reach.set())) }

// Values is the files outside the folder that the objects which name it add: values of a chart.
func (r Root) Values() []string {
	var files []string

	for _, o := range r.Objects {
		for _, file := range r.reach.values(o) {
			if !Within(r.Dir, file) && !slices.Contains(files, file) {
				files = append(files, file)
			}
		}
	}

	return files
}

// findRoots takes the folders that objects name, then the kustomizations that nothing reaches, then charts that nothing reaches.
func (l *Layout) findRoots() {
	chosen := map[string]bool{}
	applied := walk{l: l, files: map[string]bool{}, seen: map[string]bool{}}

	for dir := range l.named {
		chosen[dir] = true
		applied.folder(dir)
	}

	for dir, k := range l.kustomizations {
		if !k.Component && !applied.seen[dir] && len(l.parents[dir])+len(l.parents[k.File]) == 0 {
			chosen[dir] = true
		}
	}

	l.breakCircles(chosen)

	for dir := range l.charts {
		if len(l.parents[dir]) == 0 && !l.insideChart(dir) && !l.reachedBy(chosen, path.Join(dir, "Chart.yaml")) {
			chosen[dir] = true
		}
	}

	for _, dir := range slices.Sorted(maps.Keys(chosen)) {
		l.roots = append(l.roots, l.root(dir))
	}
}

func (l *Layout) root(dir string) Root {
	return Root{Dir: dir, Objects: l.named[dir], reach: &reach{values: l.objectFiles, find: func() map[string]bool {
		w := walk{l: l, files: map[string]bool{}, seen: map[string]bool{}}
		w.folder(dir)

		for _, o := range l.named[dir] {
			for _, file := range l.objectFiles(o) {
				w.files[file] = true
			}
		}

		return w.files
	}}}
}

// breakCircles makes roots of kustomizations that only reach each other, so that none is lost.
func (l *Layout) breakCircles(chosen map[string]bool) {
	w := walk{l: l, files: map[string]bool{}, seen: map[string]bool{}}
	for dir := range chosen {
		w.folder(dir)
	}

	for _, dir := range slices.Sorted(maps.Keys(l.kustomizations)) {
		if k := l.kustomizations[dir]; !w.seen[dir] && !k.Component {
			l.problemf(k.File, 0, "the kustomization reaches itself in a circle")

			chosen[dir] = true
			w.folder(dir)
		}
	}
}

func (l *Layout) reachedBy(chosen map[string]bool, file string) bool {
	for dir := range chosen {
		if _, kustomized := l.kustomizations[dir]; !kustomized && Within(dir, file) {
			return true
		}
	}

	return false
}

// insideChart tells a chart that another one carries.
func (l *Layout) insideChart(dir string) bool {
	for dir != "." {
		if dir = path.Dir(dir); l.charts[dir] {
			return true
		}
	}

	return false
}

// walk follows everything that a folder reaches.
type walk struct {
	l     *Layout
	files map[string]bool
	seen  map[string]bool // folders
}

func (w *walk) folder(dir string) {
	if w.seen[dir] {
		return
	}

	w.seen[dir] = true

	k, ok := w.l.kustomizations[dir]
	if !ok {
		w.everything(dir)

		return
	}

	w.files[k.File] = true

	for _, list := range [][]string{k.Resources, k.Components, k.Inputs} {
		for _, target := range list {
			if w.l.known[target] {
				w.files[target] = true
			} else {
				w.folder(target)
			}
		}
	}
}

// everything is what a folder without a kustomization stands for: all its files, where one below has a kustomization what that
// reaches.
func (w *walk) everything(dir string) {
	for _, file := range w.l.FilesIn(dir) {
		if k := w.l.governed(path.Dir(file), dir); k != "" {
			w.folder(k)
		} else {
			w.files[file] = true
		}
	}
}

// Listed is what a folder applies when it does nothing itself but list: the resources of such a kustomization, or the topmost
// kustomizations in a folder of plain files. It tells false of a kustomization that does more.
func (l *Layout) Listed(dir string) ([]string, bool) {
	if k, ok := l.kustomizations[dir]; ok {
		return k.Resources, k.Listing
	}

	listed := map[string]bool{}

	for _, file := range l.FilesIn(dir) {
		if k := l.governed(path.Dir(file), dir); k != "" {
			listed[k] = true
		} else {
			listed[file] = true
		}
	}

	return slices.Sorted(maps.Keys(listed)), true
}

// governed is the topmost folder below top on the way to dir that has a kustomization.
func (l *Layout) governed(dir, top string) string {
	found := ""

	for ; dir != top && dir != "."; dir = path.Dir(dir) {
		if _, ok := l.kustomizations[dir]; ok {
			found = dir
		}
	}

	return found
}

func (l *Layout) objectFiles(o Object) []string {
	var files []string
	for _, f := range o.files {
		files = append(files, l.filesLike(f)...)
	}

	return files
}

func (l *Layout) filesLike(pattern string) []string {
	if !strings.ContainsAny(pattern, "*?[") {
		if file, ok := l.locate(pattern); ok && l.known[file] {
			return []string{file}
		}

		return nil
	}

	return slices.DeleteFunc(slices.Clone(l.files), func(file string) bool {
		ok, err := path.Match(pattern, file)

		return !ok || err != nil
	})
}
