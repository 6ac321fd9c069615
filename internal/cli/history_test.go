package cli

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/pkg/contract"
)

// upgradesOf is a clone whose branch moves the tidy example, streaming a day
// after all else where late.
func upgradesOf(t testing.TB, late bool, tags ...string) string {
	t.Helper()

	server, err := gittest.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = server.Close() })

	files := tidyFiles(t)

	there, err := server.CreateRepo(t.Context(), "example/gitops", gittest.Files(files))
	if err != nil {
		t.Fatal(err)
	}

	at, was := gittest.Epoch, "v4.4.3"
	move := func(to string, only func(string) bool) {
		changed := map[string]string{}

		for name, text := range files {
			if moved := strings.ReplaceAll(text, was, to); moved != text && only(name) {
				changed[name], files[name] = moved, moved
			}
		}

		if _, err := there.Commit(t.Context(), gittest.Commit{Branch: "main", Message: "to " + to, When: at, Files: changed}); err != nil {
			t.Fatal(err)
		}
	}

	for _, tag := range tags {
		at = at.Add(40 * 24 * time.Hour)

		if late {
			move(tag, func(name string) bool { return !strings.Contains(name, "streaming") })

			at = at.Add(24 * time.Hour)
		}

		move(tag, func(string) bool { return true })

		was = tag
	}

	dir := filepath.Join(t.TempDir(), "clone")
	if _, err := gittest.Git(t.Context(), t.TempDir(), nil, "clone", "-q", there.URL, dir); err != nil {
		t.Fatal(err)
	}

	return dir
}

func tidyFiles(t testing.TB) map[string]string {
	t.Helper()

	files, root := map[string]string{}, os.DirFS(tidy)

	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}

		data, err := fs.ReadFile(root, name)
		files[name] = string(data)

		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	return files
}

// told runs bot history at a fixed time.
func told(t testing.TB, args ...string) (stdout, stderr string, status int) {
	t.Helper()

	var out, errs bytes.Buffer

	status = Run(t.Context(), Program{
		Args: append([]string{"history"}, args...), Stdout: &out, Stderr: &errs, ReadFile: os.ReadFile,
		Getenv: func(string) string { return "" },
		Now:    func() time.Time { return gittest.Epoch.Add(100 * 24 * time.Hour) },
	})

	return out.String(), errs.String(), status
}

func TestHistoryOfAClone(t *testing.T) {
	t.Parallel()

	dir := upgradesOf(t, true, "v4.4.12", "v4.4.14")

	out, errs, status := told(t, "--path", dir, "-o", "json")
	if status != exitDone {
		t.Fatalf("%d: %s", status, errs)
	}

	var got contract.History
	if err := json.Unmarshal([]byte(out), &got); err != nil || len(got.Applications) != 1 {
		t.Fatalf("%v: %s", err, out)
	}

	a := got.Applications[0]
	if s := a.Summary; s.Upgrades != 2 || s.Mixed != 2 || s.MixedSeconds != 2*24*3600 || s.Waiting != 1 {
		t.Errorf("%+v", s)
	}

	if u := a.Upgrades[0]; u.From != "v4.4.3" || u.To != "v4.4.12" || u.Released == "" || !u.Security || u.Moved >= u.Whole || u.LagSeconds <= 0 {
		t.Errorf("%+v", u)
	}

	text, _, _ := told(t, "--path", dir, "--app", a.Name)
	for _, want := range []string{"v4.4.3 → v4.4.12", "1 d", "not in use yet", "streaming v4.4.3", "2 times"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

func TestHistoryIsCalledWrongly(t *testing.T) {
	t.Parallel()

	dir := upgradesOf(t, false, "v4.4.4")

	for _, c := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"--path", dir, "--app", "other"}, exitFailed, `no application "other"`},
		{[]string{"--path", t.TempDir()}, exitFailed, "no git history"},
		{[]string{"--path", dir, "--repo", "a/b"}, exitMisused, "contradict"},
		{nil, exitMisused, "say where"},
	} {
		if _, errs, status := told(t, c.args...); status != c.status || !strings.Contains(errs, c.says) {
			t.Errorf("%q: %d %s", c.args, status, errs)
		}
	}
}

// BenchmarkHistoryOfTwentyUpgrades is bot history as a person calls it.
func BenchmarkHistoryOfTwentyUpgrades(b *testing.B) {
	dir := upgradesOf(b, true, strings.Fields(`v4.4.4 v4.4.5 v4.4.6 v4.4.7 v4.4.8 v4.4.9 v4.4.10 v4.4.11 v4.4.12 v4.4.13
		v4.4.14 v4.4.15 v4.4.16 v4.4.17 v4.4.18 v4.4.19 v4.4.20 v4.4.21 v4.5.0 v4.5.1`)...)

	for b.Loop() {
		if _, errs, status := told(b, "--path", dir); status != exitDone {
			b.Fatal(errs)
		}
	}
}
