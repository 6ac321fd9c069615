package patch

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

	for _, a := range t.Applications {
		size += reference + (len(a.Files)+len(a.Notes)+len(a.Roots))*name
	}

	return size
}
