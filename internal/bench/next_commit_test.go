package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os/exec"
	"testing"

	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/repo"
)

// BenchmarkNextCommit scans a commit of 50,000 files, 20,000 of them YAML and
// 200 naming an image, and then the one after it, in which one file changed,
// with the memory of the first: what a service does with each push.
func BenchmarkNextCommit(b *testing.B) {
	dir := twoCommits(b)

	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()

			older, _ := opened(b, dir)
			b.StartTimer()
			scanned(b, older, &patch.Memory{})
		}
	})

	b.Run("next", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()

			memory := &patch.Memory{}
			older, newer := opened(b, dir)
			scanned(b, older, memory)
			b.StartTimer()
			scanned(b, newer, memory)
		}
	})
}

func scanned(b *testing.B, tree fs.FS, memory *patch.Memory) {
	b.Helper()

	found, err := patch.Scan(b.Context(), tree, patch.Options{Memory: memory})
	if err != nil || len(found.References) != 200 {
		b.Fatal(len(found.References), err)
	}
}

// twoCommits makes a repository of two commits.
func twoCommits(b *testing.B) (dir string) {
	b.Helper()

	var stream bytes.Buffer

	data := func(text string) { fmt.Fprintf(&stream, "data %d\n%s\n", len(text), text) }
	commit := func(message string) {
		fmt.Fprint(&stream, "commit refs/heads/main\ncommitter a <a@example.org> 1700000000 +0000\n")
		data(message)
	}
	file := func(name, text string) {
		fmt.Fprintf(&stream, "M 100644 inline %s\n", name)
		data(text)
	}

	commit("first")

	for i := range monoFiles {
		name, text := monoFile(i)
		file(fmt.Sprintf("team-%03d/service-%02d/%s", i/500, i/50%10, name), string(text))
	}

	for i := range instances {
		folder, list := fmt.Sprintf("team-%03d/mastodon", i*20), "resources:\n"

		for j := range monoImages / instances {
			file(fmt.Sprintf("%s/part-%02d.yaml", folder, j), string(manifest(j, "ghcr.io/glitch-soc/mastodon:v4.4.3")))
			list += fmt.Sprintf("- part-%02d.yaml\n", j)
		}

		file(folder+"/kustomization.yaml", list)
	}

	commit("second")
	file("team-050/service-05/manifest-25251.yaml", string(manifest(25251, "registry.example.org/team/service-25251:v1.2.99")))

	dir = b.TempDir()
	for _, args := range [][]string{{"init", "--quiet", "--bare", "--initial-branch=main"}, {"fast-import", "--quiet"}, {"repack", "-adq"}} {
		cmd := exec.CommandContext(b.Context(), "git", args...)
		cmd.Dir = dir

		if args[0] == "fast-import" {
			cmd.Stdin = &stream
		}

		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("git %v: %v: %s", args, err, out)
		}
	}

	return dir
}

// opened is both commits, of which nothing is known yet.
func opened(b *testing.B, dir string) (older, newer fs.FS) {
	b.Helper()

	history, err := repo.OpenHistory(dir)
	if err != nil {
		b.Fatal(err)
	}

	var found []fs.FS

	for step, err := range history.Steps(b.Context()) {
		if err != nil {
			b.Fatal(err)
		}

		found = append(found, step.FS())
	}

	return found[1], found[0]
}
