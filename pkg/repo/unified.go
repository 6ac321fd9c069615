package repo

import (
	"fmt"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/format/diff"
	linediff "github.com/go-git/go-git/v5/utils/diff"
	"github.com/sergi/go-diff/diffmatchpatch"
)

// Unified is the changes as git prints them with three lines of context, fit
// for git apply. Each change must carry what the file held Before.
func Unified(changes []Change) (string, error) {
	var b strings.Builder

	patches := make([]diff.FilePatch, 0, len(changes))
	for _, c := range changes {
		patches = append(patches, filePatch{c})
	}

	if err := diff.NewUnifiedEncoder(&b, diff.DefaultContextLines).Encode(patch(patches)); err != nil {
		return "", fmt.Errorf("writing the diff: %w", err)
	}

	return b.String(), nil
}

// patch is what go-git's encoder takes.
type patch []diff.FilePatch

func (p patch) FilePatches() []diff.FilePatch { return p }
func (patch) Message() string                 { return "" }

type filePatch struct{ Change }

func (filePatch) IsBinary() bool { return false }

func (f filePatch) Files() (from, to diff.File) {
	return side{f.Path, f.Before}, side{f.Path, f.Content}
}

func (f filePatch) Chunks() []diff.Chunk {
	var chunks []diff.Chunk
	for _, d := range linediff.Do(string(f.Before), string(f.Content)) {
		chunks = append(chunks, chunk{d})
	}

	return chunks
}

type side struct {
	path    string
	content []byte
}

func (s side) Hash() plumbing.Hash   { return plumbing.ComputeHash(plumbing.BlobObject, s.content) }
func (side) Mode() filemode.FileMode { return filemode.Regular }
func (s side) Path() string          { return s.path }

type chunk struct{ diffmatchpatch.Diff }

func (c chunk) Content() string { return c.Text }

func (c chunk) Type() diff.Operation {
	switch c.Diff.Type {
	case diffmatchpatch.DiffInsert:
		return diff.Add
	case diffmatchpatch.DiffDelete:
		return diff.Delete
	case diffmatchpatch.DiffEqual:
	}

	return diff.Equal
}
