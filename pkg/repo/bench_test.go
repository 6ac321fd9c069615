package repo_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/pkg/repo"
)

// BenchmarkChange is fetch, one changed file, commit and push of a new branch
// in a repository of 5,000 files, against git doing the same from a checkout
// and from a bare clone without one.
func BenchmarkChange(b *testing.B) {
	server, err := gittest.New(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer server.Close()

	there, err := server.CreateRepo(b.Context(), "example/gitops", gittest.Many(5000))
	if err != nil {
		b.Fatal(err)
	}

	if err := there.Repack(b.Context()); err != nil {
		b.Fatal(err)
	}

	mirror := b.TempDir()
	n := 0

	for name, change := range map[string]func(b *testing.B, branch string) error{
		"bot-memory": func(b *testing.B, branch string) error { return byBot(b, there, "", branch) },
		"bot-mirror": func(b *testing.B, branch string) error { return byBot(b, there, mirror, branch) },
		"git":        func(b *testing.B, branch string) error { return byGit(b, there, branch) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				n++
				if err := change(b, fmt.Sprint("bot/", n)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func byBot(b *testing.B, there *gittest.Repo, mirror, branch string) error {
	b.Helper()

	r, err := repo.Open(repo.Options{URL: there.URL, Mirror: mirror})
	if err != nil {
		return err
	}

	base, err := r.Fetch(b.Context(), "main")
	if err != nil {
		return err
	}

	c, err := r.Commit(b.Context(), base, []repo.Change{{Path: "apps/7/350.yaml", Content: []byte(branch)}}, repo.Message{Text: branch})
	if err != nil {
		return err
	}

	return r.Push(b.Context(), c, branch, "")
}

func byGit(b *testing.B, there *gittest.Repo, branch string) error {
	b.Helper()

	dir := b.TempDir()

	for _, args := range [][]string{
		{"clone", "--quiet", "--depth=1", "--single-branch", there.URL, "."},
		{"checkout", "--quiet", "-b", branch},
	} {
		if _, err := gittest.Git(b.Context(), dir, nil, args...); err != nil {
			return err
		}
	}

	if err := os.WriteFile(filepath.Join(dir, "apps/7/350.yaml"), []byte(branch), 0o600); err != nil {
		return err
	}

	for _, args := range [][]string{{"commit", "--quiet", "-am", branch}, {"push", "--quiet", "origin", branch}} {
		if _, err := gittest.Git(b.Context(), dir, nil, args...); err != nil {
			return err
		}
	}

	return nil
}

// BenchmarkRead reads every file of a commit with 5,000 of them.
func BenchmarkRead(b *testing.B) {
	server, err := gittest.New(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer server.Close()

	there, err := server.CreateRepo(b.Context(), "example/gitops", gittest.Many(5000))
	if err != nil {
		b.Fatal(err)
	}

	for name, mirror := range map[string]string{"memory": "", "mirror": b.TempDir()} {
		b.Run(name, func(b *testing.B) {
			r, err := repo.Open(repo.Options{URL: there.URL, Mirror: mirror})
			if err != nil {
				b.Fatal(err)
			}

			c, err := r.Fetch(b.Context(), "main")
			if err != nil {
				b.Fatal(err)
			}

			for b.Loop() {
				if n, err := readAll(c.FS()); err != nil || n != 5000 {
					b.Fatal(n, err)
				}
			}
		})
	}
}
