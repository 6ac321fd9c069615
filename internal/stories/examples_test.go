package stories_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/cli"
)

// TestBumpChangesOnlyVersionsInBothExamples moves copies of the example trees
// offline: turned back, the new version gives the old bytes, every file that
// is not among the edits is what it was, and a second run has nothing to do.
func TestBumpChangesOnlyVersionsInBothExamples(t *testing.T) {
	t.Parallel()

	for _, name := range []string{"as-noted", "goingdark"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			original := os.DirFS(filepath.Join("..", "..", "examples", name))
			dir := t.TempDir()

			if err := os.CopyFS(dir, original); err != nil {
				t.Fatal(err)
			}

			diff, said := bump(t, dir)
			if !strings.Contains(said, "from v4.4.3 to v4.4.4") {
				t.Errorf("the summary does not say what was moved:\n%s", said)
			}

			if changed := onlyVersions(t, original, os.DirFS(dir)); changed < 5 {
				t.Errorf("only %d files changed:\n%s", changed, diff)
			}

			if diff, said = bump(t, dir); diff != "" || !strings.Contains(said, "nothing to change") {
				t.Errorf("the second run printed %q and said %q", diff, said)
			}
		})
	}
}

func bump(t *testing.T, dir string) (diff, said string) {
	t.Helper()

	var stdout, stderr bytes.Buffer

	status := cli.Run(context.Background(), cli.Program{
		Args:  []string{"bump", "v4.4.4", "--path", dir, "--offline"},
		Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
		Getenv: func(string) string { return "" }, ReadFile: os.ReadFile, Now: time.Now,
	})
	if status != 0 {
		t.Fatalf("exit status %d: %s", status, stderr.String())
	}

	return stdout.String(), stderr.String()
}

// onlyVersions counts the files that differ, and fails where they differ in
// more than the version.
func onlyVersions(t *testing.T, before, after fs.FS) (changed int) {
	t.Helper()

	err := fs.WalkDir(before, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}

		was, err := fs.ReadFile(before, name)
		if err != nil {
			return err
		}

		is, err := fs.ReadFile(after, name)
		if err != nil {
			return err
		}

		if bytes.Equal(was, is) {
			return nil
		}

		changed++

		if bytes.Contains(was, []byte("v4.4.4")) {
			t.Errorf("%s names v4.4.4 before the change, so the comparison proves nothing", name)
		}

		if !bytes.Equal(bytes.ReplaceAll(is, []byte("v4.4.4"), []byte("v4.4.3")), was) {
			t.Errorf("%s changed in more than the version", name)
		}

		return nil
	})
	if err != nil {
		t.Fatal(err)
	}

	return changed
}
