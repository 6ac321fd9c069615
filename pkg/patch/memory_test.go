package patch

import (
	"crypto/sha256"
	"io/fs"
	"sync/atomic"
	"testing"
	"testing/fstest"
)

// hashed is a tree that tells hashes and counts what is read.
type hashed struct {
	fstest.MapFS

	reads *atomic.Int64
}

func (h hashed) Hash(name string) (string, error) {
	sum := sha256.Sum256(h.MapFS[name].Data)

	return string(sum[:]), nil
}

func (h hashed) Open(name string) (fs.File, error) {
	if h.MapFS[name] != nil {
		h.reads.Add(1)
	}

	return h.MapFS.Open(name)
}

// TestMemory scans a tree twice and once more after a change: what is of no interest is read once.
func TestMemory(t *testing.T) {
	t.Parallel()

	tree := hashed{MapFS: fstest.MapFS{
		"a/kustomization.yaml": {Data: []byte("resources: [web.yaml]\n")},
		"a/web.yaml":           podOf("ghcr.io/glitch-soc/mastodon:v4.4.3"),
		"a/other.yaml":         {Data: []byte("a: b\n")},
		"b/other.txt":          {Data: []byte("text\n")},
		"b/flux.yaml":          {Data: []byte("apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {path: ./a}\n")},
	}, reads: &atomic.Int64{}}
	memory := &Memory{}

	scan := func() (string, int64) {
		before := tree.reads.Load()

		scanned, err := Scan(t.Context(), tree, Options{Memory: memory})
		if err != nil {
			t.Fatal(err)
		}

		return listing(scanned), tree.reads.Load() - before
	}

	first, all := scan()
	second, few := scan()

	if first != second || few >= all || few > 3+1 { // what matters, and once more for the mentions in it
		t.Errorf("%d, then %d reads:\n%s\n%s", all, few, first, second)
	}

	tree.MapFS["a/other.yaml"] = podOf("ghcr.io/glitch-soc/mastodon:v4.4.2")

	if third, _ := scan(); third == second {
		t.Error("a change went unseen")
	}
}
