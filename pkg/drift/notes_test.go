package drift_test

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/goingdark-social/bot/pkg/drift"
)

// Each case is a tree with its notes, what docs-drift finds in them, and the notes as --fix leaves them.
func TestNotes(t *testing.T) {
	t.Parallel()

	files, err := filepath.Glob("testdata/notes/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}

	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()

			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}

			fsys := fstest.MapFS{}
			fixed := map[string]string{}

			for _, f := range a.Files {
				if name, ok := strings.CutPrefix(f.Name, "fixed/"); ok {
					fixed[name] = string(f.Data)
				} else {
					fsys[f.Name] = &fstest.MapFile{Data: f.Data}
				}
			}

			found := findings(t, fsys, options(), "docs-drift")
			if diff := cmp.Diff(wanted(a, "want: "), told(found)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}

			changes, err := drift.Fix(fsys, found)
			if err != nil {
				t.Fatal(err)
			}

			got := map[string]string{}
			for _, c := range changes {
				got[c.Path] = string(c.After)
				fsys[c.Path] = &fstest.MapFile{Data: c.After}
			}

			if diff := cmp.Diff(fixed, got); diff != "" {
				t.Errorf("fixed: -want +got:\n%s", diff)
			}

			if again, err := drift.Fix(fsys, findings(t, fsys, options(), "docs-drift")); err != nil || len(again) > 0 {
				t.Errorf("fixing twice is not once: %v %v", again, err)
			}
		})
	}
}

// told are findings with both places and what they say.
func told(found []drift.Finding) string {
	var b strings.Builder

	for _, f := range found {
		b.WriteString(strings.TrimSpace(lines([]drift.Finding{f})))

		for _, r := range f.Related {
			b.WriteString(" <- " + strings.TrimPrefix(strings.TrimSpace(lines([]drift.Finding{{Place: r}})), "  "))
		}

		b.WriteString(" " + f.Message + "\n")
	}

	return b.String()
}
