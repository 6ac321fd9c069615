package patch

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// commit is a tree that tells hashes of files and folders, and counts the folders that are listed.
type commit struct {
	hashed

	lists *atomic.Int64
}

func (c commit) FolderHash(dir string) (string, error) {
	sum := sha256.New()

	for _, name := range slices.Sorted(maps.Keys(c.MapFS)) {
		if rest, ok := strings.CutPrefix(name, dir+"/"); ok {
			fmt.Fprintf(sum, "%s\n%d\n%s", rest, len(c.MapFS[name].Data), c.MapFS[name].Data)
		}
	}

	return string(sum.Sum(nil)), nil
}

func (c commit) ReadDir(name string) ([]fs.DirEntry, error) {
	c.lists.Add(1)

	return c.MapFS.ReadDir(name)
}

// TestFoldersOfNoInterestArePassedBy scans one change after the other, each with the memory of all before: what is found is what a
// scan without memory finds, and only folders on the way to a change, or with something in them, are listed.
func TestFoldersOfNoInterestArePassedBy(t *testing.T) {
	t.Parallel()

	tree := commit{hashed: hashed{MapFS: fstest.MapFS{}, reads: &atomic.Int64{}}, lists: &atomic.Int64{}}
	put := func(name, text string) { tree.MapFS[name] = &fstest.MapFile{Data: []byte(text)} }

	for i := range 40 {
		for _, name := range []string{"a.yaml", "deep/er/b.yaml", "deep/er/README.md", "deep/c.txt"} {
			put(fmt.Sprintf("team-%d/%s", i, name), fmt.Sprintf("text: %d\n", i))
		}
	}

	put("mastodon/kustomization.yaml", "resources: [web.yaml]\n")
	tree.MapFS["mastodon/web.yaml"] = podOf("ghcr.io/glitch-soc/mastodon:v4.4.3")

	memory := &Memory{}
	scan := func(o Options) (string, int64) {
		before := tree.lists.Load()

		scanned, err := Scan(t.Context(), tree, o)
		if err != nil {
			t.Fatal(err)
		}

		return listing(scanned), tree.lists.Load() - before
	}

	for i, change := range []struct {
		name, text string
		lists      int64 // at most: the root, mastodon, and the way to what changed
	}{
		{"team-1/a.yaml", "text: 0\n", 200},
		{"team-2/a.yaml", "other: text\n", 3},
		{"team-3/deep/er/b.yaml", string(podOf("ghcr.io/glitch-soc/mastodon:v4.4.2").Data), 5},
		{"team-3/deep/er/b.yaml", "gone: again\n", 5},
		{"team-4/deep/er/README.md", "Mastodon `v4.4.3`\n\n```yaml\n# mastodon/web.yaml\nimage: ghcr.io/glitch-soc/mastodon:v4.4.3\n```\n", 5},
		{"team-5/deep/er/kustomization.yaml", "resources: [b.yaml]\n", 8},
		{"team-6/deep/broken.yaml", "glitch-soc/mastodon: [", 11},
		{"team-7/bot.yaml", "x: y\n", 11},
	} {
		put(change.name, change.text)

		want, _ := scan(Options{})
		got, lists := scan(Options{Memory: memory})

		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("change %d, %s: without memory and with it:\n%s", i, change.name, d)
		}

		if lists > change.lists {
			t.Errorf("change %d, %s: %d folders were listed, want %d at most", i, path.Dir(change.name), lists, change.lists)
		}
	}
}
