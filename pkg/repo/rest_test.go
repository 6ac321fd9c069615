package repo_test

import (
	"io/fs"
	"os"
	"testing"

	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/pkg/repo"
)

// TestARestingRemoteKnowsWhatItFetched: neither a pack nor a reading of the
// mirror, and what it has handed out stays good.
func TestARestingRemoteKnowsWhatItFetched(t *testing.T) {
	t.Parallel()

	for name, options := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			w := newWorld(t, seed(), options...)
			first := fetch(t, w.Remote, "main")
			w.Rest()
			w.server.Forget()

			again := fetch(t, w.Remote, "main")
			same(t, "hash", again.Hash(), first.Hash())
			same(t, "requests", len(w.server.Requests()), 1)
			same(t, "packs", w.server.Count("POST"), 0)

			for _, c := range []*repo.Commit{first, again} {
				data, err := fs.ReadFile(c.FS(), "apps/web.yaml")
				must(t, err)
				same(t, "content", string(data), seedFiles()["apps/web.yaml"])
			}

			// It moves on from where it was.
			w.Rest()

			_, err := w.there.Commit(t.Context(), gittest.Commit{Branch: "main", Files: map[string]string{"apps/web.yaml": "new\n"}})
			must(t, err)

			data, err := fs.ReadFile(fetch(t, w.Remote, "main").FS(), "apps/web.yaml")
			must(t, err)
			same(t, "content", string(data), "new\n")
		})
	}
}

// TestADeletedMirrorIsFetchedAgain: a cache may be deleted at any time.
func TestADeletedMirrorIsFetchedAgain(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	w := newWorld(t, seed(), mirrored(dir))
	fetch(t, w.Remote, "main")
	w.Rest()
	must(t, os.RemoveAll(dir))

	data, err := fs.ReadFile(fetch(t, w.Remote, "main").FS(), "apps/web.yaml")
	must(t, err)
	same(t, "content", string(data), seedFiles()["apps/web.yaml"])
}
