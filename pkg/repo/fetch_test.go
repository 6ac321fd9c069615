package repo_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/pkg/repo"
)

// places is where a commit may be kept; every reading test holds for both.
func places(t *testing.T) map[string][]func(*repo.Options) {
	t.Helper()

	return map[string][]func(*repo.Options){
		"memory": nil,
		"mirror": {mirrored(filepath.Join(t.TempDir(), "deep", "mirror"))},
	}
}

func TestACommitIsAFileSystem(t *testing.T) {
	t.Parallel()

	for name, options := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			w := newWorld(t, seed(), options...)
			fsys := fetch(t, w.Remote, "main").FS()

			var expected []string
			for name := range seedFiles() {
				expected = append(expected, name)
			}

			must(t, fstest.TestFS(fsys, expected...))

			for name, want := range seedFiles() {
				got, err := fs.ReadFile(fsys, name)
				must(t, err)
				same(t, name, string(got), want)

				hash, err := fsys.(interface {
					Hash(name string) (string, error)
				}).Hash(name)
				must(t, err)

				of, err := w.there.Git(t.Context(), "rev-parse", "main:"+name)
				must(t, err)
				same(t, "hash of "+name, hash, strings.TrimSpace(of))
			}

			must(t, w.there.Check(t.Context()))
		})
	}
}

func TestLinksSubmodulesAndModes(t *testing.T) {
	t.Parallel()

	submodule := strings.Repeat("ab", 20)
	files := fstest.MapFS{
		"run.sh":       {Data: []byte("#!/bin/sh\n"), Mode: 0o755},
		"plain":        {Data: []byte("x"), Mode: 0o644},
		"out":          {Data: []byte("../../etc/passwd"), Mode: fs.ModeSymlink},
		"link":         {Data: []byte("dir"), Mode: fs.ModeSymlink},
		"dir/file":     {Data: []byte("y")},
		"vendor/theme": {Data: []byte(submodule), Mode: fs.ModeIrregular},
	}
	w := newGitWorld(t, files)
	fsys := fetch(t, w.Remote, "main").FS()

	for name, want := range map[string]fs.FileMode{
		"run.sh": 0o755, "plain": 0o644, "out": fs.ModeSymlink | 0o777, "dir": fs.ModeDir | 0o755, "vendor/theme": fs.ModeIrregular,
	} {
		info, err := fs.Stat(fsys, name)
		must(t, err)
		same(t, "mode of "+name, info.Mode(), want)
	}

	target, err := fs.ReadLink(fsys, "out")
	must(t, err)
	same(t, "target", target, "../../etc/passwd")

	for name, want := range map[string]error{
		"out": repo.ErrSymlink, "link": repo.ErrSymlink, "link/file": repo.ErrSymlink,
		"vendor/theme": repo.ErrSubmodule, "vendor/theme/x": repo.ErrSubmodule,
		"plain/x": fs.ErrNotExist, "nothing": fs.ErrNotExist, "../plain": fs.ErrInvalid, "/plain": fs.ErrInvalid,
	} {
		if _, err := fs.ReadFile(fsys, name); !errors.Is(err, want) {
			t.Errorf("read %s: %v, want %v", name, err, want)
		}

		if _, err := fsys.Open(name); !errors.Is(err, want) {
			t.Errorf("open %s: %v, want %v", name, err, want)
		}
	}

	var seen []string

	must(t, fs.WalkDir(fsys, ".", func(name string, _ fs.DirEntry, err error) error {
		seen = append(seen, name)

		return err
	}))
	same(t, "walk", strings.Join(seen, " "), ". dir dir/file link out plain run.sh vendor vendor/theme")
}

func TestAnUnmovedBranchIsNotFetchedAgain(t *testing.T) {
	t.Parallel()

	for name, options := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			w := newWorld(t, seed(), options...)
			first := fetch(t, w.Remote, "main")

			w.server.Forget()

			if fetch(t, w.Remote, "main").Hash() != first.Hash() {
				t.Error("another commit")
			}

			same(t, "requests", len(w.server.Requests()), 1)
			same(t, "packs", w.server.Count("POST"), 0)
		})
	}
}

func TestFetchBringsOnlyWhatIsNew(t *testing.T) {
	t.Parallel()

	for name, options := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			w := newGitWorld(t, gittest.Many(1000), options...)
			fetch(t, w.Remote, "main")

			whole := w.server.Requests()[1].Bytes

			for i := range 10 {
				text := strings.Repeat("x", i)
				hash, err := w.there.Commit(t.Context(), gittest.Commit{Branch: "main", Files: map[string]string{"apps/3/150.yaml": text}})
				must(t, err)
				w.server.Forget()

				c := fetch(t, w.Remote, "main")
				same(t, "hash", c.Hash(), hash)

				got, err := fs.ReadFile(c.FS(), "apps/3/150.yaml")
				must(t, err)
				same(t, "content", string(got), text)

				if part := w.server.Requests()[1].Bytes; part*5 > whole && (i != 7 || name == "mirror") {
					t.Errorf("fetch %d brought %d bytes, the whole is %d", i, part, whole)
				}
			}

			// A branch that is set back to where it was.
			_, err := w.there.Git(t.Context(), "update-ref", "refs/heads/main", "main~3")
			must(t, err)

			got, err := fs.ReadFile(fetch(t, w.Remote, "main").FS(), "apps/3/150.yaml")
			must(t, err)
			same(t, "content", string(got), strings.Repeat("x", 6))

			// Other branches, also one that shares nothing.
			_, err = w.there.Commit(t.Context(), gittest.Commit{Branch: "other", Orphan: true, Files: map[string]string{"a": "b"}})
			must(t, err)

			got, err = fs.ReadFile(fetch(t, w.Remote, "other").FS(), "a")
			must(t, err)
			same(t, "content", string(got), "b")
		})
	}
}

