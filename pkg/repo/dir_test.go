package repo_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/repo"
)

// folder makes a folder with files and opens it.
func folder(t *testing.T, files map[string]string, seam effect.Seam) (string, *repo.Dir) {
	t.Helper()

	path := t.TempDir()

	for name, content := range files {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(path, name)), 0o755))
		must(t, os.WriteFile(filepath.Join(path, name), []byte(content), 0o644))
	}

	dir, err := repo.OpenDir(path, seam)
	must(t, err)
	t.Cleanup(func() { must(t, dir.Close()) })

	return path, dir
}

// onDisk is every file of a folder with its content.
func onDisk(t *testing.T, path string) map[string]string {
	t.Helper()

	files := map[string]string{}

	must(t, fs.WalkDir(os.DirFS(path), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			data, err := os.ReadFile(filepath.Join(path, name))
			files[name] = string(data)

			return err
		}

		return err
	}))

	return files
}

func sameFiles(t *testing.T, what string, got, want map[string]string) {
	t.Helper()

	if !maps.Equal(got, want) {
		t.Errorf("%s: files are %v, want %v", what, got, want)
	}
}

func TestAFolderIsAFileSystem(t *testing.T) {
	t.Parallel()

	path, dir := folder(t, seedFiles(), nil)
	must(t, fstest.TestFS(dir.FS(), slices.Collect(maps.Keys(seedFiles()))...))

	must(t, os.MkdirAll(filepath.Join(path, "apps/.git/hooks"), 0o755))
	must(t, os.WriteFile(filepath.Join(path, ".git"), []byte("gitdir: elsewhere"), 0o600))
	must(t, os.Symlink("/etc", filepath.Join(path, "etc")))
	must(t, os.Symlink("apps", filepath.Join(path, "inside")))
	must(t, os.Symlink("README.md", filepath.Join(path, "file")))

	var seen []string

	must(t, fs.WalkDir(dir.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			seen = append(seen, name)
		}

		return err
	}))

	// apps has a .git: it is a repository of its own, listed as a submodule.
	want := append(slices.Collect(maps.Keys(seedFiles())), "etc", "file", "inside", "apps")
	want = slices.DeleteFunc(want, func(name string) bool { return strings.HasPrefix(name, "apps/") })
	slices.Sort(want)
	slices.Sort(seen)
	same(t, "walk", strings.Join(seen, " "), strings.Join(want, " "))

	for name, want := range map[string]error{
		"etc": repo.ErrSymlink, "etc/passwd": repo.ErrSymlink, "inside": repo.ErrSymlink, "inside/web.yaml": repo.ErrSymlink,
		"file": repo.ErrSymlink, ".git": fs.ErrNotExist, "apps/.git/hooks": fs.ErrNotExist, "../x": fs.ErrInvalid, "none": fs.ErrNotExist,
	} {
		if _, err := dir.FS().Open(name); !errors.Is(err, want) {
			t.Errorf("open %s: %v, want %v", name, err, want)
		}

		if _, err := fs.ReadFile(dir.FS(), name); !errors.Is(err, want) {
			t.Errorf("read %s: %v, want %v", name, err, want)
		}
	}

	target, err := fs.ReadLink(dir.FS(), "etc")
	must(t, err)
	same(t, "target", target, "/etc")

	if _, err := repo.OpenDir(filepath.Join(path, "README.md"), nil); err == nil {
		t.Error("a file was opened as a folder")
	}
}

func TestWriteKeepsBytesAndModes(t *testing.T) {
	t.Parallel()

	recorder := effect.NewRecorder(nil)
	path, dir := folder(t, map[string]string{"run.sh": "old", "crlf.yaml": "a\r\n", "gone/file": "x", "same": "same"}, recorder)
	must(t, os.Chmod(filepath.Join(path, "run.sh"), 0o750))

	must(t, dir.Write(t.Context(), []repo.Change{
		{Path: "run.sh", Content: []byte("new"), Before: []byte("old")},
		{Path: "crlf.yaml", Content: []byte("b\r\n")},
		{Path: "deep/er/new.yaml", Content: []byte("no newline at the end")},
		{Path: "gone/file", Delete: true},
		{Path: "same", Content: []byte("same")},
	}))

	sameFiles(t, "after", onDisk(t, path), map[string]string{
		"run.sh": "new", "crlf.yaml": "b\r\n", "deep/er/new.yaml": "no newline at the end", "same": "same",
	})

	info, err := os.Stat(filepath.Join(path, "run.sh"))
	must(t, err)
	same(t, "mode", info.Mode(), 0o750)
	same(t, "effects", len(recorder.Log()), 4)
	same(t, "effect", recorder.Log()[0].String(), "file.write run.sh")
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()

	files := map[string]string{"a": "1", "dir/b": "2"}
	path, dir := folder(t, files, nil)
	must(t, os.Symlink("a", filepath.Join(path, "link")))
	must(t, os.Symlink("dir", filepath.Join(path, "dirlink")))
	must(t, os.Symlink(t.TempDir(), filepath.Join(path, "out")))

	for what, bad := range map[string]repo.Change{
		"link":          {Path: "link"},
		"linked folder": {Path: "dirlink/b"},
		"way out":       {Path: "out/x"},
		"dots":          {Path: "../x"},
		"absolute":      {Path: "/tmp/x"},
		"git":           {Path: ".git/config"},
		"nested git":    {Path: "dir/.git/config"},
		"folder":        {Path: "dir"},
		"below a file":  {Path: "a/x"},
		"stale":         {Path: "dir/b", Before: []byte("other"), Content: []byte("x")},
		"vanished":      {Path: "none", Before: []byte("x")},
		"nothing there": {Path: "none", Delete: true},
		"twice":         {Path: "a"},
	} {
		err := dir.Write(t.Context(), []repo.Change{
			{Path: "a", Content: []byte("changed")}, {Path: "new/c", Content: []byte("new")}, bad,
		})
		if !is[*repo.ChangeError](err) {
			t.Errorf("%s: err = %v, want a ChangeError", what, err)
		}

		sameFiles(t, what, onDisk(t, path), files)

		if _, err := os.Stat(filepath.Join(path, "new")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: a new folder stays", what)
		}
	}
}

