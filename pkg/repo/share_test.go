package repo_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/pkg/repo"
)

// TestProcessesShareAMirror fetches, reads and breaks one mirror at a time
// from several sides: every reader gets right answers throughout.
func TestProcessesShareAMirror(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	w := newWorld(t, gittest.Many(200), mirrored(dir))

	for _, branch := range []string{"bot", "other"} {
		_, err := w.there.Commit(t.Context(), gittest.Commit{Branch: branch, From: "main", Files: map[string]string{"which": branch}})
		must(t, err)
	}

	early := fetch(t, w.Remote, "main")

	var group sync.WaitGroup

	for i := range 6 {
		mine := w.open(t, mirrored(dir))

		group.Go(func() {
			for _, branch := range [][]string{{"main", "bot", "other"}, {"other", "main", "bot"}}[i%2] {
				c, err := mine.Fetch(t.Context(), branch)
				if err != nil {
					t.Error(err)

					return
				}

				if n, err := readAll(c.FS()); err != nil || n < 200 {
					t.Errorf("%s: read %d files: %v", branch, n, err)
				}
			}
		})
	}

	group.Wait()

	// One side finds the mirror broken and makes another; who reads from the
	// old one is not disturbed.
	must(t, os.WriteFile(filepath.Join(dir, "1.git/refs/mirror/main"), []byte("?"), 0o600))
	fetch(t, w.open(t, mirrored(dir)), "main")

	n, err := readAll(early.FS())
	must(t, err)
	same(t, "files", n, 200)

	_, err = gittest.Git(t.Context(), filepath.Join(dir, "2.git"), nil, "fsck", "--full", "--strict")
	must(t, err)
}

// TestBranchesInTheWayOfEachOther: a is a branch today and a folder of
// branches tomorrow.
func TestBranchesInTheWayOfEachOther(t *testing.T) {
	t.Parallel()

	w := newWorld(t, seed(), mirrored(t.TempDir()))
	must(t, w.there.Branch(t.Context(), "bot", "main"))
	fetch(t, w.Remote, "bot")
	must(t, w.there.DeleteBranch(t.Context(), "bot"))
	must(t, w.there.Branch(t.Context(), "bot/patch", "main"))
	fetch(t, w.Remote, "bot/patch")
}

// TestALargeFileShrinks: the server sends the difference to a file that was
// left out for its size, and that nobody can apply.
func TestALargeFileShrinks(t *testing.T) {
	t.Parallel()

	noise := make([]byte, 40_000)
	random := rand.New(rand.NewPCG(1, 2))

	for i := range noise {
		noise[i] = byte(random.Uint32())
	}

	for name, options := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			files := map[string]string{"noise": string(noise), "a.yaml": "a"}
			w := newWorld(t, gittest.Files(files), append(options, func(o *repo.Options) { o.MaxBlob = 39_000 })...)
			fetch(t, w.Remote, "main")

			_, err := w.there.Commit(t.Context(), gittest.Commit{Branch: "main", Files: map[string]string{"noise": string(noise[:38_000])}})
			must(t, err)

			data, err := fs.ReadFile(fetch(t, w.Remote, "main").FS(), "noise")
			must(t, err)
			same(t, "length", len(data), 38_000)
		})
	}
}

// TestACommitIsReadFromManySides is for the race detector.
func TestACommitIsReadFromManySides(t *testing.T) {
	t.Parallel()

	for name, options := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			w := newWorld(t, gittest.Many(100), options...)
			base := fetch(t, w.Remote, "main")

			var group sync.WaitGroup

			for i := range 4 {
				group.Go(func() {
					if n, err := readAll(base.FS()); err != nil || n != 100 {
						t.Errorf("read %d files: %v", n, err)
					}

					_, err := w.Commit(t.Context(), base, []repo.Change{{Path: fmt.Sprint(i), Content: []byte("x")}}, repo.Message{Text: "x"})
					if err != nil {
						t.Error(err)
					}
				})
			}

			group.Wait()
		})
	}
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
