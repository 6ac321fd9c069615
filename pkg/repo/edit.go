package repo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// Commit makes a commit on top of base, in memory; Push sends it. Only blobs
// that change and the trees above them are made; everything else keeps its
// very bytes. The same changes, message and time make the same hash, which is
// the one git itself would make. Symbolic links and submodules are not
// written, nor anything outside the tree or in .git: a *ChangeError. Changes
// that change nothing are ErrUnchanged.
func (r *Remote) Commit(ctx context.Context, base *Commit, changes []Change, m Message) (*Commit, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}

	return r.commit(base, changes, m, []plumbing.Hash{base.hash}, r.options.Signer)
}

// commit makes a commit of base's tree with changes and any parents, signed
// unless signer is nil.
func (r *Remote) commit(base *Commit, changes []Change, m Message, parents []plumbing.Hash, signer Signer) (*Commit, error) {
	if strings.TrimSpace(m.Text) == "" {
		return nil, errors.New("a commit needs a message")
	}

	root, err := plan(changes)
	if err != nil {
		return nil, err
	}

	w := &writer{objects: base.objects, fresh: newFresh()}

	hash, err := w.rewrite(base.header.tree, ".", root)
	if err != nil {
		return nil, err
	}

	if hash == base.header.tree {
		return nil, ErrUnchanged
	}

	h := r.header(hash, parents, m)

	if signer != nil {
		if h.signature, err = signer.Sign(h.encode()); err != nil {
			return nil, err
		}
	}

	return w.finish(base, h)
}

func (r *Remote) header(tree plumbing.Hash, parents []plumbing.Hash, m Message) header {
	if m.Author == (Signature{}) {
		m.Author = r.options.Author
	}

	if m.Time.IsZero() {
		m.Time = r.options.Now()
	}

	committer := r.options.Author

	return header{
		tree: tree, parents: parents,
		author:    Person{Name: m.Author.Name, Email: m.Author.Email, When: m.Time.UTC()},
		committer: Person{Name: committer.Name, Email: committer.Email, When: m.Time.UTC()},
		message:   strings.TrimRight(m.Text, "\n") + "\n",
	}
}

// writer makes the objects of one commit.
type writer struct {
	objects *objects
	fresh   *fresh
}

func (w *writer) finish(base *Commit, h header) (*Commit, error) {
	hash, err := w.fresh.add(plumbing.CommitObject, h.encode())
	if err != nil {
		return nil, err
	}

	return &Commit{
		hash: hash, header: h,
		objects: &objects{top: w.fresh.storage, below: base.objects, limit: base.objects.limit},
		fresh:   slices.Concat(base.fresh, w.fresh.hashes),
	}, nil
}

// rewrite applies edits to the tree called hash, which lies at dir, and
// returns the new tree's name; the zero hash for a tree with nothing left.
func (w *writer) rewrite(hash plumbing.Hash, dir string, edits *edit) (plumbing.Hash, error) {
	var t tree

	if !hash.IsZero() {
		var err error
		if t, err = w.objects.readTree(hash); err != nil {
			return hash, err
		}
	}

	t = slices.Clone(t)

	for _, name := range slices.Sorted(maps.Keys(edits.children)) {
		var err error
		if t, err = w.apply(t, path.Join(dir, name), edits.children[name]); err != nil {
			return hash, err
		}
	}

	if len(t) == 0 && dir != "." {
		return plumbing.ZeroHash, nil
	}

	return w.fresh.add(plumbing.TreeObject, t.encode())
}

// apply does to one entry of a tree what its edit says.
func (w *writer) apply(t tree, name string, e *edit) (tree, error) {
	at := t.find(path.Base(name))
	old := entry{mode: modeFile, name: path.Base(name)}

	if at >= 0 {
		old = t[at]
	}

	var err error

	if e.change == nil {
		old.hash, err = w.folder(at >= 0, &old, name, e)
	} else {
		old.hash, err = w.file(at >= 0, old, e.change)
	}

	switch {
	case err != nil:
		return nil, err
	case old.hash.IsZero() && at < 0:
		return t, nil
	case old.hash.IsZero():
		return slices.Delete(t, at, at+1), nil
	case at < 0:
		return append(t, old), nil
	}

	t[at] = old

	return t, nil
}

func (w *writer) folder(exists bool, old *entry, name string, e *edit) (plumbing.Hash, error) {
	switch {
	case exists && !old.isDir():
		return old.hash, &ChangeError{name, notAFolder(*old).Error()}
	case !exists:
		old.mode = modeDir
	}

	return w.rewrite(old.hash, name, e)
}

func (w *writer) file(exists bool, old entry, c *Change) (plumbing.Hash, error) {
	if exists && !old.isRegular() {
		return old.hash, &ChangeError{c.Path, notAFile(old).Error()}
	}

	if !exists && (c.Delete || c.Before != nil) {
		return old.hash, &ChangeError{c.Path, "does not exist"}
	}

	if c.Before != nil && plumbing.ComputeHash(plumbing.BlobObject, c.Before) != old.hash {
		return old.hash, &ChangeError{c.Path, "is not what it was when it was read"}
	}

	switch {
	case c.Delete:
		return plumbing.ZeroHash, nil
	case exists && plumbing.ComputeHash(plumbing.BlobObject, c.Content) == old.hash:
		return old.hash, nil
	}

	return w.fresh.add(plumbing.BlobObject, bytes.Clone(c.Content))
}

// String names the commit for logs.
func (c *Commit) String() string { return fmt.Sprintf("commit %s", c.hash) }
