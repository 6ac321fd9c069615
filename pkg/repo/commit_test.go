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

// TestACommitIsWhatGitItselfMakes does the same edits with git on a checkout.
func TestACommitIsWhatGitItselfMakes(t *testing.T) {
	t.Parallel()

	files := gittest.Files(seedFiles()).(fstest.MapFS)
	files["run.sh"] = &fstest.MapFile{Data: []byte("#!/bin/sh\necho v4.4.3\n"), Mode: 0o755}
	files["link"] = &fstest.MapFile{Data: []byte("README.md"), Mode: fs.ModeSymlink}
	w := newGitWorld(t, files)
	base := fetch(t, w.Remote, "main")

	crlf := "image: ghcr.io/glitch-soc/mastodon:v4.4.4\r\nreplicas: 2\r\n"
	changes := []repo.Change{
		{Path: "apps/web/deployment.yaml", Content: []byte(crlf)},
		{Path: "run.sh", Content: []byte("#!/bin/sh\necho v4.4.4\n")},
		{Path: "apps/web-extra/new/deep.yaml", Content: []byte("new: true")},
		{Path: "apps/web0", Content: []byte("sorts after the folder web")},
		{Path: "apps/sidekiq/deploy.yaml", Delete: true},
	}
	message := repo.Message{Text: "chore: move to v4.4.4\n\nBody.", Author: repo.Signature{Name: "Ada", Email: "ada@example.org"}, Time: gittest.Epoch}

	c, err := w.Commit(t.Context(), base, changes, message)
	must(t, err)

	again, err := w.open(t).Commit(t.Context(), base, changes, message)
	must(t, err)
	same(t, "the same again", again.Hash(), c.Hash())

	work := t.TempDir()
	git := func(args ...string) string {
		out, err := gittest.Git(t.Context(), work, nil, args...)
		must(t, err)

		return strings.TrimSpace(out)
	}
	git("clone", "--quiet", w.there.URL, ".")

	for _, c := range changes {
		path := filepath.Join(work, c.Path)
		if c.Delete {
			must(t, os.Remove(path))
		} else {
			must(t, os.MkdirAll(filepath.Dir(path), 0o755))
			must(t, os.WriteFile(path, c.Content, 0o644))
		}
	}

	git("add", "--all")
	same(t, "tree", c.Tree(), git("write-tree"))
	same(t, "commit", c.Hash(), commitAs(t, work, c.Tree(), base.Hash(), message.Text))

	// It can be read before it is pushed, and what git has after is the same.
	got, err := fs.ReadFile(c.FS(), "apps/web/deployment.yaml")
	must(t, err)
	same(t, "content", string(got), crlf)
	must(t, w.Push(t.Context(), c, "bot/x", ""))
	must(t, w.there.Check(t.Context()))

	modes, err := w.there.Modes(t.Context(), "bot/x")
	must(t, err)
	same(t, "mode of run.sh", modes["run.sh"], "100755")
	same(t, "mode of link", modes["link"], "120000")
	same(t, "mode of a new file", modes["apps/web0"], "100644")

	if _, there := modes["apps/sidekiq/deploy.yaml"]; there {
		t.Error("a deleted file is still there")
	}

	shown, err := w.there.Show(t.Context(), "bot/x", "apps/web/deployment.yaml")
	must(t, err)
	same(t, "bytes", shown, crlf)
}

// commitAs lets git make the commit object.
func commitAs(t *testing.T, dir, tree, parent, message string) string {
	t.Helper()

	raw := "tree " + tree + "\nparent " + parent + "\nauthor Ada <ada@example.org> 1767323045 +0000\n" +
		"committer Bot <bot@example.org> 1767323045 +0000\n\n" + message + "\n"
	out, err := gittest.Git(t.Context(), dir, strings.NewReader(raw), "hash-object", "-t", "commit", "--stdin")
	must(t, err)

	return strings.TrimSpace(out)
}

