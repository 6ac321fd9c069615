package repo

import (
	"container/heap"
	"context"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/storage/memory"
)

// MaxAhead is the most commits that Ahead looks at: a branch that is further
// ahead than this is in people's hands in any case.
const MaxAhead = 200

// Ahead is the commits on a branch that are not in base's history, newest
// first, children before parents: what the bot and people put on the branch
// since it left base, merges of base into it included. Of a branch that is
// further ahead than MaxAhead it is the newest MaxAhead generations. A branch
// that does not exist is a *BranchError.
//
// It asks the server for commits without their files, which costs some
// hundred bytes each.
func (r *Remote) Ahead(ctx context.Context, branch string, base *Commit) ([]LogEntry, error) {
	var entries []LogEntry

	err := r.withUpload(ctx, "read the history of", func(ctx context.Context, u *upload) error {
		hash, ok := u.refs()[plumbing.NewBranchReferenceName(branch)]
		if !ok {
			return &BranchError{Repository: r.address.clean, Branch: branch}
		}

		entries = nil
		if hash == base.hash {
			return nil
		}

		// base is not declared shallow: its history is none of ours, and the
		// server leaves all of it out.
		w := wants{hash: hash, have: []plumbing.Hash{base.hash}, depth: MaxAhead, filter: packp.FilterTreeDepth(0)}
		storage := memory.NewStorage()

		err := u.fetch(ctx, w, storage)
		if err == nil {
			entries, err = history(storage, hash)
		}

		return err
	})

	return entries, err
}

// history walks from a commit through all that a storage holds, children
// before parents, the newer first where that leaves a choice.
func history(storage *memory.Storage, from plumbing.Hash) ([]LogEntry, error) {
	o := &objects{top: storage}
	commits, children := map[plumbing.Hash]*Commit{}, map[plumbing.Hash]int{}

	for todo := []plumbing.Hash{from}; len(todo) > 0; todo = todo[1:] {
		if _, seen := commits[todo[0]]; seen || storage.HasEncodedObject(todo[0]) != nil {
			continue
		}

		c, err := o.commit(todo[0])
		if err != nil {
			return nil, err
		}

		commits[c.hash] = c
		todo = append(todo, c.header.parents...)

		for _, p := range c.header.parents {
			children[p]++
		}
	}

	if commits[from] == nil {
		return nil, nil // all of it is base's history
	}

	var entries []LogEntry

	for ready := (&newest{commits[from]}); ready.Len() > 0; {
		c, _ := heap.Pop(ready).(*Commit)
		entries = append(entries, c.Entry())

		for _, p := range c.header.parents {
			if children[p]--; children[p] == 0 && commits[p] != nil {
				heap.Push(ready, commits[p])
			}
		}
	}

	return entries, nil
}

// newest is a heap of commits, the newest on top.
type newest []*Commit

func (n newest) Len() int      { return len(n) }
func (n newest) Swap(i, j int) { n[i], n[j] = n[j], n[i] }
func (n *newest) Push(c any)   { *n = append(*n, c.(*Commit)) } //nolint:forcetypeassert // heap.Push hands back what history put in

func (n newest) Less(i, j int) bool {
	a, b := n[i].header.committer.When, n[j].header.committer.When
	if a.Equal(b) {
		return n[i].Hash() < n[j].Hash()
	}

	return a.After(b)
}

func (n *newest) Pop() any {
	last := (*n)[len(*n)-1]
	*n = (*n)[:len(*n)-1]

	return last
}
