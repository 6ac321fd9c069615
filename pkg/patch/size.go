package patch

import "strings"

// alone is the reference without what the scan knew around it, and without a
// hold on the text that it was found in: a tree is kept for long, what was parsed
// for it is not.
func (r *Reference) alone() Reference {
	out := *r
	out.app, out.matched, out.families = nil, nil, nil
	out.File, out.Image = strings.Clone(r.File), strings.Clone(r.Image)
	out.Tag, out.Digest = strings.Clone(r.Tag), strings.Clone(r.Digest)
	out.at.variable = strings.Clone(r.at.variable)

	if d := r.at.definition; d != nil {
		definition := d.alone()
		out.at.definition = &definition
	}

	return out
}

// Size is about how many bytes of memory the tree takes, for those who keep many.
func (t *Tree) Size() int {
	const (
		reference = 512 // with its names
		name      = 64  // of a file
	)

	size := len(t.References)*reference + len(t.Problems)*reference

	for path, content := range t.files {
		size += name + len(path) + len(content)
	}

	if t.packed != nil {
		size += len(t.packed.sizes)*2*name + len(t.packed.data)
	}

	for _, a := range t.Applications {
		size += reference + (len(a.Files)+len(a.Notes)+len(a.Roots))*name
	}

	return size
}