func TestChangesThatAreRefused(t *testing.T) {
	t.Parallel()

	w := newGitWorld(t, fstest.MapFS{
		"file": {Data: []byte("old")}, "dir/file": {Data: []byte("x")},
		"link": {Data: []byte("file"), Mode: fs.ModeSymlink}, "dirlink": {Data: []byte("dir"), Mode: fs.ModeSymlink},
		"sub": {Data: []byte(strings.Repeat("ab", 20)), Mode: fs.ModeIrregular},
	})
	base := fetch(t, w.Remote, "main")

	for name, changes := range map[string][]repo.Change{
		"../x": {{}}, "/etc/passwd": {{}}, "a/../../x": {{}}, "a//b": {{}}, "./a": {{}}, "a/": {{}}, "": {{}}, ".": {{}},
		".git/config": {{}}, "a/.git/hooks/x": {{}}, ".GIT/config": {{}}, ".git./x": {{}}, "git~1/x": {{}}, ".git::$INDEX/x": {{}},
		".g\u200cit/config": {{}}, `a\..\b`: {{}}, "nul\x00": {{}}, "bad\xffutf8": {{}},
		"link": {{}}, "dirlink/file": {{}}, "sub": {{}}, "sub/x": {{}}, "dir": {{}}, "file/x": {{}},
		"missing":     {{Delete: true}},
		"dir/missing": {{Before: []byte{}, Content: []byte("x")}},
		"file":        {{Before: []byte("other"), Content: []byte("x")}},
		"dir/file":    {{Content: []byte("1")}, {Path: "dir/file", Content: []byte("2")}},
		"new/file":    {{}, {Path: "new", Content: []byte("a folder above")}},
		"another":     {{}, {Path: "another/below"}},
	} {
		changes[0].Path = name
		changes = append([]repo.Change{{Path: "innocent", Content: []byte("x")}}, changes...)

		_, err := w.Commit(t.Context(), base, changes, repo.Message{Text: "x"})
		if _, ok := errors.AsType[*repo.ChangeError](err); !ok {
			t.Errorf("%q: err = %v, want a ChangeError", name, err)
		}
	}

	for name, changes := range map[string][]repo.Change{
		"none": nil, "the same bytes": {{Path: "file", Content: []byte("old"), Before: []byte("old")}},
	} {
		if _, err := w.Commit(t.Context(), base, changes, repo.Message{Text: "x"}); !errors.Is(err, repo.ErrUnchanged) {
			t.Errorf("%s: err = %v, want ErrUnchanged", name, err)
		}
	}

	if _, err := w.Commit(t.Context(), base, []repo.Change{{Path: "new"}}, repo.Message{Text: " \n"}); err == nil {
		t.Error("a commit without a message was made")
	}
}

// TestForeignModesStay: git once wrote 100664, and its trees are still around.
func TestForeignModesStay(t *testing.T) {
	t.Parallel()

	w := newWorld(t, gittest.Files(map[string]string{"a.yaml": "a", "b.yaml": "b"}))
	blob, err := w.there.Git(t.Context(), "rev-parse", "main:a.yaml")
	must(t, err)

	raw := hexTree(t, "100664 a.yaml", strings.TrimSpace(blob)) + hexTree(t, "100644 b.yaml", strings.TrimSpace(blob))
	tree, err := gittest.Git(t.Context(), w.there.Dir, strings.NewReader(raw), "hash-object", "-t", "tree", "-w", "--stdin", "--literally")
	must(t, err)
	commit, err := w.there.Git(t.Context(), "commit-tree", "-m", "old", strings.TrimSpace(tree))
	must(t, err)
	must(t, w.there.Branch(t.Context(), "main", strings.TrimSpace(commit)))

	c, err := w.Commit(t.Context(), fetch(t, w.Remote, "main"), []repo.Change{{Path: "b.yaml", Content: []byte("new")}}, repo.Message{Text: "x"})
	must(t, err)
	must(t, w.Push(t.Context(), c, "bot/x", ""))

	modes, err := w.there.Git(t.Context(), "cat-file", "tree", c.Tree())
	must(t, err)

	if !strings.HasPrefix(modes, "100664 a.yaml\x00") {
		t.Errorf("tree = %q", modes)
	}
}

func hexTree(t *testing.T, entry, hash string) string {
	t.Helper()

	var b strings.Builder

	b.WriteString(entry + "\x00")

	for i := 0; i < len(hash); i += 2 {
		b.WriteByte(unhex(hash[i])<<4 | unhex(hash[i+1]))
	}

	return b.String()
}

func unhex(c byte) byte {
	if c >= 'a' {
		return c - 'a' + 10
	}

	return c - '0'
}
