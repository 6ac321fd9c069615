package drift_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// Each case is a tree, and all that is found in it.
func TestCases(t *testing.T) {
	t.Parallel()

	files, err := filepath.Glob("testdata/cases/*.txtar")
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

			found := findings(t, tree(a, ""), options())
			if diff := cmp.Diff(wanted(a, "want: "), lines(found)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)

				for _, f := range found {
					t.Logf("%s %s:%d: %s (expected %q, actual %q)", f.Check, f.File, f.Line, f.Message, f.Expected, f.Actual)
				}
			}
		})
	}
}
