package render

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/goingdark-social/bot/pkg/layout"
)

// top is the folder of the tree in memory.
const top = "/tree"

// copy puts what a root reaches into memory. What is too large for it is a *tooLargeError.
func (t Tree) copy(root layout.Root) (filesys.FileSystem, error) {
	disk := filesys.MakeFsInMemory()
	left := maxBytes

	for _, file := range root.Files() {
		data, err := fs.ReadFile(t.FS, file)
		if err != nil {
			return nil, fmt.Errorf("rendering %s: %w", root.Dir, err)
		}

		if k, ok := t.Layout.Kustomization(path.Dir(file)); ok && k.File == file {
			data = prepare(data, k.Dir == root.Dir, func(p string) bool { return t.Layout.Has(path.Join(k.Dir, p)) })
		}

		for _, name := range t.names(file) {
			if left -= len(data); left < 0 {
				return nil, &tooLargeError{root.Dir}
			}

			if err := disk.WriteFile(path.Join(top, name), data); err != nil {
				return nil, fmt.Errorf("rendering %s: copying %s: %w", root.Dir, file, err)
			}
		}
	}

	return disk, nil
}

// names are a file's own and those by which links lead to it.
func (t Tree) names(file string) []string {
	out := []string{file}

	for link, target := range t.Links {
		if layout.Within(target, file) {
			out = append(out, link+strings.TrimPrefix(file, target))
		}
	}

	return out
}