// meddler fails or disturbs the write of one file.
type meddler struct {
	name string
	do   func() error
}

func (m *meddler) Do(ctx context.Context, e effect.Effect, f func(context.Context) error) error {
	if e.Target == m.name {
		if err := m.do(); err != nil {
			return err
		}
	}

	return f(ctx)
}

func TestWriteIsAllOrNothing(t *testing.T) {
	t.Parallel()

	files := map[string]string{"a": "1", "b": "2", "c": "3", "d": "4"}
	changes := []repo.Change{
		{Path: "a", Content: []byte("new a")},
		{Path: "b", Delete: true},
		{Path: "new/n", Content: []byte("n")},
		{Path: "c", Content: []byte("new c")},
		{Path: "d", Content: []byte("new d")},
	}

	t.Run("one cannot be replaced", func(t *testing.T) {
		t.Parallel()

		boom := errors.New("boom")
		path, dir := folder(t, files, &meddler{"c", func() error { return boom }})
		must(t, os.Chmod(filepath.Join(path, "b"), 0o711))

		if err := dir.Write(t.Context(), changes); !errors.Is(err, boom) {
			t.Errorf("err = %v", err)
		}

		sameFiles(t, "after", onDisk(t, path), files)

		info, err := os.Stat(filepath.Join(path, "b"))
		must(t, err)
		same(t, "mode of what was put back", info.Mode(), 0o711)
	})

	t.Run("somebody else is faster", func(t *testing.T) {
		t.Parallel()

		somebody := &meddler{name: "c"}
		path, dir := folder(t, files, somebody)
		somebody.do = func() error { return os.WriteFile(filepath.Join(path, "c"), []byte("edited"), 0o600) }

		err := dir.Write(t.Context(), changes)
		if change, ok := errors.AsType[*repo.ChangeError](err); !ok || change.Path != "c" {
			t.Errorf("err = %v, want a ChangeError about c", err)
		}

		want := maps.Clone(files)
		want["c"] = "edited"
		sameFiles(t, "after", onDisk(t, path), want)
	})

	t.Run("the context ends", func(t *testing.T) {
		t.Parallel()

		ctx, cancel := context.WithCancel(t.Context())
		path, dir := folder(t, files, &meddler{"d", func() error { cancel(); return nil }})

		if err := dir.Write(ctx, changes); !errors.Is(err, context.Canceled) {
			t.Errorf("err = %v", err)
		}

		sameFiles(t, "after", onDisk(t, path), files)
	})
}

// TestAStoppedWriteConverges ends the program at every effect: each file is
// whole, and the next run does the rest.
func TestAStoppedWriteConverges(t *testing.T) {
	t.Parallel()

	files := map[string]string{"a": "1", "b": "2", "c": "3"}
	change := func(have map[string]string) (changes []repo.Change) {
		for _, name := range slices.Sorted(maps.Keys(have)) {
			changes = append(changes, repo.Change{Path: name, Content: []byte("new")})
		}

		return changes
	}

	for number := 1; number <= 3; number++ {
		for _, point := range []effect.Point{effect.Before, effect.In, effect.After} {
			path, dir := folder(t, files, effect.NewStopper(number, point, nil))

			if err := dir.Write(t.Context(), change(files)); !errors.Is(err, effect.ErrStopped) {
				t.Errorf("%s %d: err = %v", point, number, err)
			}

			for name, content := range onDisk(t, path) {
				if content != "new" && content != files[name] {
					t.Errorf("%s %d: %s holds %q", point, number, name, content)
				}
			}

			next, err := repo.OpenDir(path, nil)
			must(t, err)
			must(t, next.Write(t.Context(), change(files)))
			sameFiles(t, "after the next run", onDisk(t, path), map[string]string{"a": "new", "b": "new", "c": "new"})
			must(t, next.Close())
		}
	}
}

func TestADeadProgramsFilesAreRemoved(t *testing.T) {
	t.Parallel()

	path, dir := folder(t, map[string]string{"a": "1", ".bot-OLD.tmp": "x", ".bot-NEW.tmp": "y", ".bot-mine": "z"}, nil)
	old := time.Now().Add(-time.Hour)
	must(t, os.Chtimes(filepath.Join(path, ".bot-OLD.tmp"), old, old))
	must(t, dir.Write(t.Context(), []repo.Change{{Path: "a", Content: []byte("2")}}))
	sameFiles(t, "after", onDisk(t, path), map[string]string{"a": "2", ".bot-NEW.tmp": "y", ".bot-mine": "z"})
}

func BenchmarkDirWalk(b *testing.B) {
	path := b.TempDir()

	for i := range 5000 {
		name := filepath.Join(path, fmt.Sprint(i/50), fmt.Sprint(i, ".yaml"))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte("a: b\n"), 0o600)); err != nil {
			b.Fatal(err)
		}
	}

	for b.Loop() {
		dir, err := repo.OpenDir(path, nil)
		if err != nil {
			b.Fatal(err)
		}

		if n, err := readAll(dir.FS()); err != nil || n != 5000 {
			b.Fatal(n, err)
		}

		_ = dir.Close()
	}
}

func readAll(fsys fs.FS) (n int, err error) {
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}

		n++
		_, err = fs.ReadFile(fsys, name)

		return err
	})

	return n, err
}
