package look

import (
	"io/fs"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Cache keeps the tree of each repository and branch that was read last, so
// that one which did not move is not scanned again. The views seen longest ago
// go first: reading them again costs a scan and no request. It does not keep
// the files themselves, which are the git side's.
type Cache struct {
	mu    sync.Mutex
	bytes int
	seen  *simplelru.LRU[string, seenView]
}

type seenView struct {
	hash string
	view View // without its FS
}

// The bounds of what is kept: a repository with one Mastodon takes some 30 kB,
// and a third of that at rest.
const (
	// awake is how many views are kept as they are.
	awake         = 16
	mostViews     = 20_000
	mostViewBytes = 64 << 20
)

// NewCache is an empty one.
func NewCache() *Cache {
	v := &Cache{}

	seen, err := simplelru.NewLRU(mostViews, func(_ string, gone seenView) { v.bytes -= gone.size() })
	if err != nil {
		panic(err) // only a size of 0 or less is refused
	}

	v.seen = seen

	return v
}

// Get is the view of a commit, over files.
func (v *Cache) Get(key, hash string, files fs.FS) (*View, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()

	known, ok := v.seen.Get(key)
	if !ok || known.hash != hash {
		return nil, false
	}

	view := known.view
	view.FS = files

	return &view, true
}

// Put keeps the view of a commit.
func (v *Cache) Put(key, hash string, view *View) {
	v.mu.Lock()
	defer v.mu.Unlock()

	known := seenView{hash, *view}
	known.view.FS = nil

	if v.seen.Len() >= awake {
		tree := *view.Tree // who works with the view goes on with the one that is awake
		if err := tree.Rest(); err == nil {
			known.view.Tree = &tree
		}
	}

	v.seen.Remove(key)
	v.seen.Add(key, known)
	v.bytes += known.size()

	for v.bytes > mostViewBytes {
		v.seen.RemoveOldest()
	}
}

// size is about what a view takes in memory.
func (s seenView) size() int { return 1024 + s.view.Tree.Size() }
