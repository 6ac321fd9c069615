package patch

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/goingdark-social/bot/pkg/version"
)

const podYAML = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: ghcr.io/glitch-soc/mastodon:v4.4.3}]}\n"

// bounded runs a scan and a plan and holds them to a time and to the memory that they leave behind.
func bounded(t *testing.T, fsys fs.FS, within time.Duration) (*Tree, []File, error) {
	t.Helper()

	var before, after runtime.MemStats

	runtime.ReadMemStats(&before)

	start := time.Now()

	tree, err := Scan(t.Context(), fsys, Options{})
	if err != nil {
		t.Fatal(err)
	}

	var (
		files   []File
		problem error
	)

	if len(tree.Applications) > 0 {
		files, problem = tree.Plan(tree.Applications[0].Name, Target{Version: version.Parse("v4.4.4")})
	}

	took := time.Since(start)
	runtime.ReadMemStats(&after)
	t.Logf("%v, %d MB allocated", took.Round(time.Millisecond), (after.TotalAlloc-before.TotalAlloc)>>20)

	if took > within {
		t.Errorf("took %v, more than %v", took, within)
	}

	return tree, files, problem
}

func TestLargeFiles(t *testing.T) {
	documents := strings.Repeat("a: b\n---\n", 10_000)
	cases := map[string]string{
		"10,000 documents":   documents + podYAML + "---\n" + documents,
		"10 MB of values":    podYAML + "---\ndata:\n" + strings.Repeat("  - {key: value, other: [1, 2, 3], text: \"some words\"}\n", 190_000),
		"10 MB in one block": podYAML + "---\ndata: |\n" + strings.Repeat("  some words and more words, and a number 4.4.3\n", 210_000),
		"one long line":      podYAML + "---\ndata: \"" + strings.Repeat("ä word ", 1_200_000) + "\"\n",
		"deep":               podYAML + "---\n" + strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000) + "\n",
	}

	for name, data := range cases {
		t.Run(name, func(t *testing.T) {
			_, files, err := bounded(t, fstest.MapFS{"app/pod.yaml": &fstest.MapFile{Data: []byte(data)}}, time.Minute)
			if err != nil {
				t.Fatal(err)
			}

			if len(files) != 1 || !bytes.Contains(files[0].After, []byte("mastodon:v4.4.4")) {
				t.Errorf("%d files", len(files))
			}
		})
	}
}

// TestAliasBomb has nine levels of nine aliases: 400 million values to whoever follows each.
func TestAliasBomb(t *testing.T) {
	var b strings.Builder

	b.WriteString("apiVersion: v1\nkind: Pod\na0: &a0 {image: \"ghcr.io/glitch-soc/mastodon:v4.4.3\"}\n")

	for i := 1; i < 10; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), ", "))
	}

	b.WriteString("spec: {containers: *a9, initContainers: [*a0]}\nmerge: &m {<<: *a0}\nmore: {<<: [*m, *m, *a0]}\n")

	_, files, err := bounded(t, fstest.MapFS{"pod.yaml": &fstest.MapFile{Data: []byte(b.String())}}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}

	if len(files) != 1 || len(files[0].Edits) != 1 {
		t.Errorf("%v", files)
	}
}

// TestLinks has links out of the tree, into it and in a circle, a submodule, and folders that only look like one.
func TestLinks(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	write(t, outside, "pod.yaml", podYAML)
	write(t, dir, "common/base/kustomization.yaml", "resources: [pod.yaml]\n")
	write(t, dir, "common/base/pod.yaml", podYAML)
	write(t, dir, "app/kustomization.yaml", "resources: [link, out]\n")
	write(t, dir, "sub/.git", "gitdir: ../.git/modules/sub\n")
	write(t, dir, "sub/pod.yaml", podYAML)

	for name, target := range map[string]string{
		"app/link": "../common/base", "app/out": outside, "app/out.yaml": filepath.Join(outside, "pod.yaml"), "app/circle": "../app",
	} {
		if err := os.Symlink(target, filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			t.Fatal(err)
		}
	}

	tree, files, err := bounded(t, os.DirFS(dir), time.Minute)
	if err != nil {
		t.Fatal(err)
	}

	if len(tree.References) != 1 || tree.References[0].File != "common/base/pod.yaml" || tree.Applications[0].Name != "app" || len(files) != 1 {
		t.Error(listing(tree))
	}

	if len(tree.Problems) != 2 {
		t.Error(listing(tree)) // the link that leads out and the submodule
	}
}

