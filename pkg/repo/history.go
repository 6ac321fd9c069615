package repo

import (
	"context"
	"errors"
	"iter"

	"github.com/go-git/go-git/v5/plumbing"
)

// History is what a branch was, commit by commit along first parents: where
// the branch stood at each moment, with every merge as one step. It never
// changes and is safe for concurrent use.
type History struct {
	objects *objects
	head    plumbing.Hash
	// folder is the part of the tree that is looked at; "." for all of it.
	folder string
	trees  *treeCache
}

// Step is one commit of a history.
type Step struct {
	*Commit

	// Changed are the files in which the next newer step of the history
	// differs from this one; empty for the newest.
	Changed []Difference
	// Cut tells that the commit has a parent that is not at hand: the clone is
	// shallow, and what was before is not known.
	Cut bool
}

// Difference is one file that two commits do not share, with the hash of its
// content in each; "" where it is not there.
type Difference struct{ Path, Older, Newer string }

// Head is the newest commit.
func (h *History) Head() (*Commit, error) { return h.at(h.head) }

// Steps walks from the newest commit to the oldest. The walk ends at the first
// error, with ctx at the latest.
func (h *History) Steps(ctx context.Context) iter.Seq2[Step, error] {
	return func(yield func(Step, error) bool) {
		var newer *Commit

		for hash := h.head; !hash.IsZero(); {
			step, parent, err := h.step(ctx, hash, newer)
			if err != nil {
				yield(Step{}, err)

				return
			}

			if !yield(step, nil) {
				return
			}

			hash, newer = parent, step.Commit
		}
	}
}

// step reads one commit and the way on from it; a zero hash is the end.
func (h *History) step(ctx context.Context, hash plumbing.Hash, newer *Commit) (Step, plumbing.Hash, error) {
	if err := ctx.Err(); err != nil {
		return Step{}, plumbing.ZeroHash, err
	}

	c, err := h.at(hash)
	if err != nil {
		return Step{}, plumbing.ZeroHash, err
	}

	s := Step{Commit: c}

	if newer != nil {
		if s.Changed, err = differences(c, newer); err != nil {
			return Step{}, plumbing.ZeroHash, err
		}
	}

	if len(c.header.parents) == 0 {
		return s, plumbing.ZeroHash, nil
	}

	parent := c.header.parents[0]
	if _, err := h.objects.read(plumbing.CommitObject, parent); errors.Is(err, plumbing.ErrObjectNotFound) {
		s.Cut = true

		return s, plumbing.ZeroHash, nil
	}

	return s, parent, nil
}

// at is a commit as this history looks at it: its folder alone.
func (h *History) at(hash plumbing.Hash) (*Commit, error) {
	c, err := h.objects.commit(hash)
	if err != nil {
		return nil, err
	}

	c.fsys = &commitFS{commit: c, cache: h.trees}
	c.once.Do(func() {})

	if h.folder == "." {
		return c, nil
	}

	e, err := c.fsys.find("open", h.folder)
	if err != nil || !e.isDir() {
		e.hash = emptyTree // it was not there then, or was no folder
	}

	c.header.tree = e.hash

	return c, nil
}
