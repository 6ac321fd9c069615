package repo

import (
	"sync"

	"github.com/go-git/go-git/v5/plumbing"
)

// emptyTree is the name of a tree without entries. git knows it by heart, and
// so do we: no repository need hold it.
var emptyTree = plumbing.ComputeHash(plumbing.TreeObject, nil)

// maxTrees is how many folders the commits of one history share in memory:
// those of a large repository several times over. Then it is begun anew.
const maxTrees = 1 << 14

// treeCache keeps folders by the hash of their content. Commits of one history
// share most of theirs.
type treeCache struct {
	mu    sync.Mutex
	max   int // 0: no limit
	trees map[plumbing.Hash]*folder
}

func newTreeCache(limit int) *treeCache {
	return &treeCache{max: limit, trees: map[plumbing.Hash]*folder{}}
}

func (c *treeCache) get(hash plumbing.Hash) (*folder, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()

	f, ok := c.trees[hash]

	return f, ok
}

func (c *treeCache) put(hash plumbing.Hash, f *folder) {
	c.mu.Lock()
	defer c.mu.Unlock()

	if c.max > 0 && len(c.trees) >= c.max {
		clear(c.trees)
	}

	c.trees[hash] = f
}
