package patch

import (
	"bytes"
	"io/fs"
	"slices"
)

// placeholders reads the manifests whose images are renamed to a family's by an entry under images:. They name no family, so the walk
// passed them by, but what the entry decides is only told by them.
func (s *scan) placeholders() {
	for _, p := range s.pages {
		if p.kustomize == nil {
			continue
		}

		for _, e := range p.kustomize.images {
			if e.reference != nil && s.names.canonical(e.name) == "" {
				s.renamed(p, e.name)
			}
		}
	}
}

// renamed reads what the roots of a kustomization reach and what holds a name.
func (s *scan) renamed(p *page, name string) {
	for _, root := range s.layout.Roots() {
		if !root.Reaches(p.path) {
			continue
		}

		for _, file := range root.Files() {
			if s.byPath[file] == nil && (&page{path: file}).isYAML() {
				s.readFor(file, []byte(name))
			}
		}
	}
}

// readFor makes a page of a file that holds one of the needles. A file that can't be read was reported by the walk.
func (s *scan) readFor(file string, needles ...[]byte) *page {
	data, err := fs.ReadFile(s.fsys, file)
	if err != nil || len(data) > maxFile || !slices.ContainsFunc(needles, func(needle []byte) bool { return bytes.Contains(data, needle) }) {
		return nil
	}

	p := readPage(file, data, s.names)
	s.byPath[file] = p

	return p
}

// patchFiles reads again, as patches, the files that kustomizations name as such: by themselves they look like objects.
func (s *scan) patchFiles() {
	for i, p := range s.pages {
		if s.layout.Patch(p.path) {
			s.pages[i] = readPatch(p.path, p.data, s.names)
			s.byPath[p.path] = s.pages[i]
		}
	}
}
