package patch

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/pkg/version"
)

// monorepo writes a repository of 50,000 files: 2,000 folders with ten manifests each, every one a kustomization's, of which 200 name
// an image of Mastodon, and 30,000 files of other kinds.
func monorepo(b *testing.B) string {
	b.Helper()

	dir := b.TempDir()
	put := func(name, data string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			b.Fatal(err)
		}
	}

	other := strings.ReplaceAll(podYAML, "ghcr.io/glitch-soc/mastodon:v4.4.3", "registry.example/team/service:1.2.3") +
		strings.Repeat("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {key: value, more: \"some text\"}\n", 10)
	text := strings.Repeat("Some text that a repository holds, of no interest to anyone here.\n", 30)

	for i := range 2_000 {
		folder := fmt.Sprintf("team-%02d/service-%04d", i%40, i)
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o750); err != nil {
			b.Fatal(err)
		}

		resources := "resources:\n"

		for j := range 9 {
			data := other
			if i%100 == 0 && j < 9 || i%1000 == 1 {
				data = podYAML
			}

			put(fmt.Sprintf("%s/manifest-%d.yaml", folder, j), data)

			resources += fmt.Sprintf("- manifest-%d.yaml\n", j)
		}

		put(folder+"/kustomization.yaml", resources)

		for j := range 15 {
			put(fmt.Sprintf("%s/file-%d.%s", folder, j, []string{"txt", "md", "go"}[j%3]), text)
		}
	}

	return dir
}

// BenchmarkScan reads the monorepo. Set against it: rg -l -F -e glitch-soc/mastodon -e mastodon/mastodon.
func BenchmarkScan(b *testing.B) {
	dir := monorepo(b)
	b.ReportAllocs()

	for b.Loop() {
		tree, err := Scan(b.Context(), os.DirFS(dir), Options{})
		if err != nil || len(tree.References) < 180 {
			b.Fatal(len(tree.References), err)
		}
	}
}

// BenchmarkPlan moves an example.
func BenchmarkPlan(b *testing.B) {
	example := os.DirFS(filepath.Join("..", "..", "examples", "goingdark"))

	for b.Loop() {
		tree, err := Scan(b.Context(), example, Options{})
		if err != nil {
			b.Fatal(err)
		}

		files, err := tree.Plan("mastodon", Target{Version: version.Parse("v4.4.4")})
		if err != nil || len(files) == 0 {
			b.Fatal(len(files), err)
		}
	}
}