func TestAMirrorServesTheNextProcess(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	w := newWorld(t, gittest.Many(200), mirrored(dir))
	fetch(t, w.Remote, "main")
	w.server.Forget()

	c := fetch(t, w.open(t, mirrored(dir)), "main")
	same(t, "packs", w.server.Count("POST"), 0)

	_, err := fs.ReadFile(c.FS(), "apps/0/0.yaml")
	must(t, err)

	_, err = gittest.Git(t.Context(), filepath.Join(dir, "1.git"), nil, "fsck", "--full", "--strict")
	must(t, err)
}

func TestABrokenMirrorIsMadeAnew(t *testing.T) {
	t.Parallel()

	pack := func(t *testing.T, dir, ending string) string {
		t.Helper()

		found, err := filepath.Glob(filepath.Join(dir, "1.git/objects/pack/*"+ending))
		must(t, err)
		must(t, os.Chmod(found[0], 0o644))

		return found[0]
	}

	for name, damage := range map[string]func(t *testing.T, dir string){
		"truncated pack":  func(t *testing.T, dir string) { must(t, os.Truncate(pack(t, dir, ".pack"), 100)) },
		"empty pack":      func(t *testing.T, dir string) { must(t, os.Truncate(pack(t, dir, ".pack"), 0)) },
		"truncated index": func(t *testing.T, dir string) { must(t, os.Truncate(pack(t, dir, ".idx"), 500)) },
		"no index":        func(t *testing.T, dir string) { must(t, os.Remove(pack(t, dir, ".idx"))) },
		"no pack":         func(t *testing.T, dir string) { must(t, os.Remove(pack(t, dir, ".pack"))) },
		"a flipped bit": func(t *testing.T, dir string) {
			path := pack(t, dir, ".pack")
			data, err := os.ReadFile(path)
			must(t, err)

			data[len(data)/2] ^= 1
			must(t, os.WriteFile(path, data, 0o600))
		},
		"no objects": func(t *testing.T, dir string) { must(t, os.RemoveAll(filepath.Join(dir, "1.git/objects"))) },
		"garbage": func(t *testing.T, dir string) {
			must(t, os.RemoveAll(filepath.Join(dir, "1.git")))
			must(t, os.WriteFile(filepath.Join(dir, "1.git"), []byte("hello"), 0o600))
		},
		"a torn reference": func(t *testing.T, dir string) {
			must(t, os.WriteFile(filepath.Join(dir, "1.git/refs/mirror/main"), []byte("12"), 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			dir := t.TempDir()
			w := newWorld(t, gittest.Many(200), mirrored(dir))
			fetch(t, w.Remote, "main")
			damage(t, dir)

			c := fetch(t, w.open(t, mirrored(dir)), "main")

			data, err := fs.ReadFile(c.FS(), "apps/3/150.yaml")
			must(t, err)

			if !strings.Contains(string(data), "object-150\n") {
				t.Errorf("read %q", data)
			}
		})
	}
}

func TestALargeFileIsNotFetched(t *testing.T) {
	t.Parallel()

	files := gittest.Files(map[string]string{"small.yaml": "a: b\n", "video.mp4": strings.Repeat("\x00\x01", 50_000)})

	for name, options := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			w := newGitWorld(t, files, append(options, func(o *repo.Options) { o.MaxBlob = 1000 })...)
			base := fetch(t, w.Remote, "main")

			info, err := fs.Stat(base.FS(), "video.mp4")
			must(t, err)
			same(t, "size", info.Size(), 1000)

			_, err = fs.ReadFile(base.FS(), "video.mp4")
			if large, ok := errors.AsType[*repo.LargeFileError](err); !ok || large.Path != "video.mp4" {
				t.Errorf("err = %v, want a LargeFileError", err)
			}

			// What was not fetched stays where it is.
			c, err := w.Commit(t.Context(), base, []repo.Change{{Path: "small.yaml", Content: []byte("a: c\n")}}, repo.Message{Text: "x"})
			must(t, err)
			must(t, w.Push(t.Context(), c, "bot/x", ""))
			must(t, w.there.Check(t.Context()))

			got, err := w.there.Show(t.Context(), "bot/x", "video.mp4")
			must(t, err)
			same(t, "length", len(got), 100_000)
		})
	}
}

func TestHeads(t *testing.T) {
	t.Parallel()

	w := newWorld(t, nil)
	heads, err := w.Heads(t.Context())
	must(t, err)
	same(t, "branches of an empty repository", len(heads), 0)

	if _, err := w.Fetch(t.Context(), "main"); !is[*repo.BranchError](err) {
		t.Errorf("err = %v, want a BranchError", err)
	}

	for _, branch := range []string{"main", "bot/mastodon/patch", "refs/tags/v1", "refs/bot/state"} {
		_, err := w.there.Commit(t.Context(), gittest.Commit{Branch: branch, Message: branch, Files: map[string]string{"a": "b"}})
		must(t, err)
	}

	for range 2 {
		heads, err := w.Heads(t.Context())
		must(t, err)
		same(t, "branches", len(heads), 2)

		head, err := w.there.Head(t.Context(), "bot/mastodon/patch")
		must(t, err)
		same(t, "hash", heads["bot/mastodon/patch"], head)
	}
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)

	return ok
}
