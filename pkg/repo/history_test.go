package repo_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/pkg/repo"
)

// told is a step in a line: its message and the files that differ from the
// next newer step, with + for those that it lacks and - for those it alone has.
func told(t *testing.T, h *repo.History) []string {
	t.Helper()

	var lines []string

	for step, err := range h.Steps(t.Context()) {
		must(t, err)

		line := step.Entry().Message

		for _, d := range step.Changed {
			switch {
			case d.Older == "":
				line += " +" + d.Path
			case d.Newer == "":
				line += " -" + d.Path
			default:
				line += " " + d.Path
			}
		}

		if step.Cut {
			line += " (cut)"
		}

		lines = append(lines, line)
	}

	return lines
}

// upgraded is a repository with three commits on top of its seed, the last a
// merge of a branch with two of its own.
func upgraded(t *testing.T) *world {
	t.Helper()

	w := newWorld(t, seed())

	for i, c := range []gittest.Commit{
		{Branch: "main", Message: "web", Files: map[string]string{"apps/web/deployment.yaml": "v4.4.4"}},
		{Branch: "side", From: "main", Message: "one", Files: map[string]string{"apps/sidekiq/deploy.yaml": "v4.4.4", "new/file": "x"}},
		{Branch: "side", Message: "two", Delete: []string{"apps/web/service.yaml"}},
	} {
		c.When = gittest.Epoch.Add(time.Duration(i+1) * time.Hour)
		_, err := w.there.Commit(t.Context(), c)
		must(t, err)
	}

	_, err := w.there.Commit(t.Context(), gittest.Commit{
		Branch: "main", Merge: "side", Message: "merge", When: gittest.Epoch.Add(9 * time.Hour),
		Files:  map[string]string{"apps/sidekiq/deploy.yaml": "v4.4.4", "new/file": "x"},
		Delete: []string{"apps/web/service.yaml"},
	})
	must(t, err)

	return w
}

var wantSteps = []string{
	"merge",
	"web apps/sidekiq/deploy.yaml -apps/web/service.yaml +new/file",
	"first apps/web/deployment.yaml",
}

func TestHistoryFollowsFirstParents(t *testing.T) {
	t.Parallel()

	w := upgraded(t)

	h, err := w.History(t.Context(), "main")
	must(t, err)

	if diff := cmp.Diff(wantSteps, told(t, h)); diff != "" {
		t.Error(diff)
	}

	again, err := w.History(t.Context(), "main")
	must(t, err)
	same(t, "a branch that did not move", again == h, true)
}

func TestHistoryGrows(t *testing.T) {
	t.Parallel()

	w := upgraded(t)

	for i := range 12 { // more than fetches build on each other
		h, err := w.History(t.Context(), "main")
		must(t, err)
		same(t, "steps", len(told(t, h)), len(wantSteps)+i)

		_, err = w.there.Commit(t.Context(), gittest.Commit{Branch: "main", Files: map[string]string{"n": strings.Repeat("x", i+1)}})
		must(t, err)
	}

	_, err := w.History(t.Context(), "nowhere")

	if _, ok := errors.AsType[*repo.BranchError](err); !ok {
		t.Errorf("a branch that is not there: %v", err)
	}
}

// cloned is a local clone with a work tree, made by git and from git.
func cloned(t *testing.T, w *world, args ...string) string {
	t.Helper()

	w.server.Within(nil)

	dir := filepath.Join(t.TempDir(), "clone")
	_, err := gittest.Git(t.Context(), t.TempDir(), nil, append(append([]string{"clone", "-q"}, args...), w.there.URL, dir)...)
	must(t, err)

	return dir
}

func TestLocalHistory(t *testing.T) {
	t.Parallel()

	w := upgraded(t)
	dir := cloned(t, w)

	for name, c := range map[string]struct {
		path string
		want []string
	}{
		"a work tree": {dir, wantSteps},
		"bare":        {cloned(t, w, "--bare"), wantSteps},
		"a shallow clone": {cloned(t, w, "--depth=2"), []string{
			"merge", "web apps/sidekiq/deploy.yaml -apps/web/service.yaml +new/file (cut)",
		}},
		"a folder":             {filepath.Join(dir, "apps", "web"), []string{"merge", "web -service.yaml", "first deployment.yaml"}},
		"a folder that is new": {filepath.Join(dir, "new"), []string{"merge", "web +file", "first"}},
	} {
		h, err := repo.OpenHistory(c.path)
		must(t, err)

		if diff := cmp.Diff(c.want, told(t, h)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// TestAWorktreeBesideTheRepository: git worktree keeps its .git elsewhere.
func TestAWorktreeBesideTheRepository(t *testing.T) {
	t.Parallel()

	dir, beside := cloned(t, upgraded(t)), filepath.Join(t.TempDir(), "beside")
	_, err := gittest.Git(t.Context(), dir, nil, "worktree", "add", "-q", "--detach", beside, "HEAD~1")
	must(t, err)

	h, err := repo.OpenHistory(beside)
	must(t, err)
	same(t, "steps", len(told(t, h)), 2)
}

func TestStepsAreReadable(t *testing.T) {
	t.Parallel()

	h, err := repo.OpenHistory(filepath.Join(cloned(t, upgraded(t)), "apps"))
	must(t, err)

	var versions []string

	for step, err := range h.Steps(t.Context()) {
		must(t, err)

		data, err := fs.ReadFile(step.FS(), "sidekiq/deploy.yaml")
		must(t, err)

		versions = append(versions, strings.TrimSpace(string(data)))
	}

	want := []string{"v4.4.4", "image: ghcr.io/glitch-soc/mastodon:v4.4.3", "image: ghcr.io/glitch-soc/mastodon:v4.4.3"}
	if !slices.Equal(versions, want) {
		t.Errorf("%q", versions)
	}
}

func TestWhereThereIsNoHistory(t *testing.T) {
	t.Parallel()

	empty := t.TempDir()
	_, err := gittest.Git(t.Context(), empty, nil, "init", "-q")
	must(t, err)

	for _, path := range []string{t.TempDir(), empty} {
		if _, err := repo.OpenHistory(path); !errors.Is(err, repo.ErrNoHistory) {
			t.Errorf("%s: %v", path, err)
		}
	}

	if _, err := repo.OpenHistory(filepath.Join(empty, "none")); !errors.Is(err, os.ErrNotExist) && !errors.Is(err, repo.ErrNoHistory) {
		t.Errorf("a folder that is not there: %v", err)
	}
}
