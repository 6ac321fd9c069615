package stories_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/goingdark-social/bot/internal/cli"
	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/pkg/contract"
)

// everyForm is a repository with every form of a reference, and what a scan
// finds there.
func everyForm(t *testing.T) (files map[string]string, want string) {
	t.Helper()

	archive, err := txtar.ParseFile(filepath.Join("trees", "every-form.txtar"))
	if err != nil {
		t.Fatal(err)
	}

	odd := strings.NewReplacer("\\\n", "", `\r`, "\r", `\t`, "\t", `\ufeff`, "\ufeff", `\xfc`, "\xfc")
	files = map[string]string{}

	for _, f := range archive.Files {
		name, escaped := strings.CutSuffix(f.Name, " (escaped)")
		files[name] = string(f.Data)

		if escaped {
			files[name] = odd.Replace(string(f.Data))
		}
	}

	want = files["want"]
	delete(files, "want")

	return files, want
}

// written puts files into a folder beside a link that leads out of it, to a
// file that names an image too.
func written(t *testing.T, files map[string]string) string {
	t.Helper()

	outside := filepath.Join(t.TempDir(), "outside.yaml")
	dir := t.TempDir()

	if err := os.WriteFile(outside, []byte("image: ghcr.io/glitch-soc/mastodon:v4.4.3 # stays\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	if err := os.CopyFS(dir, gittest.Files(files)); err != nil {
		t.Fatal(err)
	}

	if err := os.Symlink(outside, filepath.Join(dir, "k8s", "link.yaml")); err != nil {
		t.Fatal(err)
	}

	return dir
}

// onDisk is what a folder's files hold, what its links lead to included.
func onDisk(t *testing.T, dir string) map[string]string {
	t.Helper()

	files := map[string]string{}

	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.Contains(path, ".git"+string(filepath.Separator)) {
			return err
		}

		data, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, dir)] = string(data)

		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	return files
}

// program runs the whole program on a folder and returns what it printed.
func program(args ...string) (stdout, stderr string, status int) {
	var out, errs bytes.Buffer

	status = cli.Run(context.Background(), cli.Program{
		Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
		Getenv: func(string) string { return "" }, ReadFile: os.ReadFile, Now: time.Now,
	})

	return out.String(), errs.String(), status
}

func moveAll(dir string) (stdout, stderr string, status int) {
	return program("bump", "v4.4.4", "--path", dir, "--all", "--offline",
		"--digest", "ghcr.io/glitch-soc/mastodon=sha256:"+strings.Repeat("b", 64),
		"--digest", "ghcr.io/glitch-soc/mastodon-streaming=sha256:"+strings.Repeat("c", 64))
}

// TestEveryFormIsFound holds what bot scan prints against the list.
func TestEveryFormIsFound(t *testing.T) {
	t.Parallel()

	files, want := everyForm(t)
	out, said, status := program("scan", "--path", written(t, files), "--strict", "-o", "json")

	var scan contract.Scan
	if err := json.Unmarshal([]byte(out), &scan); err != nil || status != 0 || len(scan.Problems) > 0 {
		t.Fatalf("exit status %d: %v %v %s", status, err, scan.Problems, said)
	}

	var found strings.Builder
	for _, r := range scan.References {
		fmt.Fprintf(&found, "%s:%d:%d %s %s\n", r.File, r.Line, r.Column, r.Form, strings.Join(r.Components, ","))
	}

	if d := cmp.Diff(want, found.String()); d != "" {
		t.Errorf("-want +found:\n%s", d)
	}
}

var (
	old       = regexp.MustCompile(`4[.-]4[.-]3`)
	aVersion  = regexp.MustCompile(`4[.-]4[.-][34]|sha256:[abc]{64}`)
	wordMoved = regexp.MustCompile(`(?m)^([-+])([^-+].*)$`)
)

// TestEveryFormMoves moves the whole repository. Afterwards no place is left
// on the old version but those that say so, and git finds no word that
// differs in more than the version. A second run changes nothing.
func TestEveryFormMoves(t *testing.T) {
	t.Parallel()

	files, _ := everyForm(t)
	dir := written(t, files)

	for _, args := range [][]string{{"init", "--quiet"}, {"add", "--all"}} {
		git(t, dir, args...)
	}

	if _, said, status := moveAll(dir); status != 0 {
		t.Fatalf("exit status %d: %s", status, said)
	}

	moved := onDisk(t, dir)
	for name, text := range moved {
		for i, line := range strings.Split(text, "\n") {
			if old.MatchString(line) && !strings.Contains(line, "stays") {
				t.Errorf("%s:%d was not moved: %s", name, i+1, line)
			}
		}
	}

	var words [2][]string

	for _, m := range wordMoved.FindAllStringSubmatch(git(t, dir, "diff", "--text", "--word-diff=porcelain"), -1) {
		side := strings.Index("-+", m[1])
		words[side] = append(words[side], aVersion.ReplaceAllString(m[2], "VERSION"))
	}

	if d := cmp.Diff(words[0], words[1]); d != "" || len(words[0]) < 57 {
		t.Errorf("%d words, more than versions changed:\n%s", len(words[0]), d)
	}

	if out, said, status := moveAll(dir); status != 0 || out != "" || !maps.Equal(moved, onDisk(t, dir)) {
		t.Errorf("a second run: exit status %d, printed %q, said %q", status, out, said)
	}
}

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()

	cmd := exec.CommandContext(t.Context(), "git", args...)
	cmd.Dir = dir

	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v: %s", args, err, out)
	}

	return string(out)
}

// TestOneBrokenFileStopsEverything breaks each file that a parser reads, one
// at a time: the file and a line of it are named, and nothing is written.
func TestOneBrokenFileStopsEverything(t *testing.T) {
	t.Parallel()

	files, want := everyForm(t)

	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(name)) ||
			strings.Contains(name, "/templates/") || !strings.Contains(want, name+":") {
			continue
		}

		t.Run(name, func(t *testing.T) {
			t.Parallel()

			broken := maps.Clone(files)
			broken[name] += "\n] {\n"

			dir := written(t, broken)
			before := onDisk(t, dir)

			out, said, status := moveAll(dir)
			if status != 1 || out != "" || !regexp.MustCompile(regexp.QuoteMeta(name)+`:\d+: `).MatchString(said) {
				t.Errorf("exit status %d, printed %q, said %q", status, out, said)
			}

			if d := cmp.Diff(before, onDisk(t, dir)); d != "" {
				t.Errorf("the tree changed:\n%s", d)
			}
		})
	}
}
