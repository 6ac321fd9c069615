package repo

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// ErrNoHistory is why a folder has no history: it is in no git repository, or
// in one without a commit.
var ErrNoHistory = errors.New("there is no git history here")

// OpenHistory is the history of a local folder: of HEAD in the repository
// that it lies in, bare or with a work tree. What is not committed is no part
// of it. A folder below the top of a work tree is a history of that folder
// alone. Nothing is fetched: what a partial clone lacks cannot be read.
func OpenHistory(path string) (*History, error) {
	opened, err := git.PlainOpenWithOptions(path, &git.PlainOpenOptions{EnableDotGitCommonDir: true})
	if errors.Is(err, git.ErrRepositoryNotExists) { // it may be inside of one
		opened, err = git.PlainOpenWithOptions(path, &git.PlainOpenOptions{DetectDotGit: true, EnableDotGitCommonDir: true})
	}

	if errors.Is(err, git.ErrRepositoryNotExists) {
		return nil, fmt.Errorf("%s: %w", path, ErrNoHistory)
	}

	if err != nil {
		return nil, fmt.Errorf("opening the repository of %s: %w", path, err)
	}

	head, err := opened.Head()
	if errors.Is(err, plumbing.ErrReferenceNotFound) {
		return nil, fmt.Errorf("%s has no commit: %w", path, ErrNoHistory)
	}

	if err != nil {
		return nil, fmt.Errorf("reading HEAD of %s: %w", path, err)
	}

	folder, err := within(opened, path)
	if err != nil {
		return nil, err
	}

	return newHistory(kept(opened.Storer), nil, head.Hash(), folder), nil
}

// kept is the storage with its packs held open: a history reads from them
// thousands of times.
func kept(s storage.Storer) storer.EncodedObjectStorer {
	files, ok := s.(*filesystem.Storage)
	if !ok {
		return s
	}

	return filesystem.NewStorageWithOptions(files.Filesystem(), cache.NewObjectLRUDefault(), filesystem.Options{KeepDescriptors: true})
}

func newHistory(top storer.EncodedObjectStorer, below *objects, head plumbing.Hash, folder string) *History {
	return &History{
		objects: &objects{top: top, below: below}, head: head, folder: folder, trees: newTreeCache(maxTrees),
	}
}

// within is where in the repository's tree a folder lies.
func within(r *git.Repository, path string) (string, error) {
	tree, err := r.Worktree()
	if errors.Is(err, git.ErrIsBareRepository) {
		return ".", nil
	}

	if err != nil {
		return "", fmt.Errorf("finding the top of the repository: %w", err)
	}

	top, errTop := unlinked(tree.Filesystem.Root())
	here, errHere := unlinked(path)

	if err := errors.Join(errTop, errHere); err != nil {
		return "", err
	}

	folder, err := filepath.Rel(top, here)
	if err != nil || !filepath.IsLocal(folder) {
		return "", fmt.Errorf("%s is not inside of the work tree %s", path, top)
	}

	return filepath.ToSlash(folder), nil
}

// unlinked is a path without links, absolute.
func unlinked(path string) (string, error) {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}

	return filepath.Abs(path)
}
