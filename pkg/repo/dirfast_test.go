package repo_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/goingdark-social/bot/pkg/repo"
)

// TestReadIntoGivesWhatReadFileGives compares both ways of reading, with
// buffers too small, just right and too large; nothing is read above a limit.
func TestReadIntoGivesWhatReadFileGives(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	content := bytes.Repeat([]byte("0123456789abcdef"), 700)

	for name, size := range map[string]int{"empty": 0, "one": 1, "deep/er/page": 4096, "large": len(content)} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o750); err != nil {
			t.Fatal(err)
		}

		if err := os.WriteFile(filepath.Join(dir, name), content[:size], 0o600); err != nil {
			t.Fatal(err)
		}
	}

	if err := os.Symlink(filepath.Join(dir, "deep"), filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}

	opened, err := repo.OpenDir(dir, nil)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	})

	tree, ok := opened.FS().(interface {
		fs.ReadFileFS
		ReadInto(name string, buf []byte, limit int) ([]byte, int64, error)
	})
	if !ok {
		t.Fatal("a folder cannot be read into a buffer")
	}

	for _, name := range []string{"empty", "one", "deep/er/page", "large"} {
		whole, err := tree.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}

		want, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !bytes.Equal(whole, want) {
			t.Errorf("%s: ReadFile gave %d bytes, want %d (%v)", name, len(whole), len(want), err)
		}

		for _, capacity := range []int{0, 1, len(want), len(want) + 1, 1 << 16} {
			for _, limit := range []int{1, 100, 1 << 20} {
				expected := want
				if len(want) > limit {
					expected = nil
				}

				got, size, err := tree.ReadInto(name, make([]byte, 0, capacity), limit)
				if err != nil || size != int64(len(want)) || !bytes.Equal(got, expected) {
					t.Errorf("%s with a buffer of %d up to %d: %d bytes of %d, %v", name, capacity, limit, len(got), size, err)
				}
			}
		}
	}

	for _, name := range []string{"link/er/page", "link", "deep", "nowhere", "../" + filepath.Base(dir) + "/one"} {
		if _, _, err := tree.ReadInto(name, nil, 10); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}