func write(t *testing.T, dir, name, data string) {
	t.Helper()

	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}

	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestUnreadable has what can be listed and not read, a pointer instead of a file, and other encodings.
func TestUnreadable(t *testing.T) {
	utf16 := []byte{0xff, 0xfe}
	for _, r := range podYAML {
		utf16 = append(utf16, byte(r), 0)
	}

	tree, _, err := bounded(t, fstest.MapFS{
		"app/kustomization.yaml": {Data: []byte("resources: [pod.yaml, pointer.yaml]\n")},
		"app/pod.yaml":           {Data: []byte(podYAML)},
		"app/pointer.yaml":       {Data: []byte("version https://git-lfs.github.com/spec/v1\noid sha256:" + strings.Repeat("a", 64) + "\nsize 1\n")},
		"app/utf16.yaml":         {Data: utf16},
		"app/fifo":               {Mode: fs.ModeNamedPipe},
		"app/image.png":          {Data: []byte("\x89PNG\x00ghcr.io/glitch-soc/mastodon:v4.4.3")},
		"module":                 {Mode: fs.ModeIrregular},
	}, time.Minute)
	if err == nil {
		t.Error("what can't be read must keep the application where it is")
	}

	want := []string{"app/pointer.yaml:1: ", "app/utf16.yaml:1: ", "module: "}
	for i, p := range tree.Problems {
		if i >= len(want) || !strings.HasPrefix(p.String(), want[i]) {
			t.Errorf("unexpected %v", p)
		}
	}

	if len(tree.Problems) != len(want) || len(tree.References) != 1 {
		t.Error(listing(tree))
	}
}

// TestManyReferences has more places than any person would write, in one line, one list and one document each.
func TestManyReferences(t *testing.T) {
	const many = 5_000

	image := "ghcr.io/glitch-soc/mastodon:v4.4.3"
	trees := map[string]fstest.MapFS{
		"a line":     {"app/x.txt": {Data: []byte(strings.Repeat(image+" ", many))}},
		"a word":     {"app/x.txt": {Data: []byte(strings.Repeat(image+",", many))}},
		"containers": {"app/x.yaml": {Data: []byte("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n" + strings.Repeat("  - {image: \""+image+"\"}\n", many))}},
		"labels":     {"app/x.yaml": {Data: []byte(strings.TrimSuffix(podYAML, "\n") + "\nx:\n" + strings.Repeat("- {labels: {version: v4.4.3}}\n", many))}},
		"notes":      {"app/x.md": {Data: []byte(strings.Repeat("[`v4.4.3`](https://mastodon.example/v4.4.3) ", many))}},
		"fence":      {"app/x.md": {Data: []byte("```\n" + strings.Repeat("v4.4.3 ", many) + "\n```\n")}},
		"json":       {"app/x.json": {Data: []byte(strings.Repeat("[", 1_000_000) + "\"" + image + "\"")}},
	}

	for name, tree := range trees {
		t.Run(name, func(t *testing.T) {
			tree["app/pod.yaml"] = &fstest.MapFile{Data: []byte(podYAML)}
			scanned, _, _ := bounded(t, tree, time.Minute)

			if name != "json" && len(scanned.References) < many {
				t.Errorf("%d references", len(scanned.References))
			}
		})
	}
}
