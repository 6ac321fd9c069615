package repo

import (
	"context"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/storage/memory"
)

// historyBlob is the size above which a file's content is left out of a
// history where the server can do that: a manifest is a thousandth of it.
const historyBlob = 1 << 20

// History brings the whole history of a branch, into memory: once as a whole,
// later what came since. A branch that does not exist is a *BranchError.
func (r *Remote) History(ctx context.Context, branch string) (*History, error) {
	r.remembering.Lock()
	defer r.remembering.Unlock()

	known := r.histories[branch]

	err := r.withUpload(ctx, "read the history of", func(ctx context.Context, u *upload) error {
		hash, ok := u.refs()[plumbing.NewBranchReferenceName(branch)]
		if !ok {
			return &BranchError{Repository: r.address.clean, Branch: branch}
		}

		if known != nil && known.head == hash {
			return nil
		}

		var err error
		known, err = r.bringHistory(ctx, u, known, hash)

		return err
	})
	if err != nil {
		delete(r.histories, branch)

		return nil, err
	}

	r.histories[branch] = known

	return known, nil
}

// bringHistory fetches what hash has and the history so far has not.
func (r *Remote) bringHistory(ctx context.Context, u *upload, known *History, hash plumbing.Hash) (*History, error) {
	w := wants{hash: hash, filter: packp.FilterBlobLimit(historyBlob, packp.BlobLimitPrefixNone)}

	var below *objects

	if known != nil && known.objects.depth() < maxLayers {
		w.have, below = []plumbing.Hash{known.head}, known.objects
	}

	storage := memory.NewStorage()
	if err := u.fetch(ctx, w, &onto{storage, below}); err != nil {
		return nil, err
	}

	r.options.Log.DebugContext(ctx, "fetched the history", "repository", r.address.clean, "commit", hash.String(), "objects", len(storage.Objects))

	h := newHistory(storage, below, hash, ".")
	if u.filters() {
		h.objects.limit = historyBlob
	}

	head, err := h.Head()
	if err != nil {
		return nil, err
	}

	return h, head.census()
}
