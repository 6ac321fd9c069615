package githubtest

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"sync"
)

// Branches are branches without commits behind them, for where git itself
// does not matter. It is safe for concurrent use.
type Branches struct {
	mu  sync.Mutex
	tip map[string]string
	n   int
}

// NewBranches has no branches.
func NewBranches() *Branches { return &Branches{tip: map[string]string{}} }

// Push moves a branch to a commit of its own, made up, and returns it.
func (b *Branches) Push(repo, name string) (sha string) {
	b.mu.Lock()
	defer b.mu.Unlock()

	b.n++
	sum := sha1.Sum(fmt.Appendf(nil, "%s %s %d", repo, name, b.n))
	b.tip[repo+" "+name] = hex.EncodeToString(sum[:])

	return b.tip[repo+" "+name]
}

// Delete removes a branch.
func (b *Branches) Delete(repo, name string) {
	b.mu.Lock()
	defer b.mu.Unlock()

	delete(b.tip, repo+" "+name)
}

// Branch is the tip of a branch.
func (b *Branches) Branch(repo, name string) (sha string, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()

	sha, ok = b.tip[repo+" "+name]

	return sha, ok
}

// Merge moves base to a new commit.
func (b *Branches) Merge(repo, base, head, _ string) (string, error) {
	for _, name := range []string{base, head} {
		if _, ok := b.Branch(repo, name); !ok {
			return "", fmt.Errorf("githubtest: no branch %s in %s", name, repo)
		}
	}

	return b.Push(repo, base), nil
}
