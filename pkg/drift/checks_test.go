package drift_test

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/drift/internal/example"
)

// The examples of the documentation are trees: bad/ and good/, each together with both/. The bad one gives just the findings that the
// comment lists, the good one none of that check.
func TestEveryCheckHasABadAndAGoodExample(t *testing.T) {
	t.Parallel()

	var names []string
	for _, c := range drift.Checks() {
		names = append(names, c.ID)
	}

	files, err := filepath.Glob("testdata/checks/*.txtar")
	if err != nil {
		t.Fatal(err)
	}

	for _, file := range files {
		if id := strings.TrimSuffix(filepath.Base(file), ".txtar"); !slices.Contains(names, id) {
			t.Errorf("%s is of no check", file)
		}
	}

	for _, id := range names {
		t.Run(id, func(t *testing.T) {
			t.Parallel()

			a, err := txtar.ParseFile(filepath.Join("testdata", "checks", id+".txtar"))
			if err != nil {
				t.Fatal(err)
			}

			want := wanted(a, "finds: ")
			if diff := cmp.Diff(want, lines(side(t, a, "bad/", id))); diff != "" || want == "" {
				t.Errorf("bad: -want +got:\n%s", diff)
			}

			if got := side(t, a, "good/", id); len(got) > 0 {
				t.Errorf("good: %s%+v", lines(got), got)
			}
		})
	}
}

// side makes a check of one side of an example.
func side(t *testing.T, a *txtar.Archive, name, check string) []drift.Finding {
	t.Helper()

	outside, err := example.Outside(a, name)
	if err != nil {
		t.Fatal(err)
	}

	return outer(t, tree(a, name), outside, options(), check)
}

// wanted are the lines of a comment behind a word.
func wanted(a *txtar.Archive, word string) string {
	var b strings.Builder

	for line := range strings.Lines(string(a.Comment)) {
		if rest, ok := strings.CutPrefix(line, word); ok {
			b.WriteString(rest)
		}
	}

	return b.String()
}

// tree is the files of one side, and of both.
func tree(a *txtar.Archive, side string) fs.FS {
	out := fstest.MapFS{}

	for _, f := range a.Files {
		for _, prefix := range []string{side, "both/"} {
			if name, ok := strings.CutPrefix(f.Name, prefix); ok {
				out[name] = &fstest.MapFile{Data: f.Data}
			}
		}
	}

	return out
}
