package crowd_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/faults"
	"github.com/goingdark-social/bot/internal/memworld"
	"github.com/goingdark-social/bot/pkg/effect"
)

// longest is how long a crowd may take for a pass before it counts as stuck.
const longest = time.Minute

func TestSeveralAtOnce(t *testing.T) {
	t.Parallel()

	rounds := 4
	if faults.Full {
		rounds = 200
	}

	for _, processes := range []int{2, 8} {
		t.Run(fmt.Sprint(processes), func(t *testing.T) {
			t.Parallel()

			count := faults.Begin(fmt.Sprintf("%d at once on one repository", processes))
			most := 0

			for round := range rounds {
				ok := t.Run(fmt.Sprint(round), func(t *testing.T) { most = max(most, meet(t, processes)) })
				count.Case(!ok)
			}

			count.Measuredf("a proposal was told at most %d times", most)

			if err := count.End(); err != nil {
				t.Error(err)
			}
		})
	}
}

// meet is one round: a release, a newer one, a base that moves and a merge, and
// at each of them a pass of all processes at once.
func meet(t *testing.T, processes int) (told int) {
	t.Helper()

	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	old := now.Add(-1000 * time.Hour)

	w, err := memworld.New(tree(t), now)
	must(t, err)
	w.Releases.Publish("v4.4.3", true, old)

	steps := []func(){
		func() { w.Releases.Publish("v4.4.4", true, old) },
		func() { w.Releases.Publish("v4.4.5", true, old); w.Releases.Publish("v4.5.0", true, old) },
		func() {
			must(t, w.Git.Commit("main", "Ada", "ada@example.org", "else", map[string]string{"other.txt": "x"}))
		},
		func() { must(t, w.People().Merge(1, "merge", memworld.Maintainer)) },
	}

	for i, step := range steps {
		step()
		together(t, w, processes)
		settled(t, w, i)
	}

	for _, m := range w.Slack.Messages() {
		if strings.Contains(m.Plain(), "v4.4.5 is proposed") || strings.Contains(m.Plain(), "v4.5.0 is proposed") {
			told++
		}
	}

	return told
}

// together makes a pass with all processes at once. One that loses a race may
// say so; it may not wait for ever.
func together(t *testing.T, w *memworld.World, processes int) {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), longest)
	defer cancel()

	var group sync.WaitGroup

	for range processes {
		b, err := w.Bot(nil)
		must(t, err)

		group.Go(func() {
			if _, err := w.Run(ctx, b); err != nil {
				t.Log(err)
			}
		})
	}

	group.Wait()

	if ctx.Err() != nil {
		t.Fatalf("the processes were not done after %s", longest)
	}
}

// settled: a pass later there is what there would be had one process been
// alone, and nothing is left to do.
func settled(t *testing.T, w *memworld.World, step int) {
	t.Helper()

	b, err := w.Bot(nil)
	must(t, err)

	for range 2 {
		if _, err := w.Run(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}

	log := effect.NewRecorder(nil)
	b, err = w.Bot(log)
	must(t, err)

	if _, err := w.Run(t.Context(), b); err != nil || len(log.Log()) > 0 {
		t.Errorf("step %d: a pass does %v: %v", step, log.Log(), err)
	}

	want := []string{
		"#1 open bot/mastodon/patch", "#1 open bot/mastodon/patch, #2 open bot/mastodon/minor",
		"#1 open bot/mastodon/patch, #2 open bot/mastodon/minor", "#1 closed bot/mastodon/patch, #2 open bot/mastodon/minor",
	}[step]

	var is []string
	for _, p := range w.People().Pulls() {
		is = append(is, fmt.Sprintf("#%d %s %s", p.Number, p.State, p.Head.Ref))
	}

	if got := strings.Join(is, ", "); got != want {
		t.Errorf("step %d: %s", step, got)
	}

	for ref := range w.Git.Refs() {
		branch, ours := strings.CutPrefix(ref, "refs/heads/bot/")
		if !ours {
			continue
		}

		if commits, err := w.Git.Ahead("bot/" + branch); err != nil || len(commits) != 1 {
			t.Errorf("step %d: %s has %d commits: %v", step, branch, len(commits), err)
		}
	}
}

func tree(t *testing.T) map[string]string {
	t.Helper()

	files, root := map[string]string{}, os.DirFS(filepath.Join("..", "..", "stories", "trees", "standard"))

	must(t, fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}

		data, err := fs.ReadFile(root, name)
		files[name] = string(data)

		return err
	}))

	return files
}

func must(t *testing.T, err error) {
	t.Helper()

	if err != nil {
		t.Fatal(err)
	}
}
