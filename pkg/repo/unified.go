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

	for _, c := range changes {
		if err := unified(&b, c); err != nil {
			return "", fmt.Errorf("writing the diff of %s: %w", c.Path, err)
		}
	}

	return b.String(), nil
}

// unified writes the names itself: the encoder writes any character of them as
// it is, and a name can then break a line, or forge a diff.
func unified(b *strings.Builder, c Change) error {
	from, to := "a/"+c.Path, "b/"+c.Path
	c.Path = "file"

	var text strings.Builder
	if err := diff.NewUnifiedEncoder(&text, diff.DefaultContextLines).Encode(patch{filePatch{c}}); err != nil {
		return err
	}

	index, rest, _ := strings.Cut(text.String(), "\n--- a/file\n+++ b/file\n")
	_, index, _ = strings.Cut(index, "\n")

	fmt.Fprintf(b, "diff --git %s %s\n%s\n--- %s\n+++ %s\n%s", quoted(from), quoted(to), index, ended(from), ended(to), rest)

	return nil
}

// quoted is a name as git writes it: in quotes where it has a character that a
// reader would not see, or that is not ASCII.
func quoted(name string) string {
	plain := func(c byte) bool { return c >= ' ' && c <= '~' && c != '"' && c != '\\' }

	var b strings.Builder

	for i := range len(name) {
		switch c := name[i]; {
		case plain(c):
			b.WriteByte(c)
		case c == '"', c == '\\':
			b.WriteString("\\" + string(c))
		case strings.IndexByte("\a\b\t\n\v\f\r", c) >= 0:
			b.WriteString("\\" + string("abtnvfr"[c-'\a']))
		default:
			fmt.Fprintf(&b, "\\%03o", c)
		}
	}

	if b.String() == name {
		return name
	}

	return `"` + b.String() + `"`
}

// ended is a quoted name with the tab after it that tells GNU patch where a name
// with a space ends.
func ended(name string) string {
	if strings.Contains(name, " ") {
		return quoted(name) + "\t"
	}

	return quoted(name)
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
