package drift

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
)

// Change is one file of the notes as it is and as it would be true.
type Change struct {
	Path          string
	Before, After []byte
}

// Fix gives the notes with the values and paths that the findings say. Nothing is written; what a finding can't say stays as it is.
func Fix(fsys fs.FS, findings []Finding) ([]Change, error) {
	edits := map[string][]edit{}

	var files []string

	for _, f := range findings {
		if len(f.edits) > 0 && edits[f.File] == nil {
			files = append(files, f.File)
		}

		edits[f.File] = append(edits[f.File], f.edits...)
	}

	slices.Sort(files)

	var out []Change

	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("reading the notes: %w", err)
		}

		after, err := apply(data, edits[file])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}

		out = append(out, Change{file, data, after})
	}

	return out, nil
}

// apply makes edits from the end to the start. The same edit twice is one.
func apply(data []byte, edits []edit) ([]byte, error) {
	slices.SortFunc(edits, func(a, b edit) int {
		return cmp.Or(cmp.Compare(b.start, a.start), cmp.Compare(b.end, a.end), cmp.Compare(a.text, b.text))
	})
	edits = slices.Compact(edits)
	out := slices.Clone(data)
	end := len(data)

	for _, e := range edits {
		if e.end > end {
			return nil, fmt.Errorf("two findings want different things at byte %d; correct the notes by hand", e.start)
		}

		out = slices.Replace(out, e.start, e.end, []byte(e.text)...)
		end = e.start
	}

	return out, nil
}
