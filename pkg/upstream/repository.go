package upstream

import (
	"context"
	"errors"
	"fmt"
	"path"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/filesystem"

	"github.com/goingdark-social/bot/pkg/version"
)

// repository is a git repository on disk, read in place.
type repository struct {
	name    string
	storage *filesystem.Storage
}

// openRepository opens a bare or a working repository, linked work trees included. Its pack files stay open between
// objects, which halves the time that reading thousands of them takes.
func openRepository(name string) (*repository, error) {
	repo, err := git.PlainOpenWithOptions(name, &git.PlainOpenOptions{EnableDotGitCommonDir: true})
	if err != nil {
		return nil, fmt.Errorf("no source at %s: %w", name, err)
	}
	plain, ok := repo.Storer.(*filesystem.Storage)
	if !ok {
		return nil, fmt.Errorf("no source at %s: %T is no storage on disk", name, repo.Storer)
	}
	return &repository{name: name, storage: filesystem.NewStorageWithOptions(
		plain.Filesystem(), cache.NewObjectLRU(32*cache.MiByte), filesystem.Options{KeepDescriptors: true},
	)}, nil
}

func (r *repository) String() string { return r.name }

// Close lets go of the open pack files.
func (r *repository) Close() error { return r.storage.Close() }

func (r *repository) Resolve(_ context.Context, v string) (Revision, error) {
	if v == "" {
		head, err := storer.ResolveReference(r.storage, plumbing.HEAD)
		if err != nil {
			return Revision{}, &NotFoundError{r.name, v}
		}
		return Revision{Commit: head.Hash().String()}, nil
	}
	if plumbing.IsHash(v) {
		return Revision{Commit: v}, nil
	}
	for _, tag := range tagNames(v) {
		ref, err := storer.ResolveReference(r.storage, plumbing.NewTagReferenceName(tag))
		if errors.Is(err, plumbing.ErrReferenceNotFound) {
			continue
		}
		if err != nil {
			return Revision{}, fmt.Errorf("%s: tag %s: %w", r.name, tag, err)
		}
		hash, err := r.peel(ref.Hash())
		return Revision{Version: version.Parse(v).String(), Commit: hash.String()}, err
	}
	return Revision{}, &NotFoundError{r.name, v}
}

// tagNames are the tags that a version can have: as given, and in upstream's spelling.
func tagNames(v string) []string {
	canonical := version.Parse(v).String()
	if canonical == v {
		return []string{v}
	}
	return []string{v, canonical}
}

// peel follows an annotated tag to its commit; upstream's tags are lightweight, a fork's need not be.
func (r *repository) peel(h plumbing.Hash) (plumbing.Hash, error) {
	tag, err := object.GetTag(r.storage, h)
	if errors.Is(err, plumbing.ErrObjectNotFound) {
		return h, nil
	}
	if err != nil {
		return h, fmt.Errorf("%s: %w", r.name, err)
	}
	return tag.Target, nil
}

func (r *repository) Load(ctx context.Context, rev Revision, w Wanted) (*Tree, error) {
	tree, blobs, err := walk(ctx, r.storage, rev.Commit, w)
	if err != nil {
		if errors.Is(err, plumbing.ErrObjectNotFound) && len(blobs) == 0 {
			return nil, &NotFoundError{r.name, rev.Commit}
		}
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	if err := tree.read(ctx, r.storage, blobs); err != nil {
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	return tree, nil
}

// blob is one file that is wanted.
type blob struct {
	path string
	hash plumbing.Hash
}

// walk lists the wanted files of a commit, entering only folders that may hold some.
func walk(ctx context.Context, s storer.EncodedObjectStorer, commit string, w Wanted) (*Tree, []blob, error) {
	c, err := object.GetCommit(s, plumbing.NewHash(commit))
	if err != nil {
		return nil, nil, fmt.Errorf("commit %s: %w", commit, err)
	}
	out := &Tree{Commit: commit, Date: c.Committer.When.UTC(), Files: map[string]File{}}
	var blobs []blob
	folders := 0
	var visit func(hash plumbing.Hash, dir string) error
	visit = func(hash plumbing.Hash, dir string) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if folders++; folders > maxFolders {
			return &LimitError{commit + " has", maxFolders, "folders"}
		}
		t, err := object.GetTree(s, hash)
		if err != nil {
			return fmt.Errorf("folder %q of %s: %w", dir, commit, err)
		}
		for _, e := range t.Entries {
			name := path.Join(dir, e.Name)
			switch {
			case e.Mode == filemode.Dir && w.Folder(name):
				if err := visit(e.Hash, name); err != nil {
					return err
				}
			case (e.Mode == filemode.Regular || e.Mode == filemode.Executable) && w.File(name):
				if blobs = append(blobs, blob{name, e.Hash}); len(blobs) > maxFiles {
					return &LimitError{commit + " has", maxFiles, "files"}
				}
			}
		}
		return nil
	}
	return out, blobs, visit(c.TreeHash, "")
}

// read reads the contents of the files.
func (t *Tree) read(ctx context.Context, s storer.EncodedObjectStorer, blobs []blob) error {
	for _, b := range blobs {
		if err := ctx.Err(); err != nil {
			return err
		}
		text, err := content(s, b.hash)
		if err != nil {
			return fmt.Errorf("%s at %s: %w", b.path, t.Commit, err)
		}
		if err := t.put(b.path, text, b.hash.String()); err != nil {
			return err
		}
	}
	return nil
}

func content(s storer.EncodedObjectStorer, h plumbing.Hash) (string, error) {
	o, err := s.EncodedObject(plumbing.BlobObject, h)
	if err != nil {
		return "", err
	}
	r, err := o.Reader()
	if err != nil {
		return "", err
	}
	text, err := readFile(r, o.Size())
	return text, errors.Join(err, r.Close())
}
