package gitmem

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Commit writes files over those of a branch, which it makes where there is none.
func (r *Repo) Commit(branch, name, email, message string, files map[string]string) error {
	r.mu.Lock()
	defer r.mu.Unlock()

	var (
		parents []plumbing.Hash
		blobs   = map[string]plumbing.Hash{}
		err     error
	)

	if at, ok := r.head(branch); ok {
		parents = append(parents, at)

		if blobs, err = r.flat(at); err != nil {
			return err
		}
	}

	for path, content := range files {
		if blobs[path], err = r.put(plumbing.BlobObject, []byte(content)); err != nil {
			return err
		}
	}

	_, err = r.commit(branch, blobs, parents, name, email, message)

	return err
}

// Merge merges the commit head into the branch base as GitHub does, and is the
// commit that base is at then. A file that both changed is a conflict.
func (r *Repo) Merge(base, head, method string) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()

	into, _ := r.head(base)

	blobs, err := r.merged(into, plumbing.NewHash(head))
	if err != nil {
		return "", fmt.Errorf("merging %s into %s: %w", head, base, err)
	}

	parents := []plumbing.Hash{into}
	if method == "merge" {
		parents = append(parents, plumbing.NewHash(head))
	}

	hash, err := r.commit(base, blobs, parents, "GitHub", "noreply@github.com", "Merge "+head)

	return hash.String(), err
}

// ErrConflict is a merge of two changes to one file.
var ErrConflict = errors.New("both sides changed the same file")

func (r *Repo) merged(into, head plumbing.Hash) (map[string]plumbing.Hash, error) {
	ours, err := object.GetCommit(r.storage, into)
	if err != nil {
		return nil, err
	}

	theirs, err := object.GetCommit(r.storage, head)
	if err != nil {
		return nil, err
	}

	bases, err := ours.MergeBase(theirs)
	if err != nil || len(bases) == 0 {
		return nil, fmt.Errorf("no common commit: %w", err)
	}

	from, err1 := r.flat(bases[0].Hash)
	mine, err2 := r.flat(into)
	their, err3 := r.flat(head)

	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}

	out := maps.Clone(mine)

	for path, blob := range their {
		switch {
		case blob == from[path] || blob == mine[path]:
		case mine[path] != from[path]:
			return nil, fmt.Errorf("%s: %w", path, ErrConflict)
		default:
			out[path] = blob
		}
	}

	return out, nil
}

func (r *Repo) commit(branch string, blobs map[string]plumbing.Hash, parents []plumbing.Hash, name, email, message string) (plumbing.Hash, error) {
	tree, err := r.tree(blobs, "")
	if err != nil {
		return plumbing.ZeroHash, err
	}

	by := object.Signature{Name: name, Email: email, When: r.now().UTC()}
	c := &object.Commit{Author: by, Committer: by, Message: message, TreeHash: tree, ParentHashes: parents}

	o := r.storage.NewEncodedObject()
	if err := c.Encode(o); err != nil {
		return plumbing.ZeroHash, err
	}

	hash, err := r.storage.SetEncodedObject(o)
	if err != nil {
		return hash, err
	}

	return hash, r.storage.SetReference(plumbing.NewHashReference(plumbing.NewBranchReferenceName(branch), hash))
}

// tree writes the folder under prefix.
func (r *Repo) tree(blobs map[string]plumbing.Hash, prefix string) (plumbing.Hash, error) {
	entries := map[string]object.TreeEntry{}

	for path, blob := range blobs {
		rest, ok := strings.CutPrefix(path, prefix)
		if !ok {
			continue
		}

		name, _, folder := strings.Cut(rest, "/")
		if !folder {
			entries[name] = object.TreeEntry{Name: name, Mode: filemode.Regular, Hash: blob}

			continue
		}

		if _, done := entries[name]; done {
			continue
		}

		below, err := r.tree(blobs, prefix+name+"/")
		if err != nil {
			return below, err
		}

		entries[name] = object.TreeEntry{Name: name, Mode: filemode.Dir, Hash: below}
	}

	t := &object.Tree{Entries: slices.Collect(maps.Values(entries))}
	slices.SortFunc(t.Entries, func(x, y object.TreeEntry) int { return strings.Compare(sortKey(x), sortKey(y)) })

	o := r.storage.NewEncodedObject()
	if err := t.Encode(o); err != nil {
		return plumbing.ZeroHash, err
	}

	return r.storage.SetEncodedObject(o)
}

// sortKey orders entries as git does: a folder as if its name ended in a slash.
func sortKey(e object.TreeEntry) string {
	if e.Mode == filemode.Dir {
		return e.Name + "/"
	}

	return e.Name
}

func (r *Repo) put(kind plumbing.ObjectType, content []byte) (plumbing.Hash, error) {
	o := r.storage.NewEncodedObject()
	o.SetType(kind)

	w, err := o.Writer()
	if err != nil {
		return plumbing.ZeroHash, err
	}

	if _, err := w.Write(content); err != nil {
		return plumbing.ZeroHash, err
	}

	return r.storage.SetEncodedObject(o)
}

func contents(b *object.Blob) (string, error) {
	reader, err := b.Reader()
	if err != nil {
		return "", err
	}

	data, err := io.ReadAll(reader)

	return string(data), errors.Join(err, reader.Close())
}
