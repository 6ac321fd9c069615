package repo

import (
	"context"
	"errors"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/storage/memory"
)

// maxLayers is how many fetches build on each other in memory before one
// starts over, so that a process that stays does not keep every version of
// every file.
const maxLayers = 8

// errIncomplete is a pack that builds on objects which are not here: those
// that an earlier fetch left out for their size.
var errIncomplete = errors.New("the pack builds on objects that are not here")

// bringInMemory fetches what hash has and near has not; near may be nil.
func (r *Remote) bringInMemory(ctx context.Context, u *upload, near *Commit, hash plumbing.Hash) (*Commit, error) {
	w := wants{hash: hash, depth: 1, filter: r.blobFilter()}
	o := &objects{limit: r.limit(u)}

	if near != nil && near.objects.depth() < maxLayers {
		w.have, w.shallow = []plumbing.Hash{near.hash}, []plumbing.Hash{near.hash}
		o.below = near.objects
	}

	storage, err := u.fetchOnto(ctx, w, o.below)
	if err != nil {
		return nil, err
	}

	o.top = storage
	r.options.Log.DebugContext(ctx, "fetched", "repository", r.address.clean, "commit", hash.String(), "objects", len(storage.Objects))

	return o.commit(hash)
}

// fetchOnto fetches into memory what builds on the objects below.
func (u *upload) fetchOnto(ctx context.Context, w wants, below *objects) (*memory.Storage, error) {
	storage := memory.NewStorage()

	err := u.fetch(ctx, w, &onto{storage, below})
	if errors.Is(err, plumbing.ErrObjectNotFound) || errors.Is(err, packfile.ErrReferenceDeltaNotFound) {
		err = &localError{errors.Join(errIncomplete, err)}
	}

	return storage, err
}

// onto is a storage in memory that also finds what is below it, for a thin
// pack's differences to objects that are here already.
type onto struct {
	*memory.Storage

	below *objects
}

// EncodedObject finds an object here or below.
func (o *onto) EncodedObject(kind plumbing.ObjectType, hash plumbing.Hash) (plumbing.EncodedObject, error) {
	object, err := o.Storage.EncodedObject(kind, hash)
	if err == nil {
		return object, nil
	}

	for layer := o.below; layer != nil; layer = layer.below {
		if object, err = layer.objectHere(kind, hash); err == nil {
			return object, nil
		}
	}

	return nil, err
}
