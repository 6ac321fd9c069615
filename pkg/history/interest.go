package history

import (
	"io/fs"
	"path"
	"strings"

	"github.com/goingdark-social/bot/pkg/patch"
)

// interest tells which commits can have changed what an application runs: those
// that touch a file which names an image, before or after, or which decided
// something in the next newer tree that was scanned: it holds a reference, or
// says what is applied.
type interest struct {
	mentions func(file string, content []byte) bool
	known    map[string]bool // by hash and kind of file
	files    map[string]bool
}

func newInterest(o patch.Options) *interest {
	return &interest{mentions: patch.Mentions(o), known: map[string]bool{}, files: map[string]bool{}}
}

func (i *interest) reaches(tree *patch.Tree) {
	clear(i.files)

	renamed := map[string]bool{} // applications whose manifests may call the image otherwise

	for _, r := range tree.References {
		i.files[r.File] = true
		renamed[r.Application] = renamed[r.Application] || r.Form == patch.KustomizeImage
	}

	for _, a := range tree.Applications {
		for _, file := range a.Files {
			if renamed[a.Name] || composes(file) {
				i.files[file] = true
			}
		}
	}
}

// composes tells a file by its name that says which others are applied.
func composes(file string) bool {
	switch strings.ToLower(path.Base(file)) {
	case "kustomization", "kustomization.yaml", "kustomization.yml", "chart.yaml", "helmfile.yaml":
		return true
	}

	return false
}

// in tells whether an older step may run something else than the next newer.
func (i *interest) in(older, newer Step) bool {
	for _, c := range older.Changed {
		if strings.HasSuffix(c.Path, ".md") {
			continue // documents run nothing
		}

		if i.files[c.Path] || i.names(older.FS, c.Path, c.Older) || i.names(newer.FS, c.Path, c.Newer) {
			return true
		}
	}

	return false
}

// names tells whether a file names an image. One that cannot be read (too
// large to have been fetched) is no manifest.
func (i *interest) names(fsys fs.FS, name, hash string) bool {
	if hash == "" {
		return false
	}

	key := hash + path.Ext(name) // JSON may be spelled otherwise

	found, ok := i.known[key]
	if !ok {
		content, err := fs.ReadFile(fsys, name)
		found = err == nil && i.mentions(name, content)
		i.known[key] = found
	}

	return found
}
