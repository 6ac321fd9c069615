package repo

import (
	"fmt"
	"io"
	"sync"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/storage/memory"
)

// objects is where git objects are read from: a storage, and below it the
// older one that it builds on. A storage is filled before it becomes part of
// an objects value and only read afterwards. go-git's storages are not safe for
// concurrent reading, hence the lock.
type objects struct {
	mu    sync.Mutex
	top   source
	below *objects
	// limit is the size above which blobs may be missing; 0 = none is.
	limit int64
}

// source is what objects are read from.
type source interface {
	EncodedObject(kind plumbing.ObjectType, hash plumbing.Hash) (plumbing.EncodedObject, error)
	EncodedObjectSize(hash plumbing.Hash) (int64, error)
}

// depth counts the storages on top of each other.
func (o *objects) depth() int {
	n := 0
	for ; o != nil; o = o.below {
		n++
	}

	return n
}

// read returns the content of an object, as a slice of the caller's own.
func (o *objects) read(kind plumbing.ObjectType, hash plumbing.Hash) ([]byte, error) {
	for layer := o; layer != nil; layer = layer.below {
		data, err := layer.readHere(kind, hash)
		if err == nil || err != plumbing.ErrObjectNotFound { //nolint:errorlint // go-git returns this very value
			return data, err
		}
	}

	return nil, plumbing.ErrObjectNotFound
}

func (o *objects) readHere(kind plumbing.ObjectType, hash plumbing.Hash) ([]byte, error) {
	object, err := o.objectHere(kind, hash)
	if err != nil {
		return nil, err
	}

	o.mu.Lock()
	defer o.mu.Unlock()

	r, err := object.Reader()
	if err != nil {
		return nil, err
	}

	data := make([]byte, object.Size())

	_, err = io.ReadFull(r, data)
	if closing := r.Close(); err == nil {
		err = closing
	}

	if err != nil {
		return nil, fmt.Errorf("object %s is damaged: %w", hash, err)
	}

	return data, nil
}

func (o *objects) objectHere(kind plumbing.ObjectType, hash plumbing.Hash) (plumbing.EncodedObject, error) {
	o.mu.Lock()
	defer o.mu.Unlock()

	return o.top.EncodedObject(kind, hash)
}

// size is the length of a blob, without reading it.
func (o *objects) size(hash plumbing.Hash) (int64, error) {
	for layer := o; layer != nil; layer = layer.below {
		n, err := layer.sizeHere(hash)
		if err == nil || err != plumbing.ErrObjectNotFound { //nolint:errorlint // go-git returns this very value
			return n, err
		}
	}

	return 0, plumbing.ErrObjectNotFound
}

func (o *objects) sizeHere(hash plumbing.Hash) (int64, error) {
	o.mu.Lock()
	defer o.mu.Unlock()

	return o.top.EncodedObjectSize(hash)
}

func (o *objects) readTree(hash plumbing.Hash) (tree, error) {
	if hash == emptyTree {
		return nil, nil
	}

	data, err := o.read(plumbing.TreeObject, hash)
	if err != nil {
		return nil, fmt.Errorf("tree %s: %w", hash, err)
	}

	t, err := parseTree(data)
	if err != nil {
		return nil, fmt.Errorf("tree %s: %w", hash, err)
	}

	return t, nil
}

// commit reads the commit called hash.
func (o *objects) commit(hash plumbing.Hash) (*Commit, error) {
	data, err := o.read(plumbing.CommitObject, hash)
	if err != nil {
		return nil, fmt.Errorf("commit %s: %w", hash, err)
	}

	h, err := parseHeader(data)
	if err != nil {
		return nil, fmt.Errorf("commit %s: %w", hash, err)
	}

	return &Commit{hash: hash, header: h, objects: o}, nil
}

// fresh collects objects that are not on the server yet.
type fresh struct {
	storage *memory.Storage
	hashes  []plumbing.Hash
}

func newFresh() *fresh { return &fresh{storage: memory.NewStorage()} }

func (f *fresh) add(kind plumbing.ObjectType, data []byte) (plumbing.Hash, error) {
	object := &plumbing.MemoryObject{}
	object.SetType(kind)

	if _, err := object.Write(data); err != nil {
		return plumbing.ZeroHash, err
	}

	hash := object.Hash()
	if f.storage.HasEncodedObject(hash) == nil {
		return hash, nil
	}

	f.hashes = append(f.hashes, hash)

	return f.storage.SetEncodedObject(object)
}
