package repo_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/pkg/repo"
)

// TestUnifiedIsWhatGitPrints compares with git itself, on text that is hard on
// diffs: CRLF, no final newline, several edits in one hunk and several hunks,
// and under names that are.
func TestUnifiedIsWhatGitPrints(t *testing.T) {
	t.Parallel()

	for _, name := range []string{
		"file.yaml", "a b.yaml", `quoted"back\slash.yaml`, "new\nline\t\x1b[31m\x7f.yaml", "Überblick 🐘.yaml", "\xff.yaml", "b.yaml\n+++ b/forged",
	} {
		t.Run(strconv.Quote(name), func(t *testing.T) {
			t.Parallel()
			unifiedAs(t, name)
		})
	}
}

func unifiedAs(t *testing.T, name string) {
	t.Helper()

	var lines []string
	for i := range 60 {
		lines = append(lines, strings.Repeat("l", i+1)+"\r")
	}

	before := strings.Join(lines, "\n")

	for _, i := range []int{7, 11, 13, 50, 59} {
		lines[i] = "changed\r"
	}

	after := strings.Join(lines, "\n")
	dir := t.TempDir()

	write := func(text string) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}

		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	git := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Dir, cmd.Env = dir, gittest.Environment()

		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}

		return string(out)
	}

	git("init", "--quiet")
	write(before)
	git("add", ".")
	write(after)

	got, err := repo.Unified([]repo.Change{{Path: name, Before: []byte(before), Content: []byte(after)}})
	if err != nil {
		t.Fatal(err)
	}

	// git adds the nearest function to a hunk's header and shortens hashes.
	want := git("diff", "--full-index", "--no-color")

	var plain strings.Builder

	for line := range strings.Lines(want) {
		if at := strings.LastIndex(line, "@@"); strings.HasPrefix(line, "@@") && at > 0 {
			line = line[:at+2] + "\n"
		}

		plain.WriteString(line)
	}

	got = strings.ReplaceAll(got, "@@ \n", "@@\n")
	hunks := strings.Split(got, "\n")

	for i, line := range hunks {
		if at := strings.LastIndex(line, "@@"); strings.HasPrefix(line, "@@") && at > 0 {
			hunks[i] = line[:at+2]
		}
	}

	if diff := cmp.Diff(plain.String(), strings.Join(hunks, "\n")); diff != "" {
		t.Errorf("not what git prints (-git +ours):\n%s", diff)
	}
}
