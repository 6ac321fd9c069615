package patch

import (
	"bytes"
	"compress/flate"
	"io"
	"maps"
	"slices"
)

// Rest packs what only a Plan needs, for those who keep many trees: files take a third, and each Plan a little longer.
func (t *Tree) Rest() error {
	if t.packed != nil {
		return nil
	}

	var out bytes.Buffer

	w, err := flate.NewWriter(&out, flate.BestSpeed)
	if err != nil {
		return err
	}

	sizes := make(map[string]int, len(t.files))

	for _, name := range slices.Sorted(maps.Keys(t.files)) {
		sizes[name] = len(t.files[name])

		if _, err := w.Write(t.files[name]); err != nil {
			return err
		}
	}

	if err := w.Close(); err != nil {
		return err
	}

	t.packed = &packed{sizes, bytes.Clone(out.Bytes())}
	t.files = nil

	return nil
}

// packed is the files of a tree at rest, one behind the other in the order of their names.
type packed struct {
	sizes map[string]int
	data  []byte
}

// contents are the files with references, as they were read.
func (t *Tree) contents() (map[string][]byte, error) {
	if t.packed == nil {
		return t.files, nil
	}

	files := make(map[string][]byte, len(t.packed.sizes))
	r := flate.NewReader(bytes.NewReader(t.packed.data))

	for _, name := range slices.Sorted(maps.Keys(t.packed.sizes)) {
		files[name] = make([]byte, t.packed.sizes[name])

		if _, err := io.ReadFull(r, files[name]); err != nil {
			return nil, err
		}
	}

	return files, nil
}
