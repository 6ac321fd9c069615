package patch

import (
	"maps"
	"slices"

	"github.com/goingdark-social/bot/pkg/layout"
)

// files is every file that belongs to the application, references in it or not: what an engine renders of it, what lies beside that,
// and the engine's own objects that say so.
func (a *app) files(l *layout.Layout) []string {
	found := map[string]bool{}

	for _, dir := range append([]string{a.folder}, a.roots()...) {
		for _, file := range l.FilesIn(dir) {
			if !a.excluded(file) {
				found[file] = true
			}
		}
	}

	for _, s := range a.seeds {
		for _, file := range s.root.Files() {
			found[file] = true
		}

		for _, object := range s.root.Objects {
			found[object.File] = true
		}
	}

	return slices.Sorted(maps.Keys(found))
}
