package repo

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// commitFS is a commit's tree. Trees are read when somebody looks into them,
// and kept.
type commitFS struct {
	commit *Commit
	cache  *treeCache
}

// folder is a tree whose entries are found by name.
type folder struct {
	entries tree
	index   map[string]int
}

func newFolder(t tree) (*folder, error) {
	f := &folder{entries: t, index: make(map[string]int, len(t))}

	for i, e := range t {
		if _, twice := f.index[e.name]; twice {
			return nil, fmt.Errorf("%w: it has two entries called %q", errTree, e.name)
		}

		f.index[e.name] = i
	}

	return f, nil
}

var (
	_ fs.ReadFileFS = (*commitFS)(nil)
	_ fs.ReadDirFS  = (*commitFS)(nil)
	_ fs.StatFS     = (*commitFS)(nil)
	_ fs.ReadLinkFS = (*commitFS)(nil)
)

// Open opens a file or a folder; a file's content is read at the first Read.
func (f *commitFS) Open(name string) (fs.File, error) {
	e, err := f.find("open", name)
	if err != nil {
		return nil, err
	}

	switch {
	case e.isDir():
		list, err := f.list(name, e)

		return &openDir{info: f.info(name, e), list: list}, pathError("open", name, err)
	case e.isRegular():
		return &openFile{info: f.info(name, e), load: func() ([]byte, error) { return f.content(name, e) }}, nil
	}

	return nil, pathError("open", name, notAFile(e))
}

// ReadFile returns a copy of a file's content.
func (f *commitFS) ReadFile(name string) ([]byte, error) {
	e, err := f.find("read", name)
	if err != nil {
		return nil, err
	}

	if !e.isRegular() {
		return nil, pathError("read", name, notAFile(e))
	}

	return f.content(name, e)
}

// ReadDir lists a folder, sorted by name.
func (f *commitFS) ReadDir(name string) ([]fs.DirEntry, error) {
	e, err := f.find("readdir", name)
	if err != nil {
		return nil, err
	}

	list, err := f.list(name, e)

	return list, pathError("readdir", name, err)
}

// Stat tells about a file or a folder; a symbolic link is told about itself.
func (f *commitFS) Stat(name string) (fs.FileInfo, error) {
	e, err := f.find("stat", name)
	if err != nil {
		return nil, err
	}

	info := f.info(name, e)

	return info, pathError("stat", name, info.measure())
}

// Lstat is Stat, which follows nothing anyhow.
func (f *commitFS) Lstat(name string) (fs.FileInfo, error) { return f.Stat(name) }

// ReadLink is where a symbolic link points.
func (f *commitFS) ReadLink(name string) (string, error) {
	e, err := f.find("readlink", name)
	if err != nil {
		return "", err
	}

	if e.mode != modeSymlink {
		return "", pathError("readlink", name, fs.ErrInvalid)
	}

	target, err := f.content(name, e)

	return string(target), err
}

// Hash is the name of a file's content.
func (f *commitFS) Hash(name string) (string, error) {
	e, err := f.find("hash", name)
	if err != nil {
		return "", err
	}

	if !e.isRegular() {
		return "", pathError("hash", name, notAFile(e))
	}

	return e.hash.String(), nil
}

// FolderHash is the name of all that a folder holds.
func (f *commitFS) FolderHash(name string) (string, error) {
	e, err := f.find("hash", name)
	if err != nil {
		return "", err
	}

	if !e.isDir() {
		return "", pathError("hash", name, errNotFolder)
	}

	return e.hash.String(), nil
}

// find walks down to a name.
func (f *commitFS) find(op, name string) (entry, error) {
	at := entry{mode: modeDir, name: ".", hash: f.commit.header.tree}
	if name == "." {
		return at, nil
	}

	if !fs.ValidPath(name) {
		return at, pathError(op, name, fs.ErrInvalid)
	}

	for part := range strings.SplitSeq(name, "/") {
		if !at.isDir() {
			return at, pathError(op, name, notAFolder(at))
		}

		t, err := f.tree(at.hash)
		if err != nil {
			return at, pathError(op, name, err)
		}

		i, ok := t.index[part]
		if !ok || isGit(part) {
			return at, pathError(op, name, fs.ErrNotExist)
		}

		at = t.entries[i]
	}

	return at, nil
}

func (f *commitFS) tree(hash plumbing.Hash) (*folder, error) {
	if t, ok := f.cache.get(hash); ok {
		return t, nil
	}

	entries, err := f.commit.objects.readTree(hash)
	if err != nil {
		return nil, err
	}

	t, err := newFolder(entries)
	if err != nil {
		return nil, fmt.Errorf("tree %s: %w", hash, err)
	}

	f.cache.put(hash, t)

	return t, nil
}

func (f *commitFS) list(name string, e entry) ([]fs.DirEntry, error) {
	if !e.isDir() {
		return nil, notAFolder(e)
	}

	t, err := f.tree(e.hash)
	if err != nil {
		return nil, err
	}

	list := make([]fs.DirEntry, 0, len(t.entries))

	for _, child := range t.entries {
		if !isGit(child.name) {
			list = append(list, f.info(join(name, child.name), child))
		}
	}

	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })

	return list, nil
}

// content reads a blob, or says why it is not here.
func (f *commitFS) content(name string, e entry) ([]byte, error) {
	data, err := f.commit.objects.read(plumbing.BlobObject, e.hash)

	return data, pathError("read", name, f.absent(name, err))
}

// absent explains a missing blob: it was left out for its size.
func (f *commitFS) absent(name string, err error) error {
	if limit := f.commit.objects.limit; limit > 0 && errors.Is(err, plumbing.ErrObjectNotFound) {
		return &LargeFileError{Path: name, Limit: limit}
	}

	return err
}

func notAFile(e entry) error {
	switch e.mode {
	case modeSymlink:
		return ErrSymlink
	case modeSubmodule:
		return ErrSubmodule
	}

	return errors.New("is a folder")
}

func notAFolder(e entry) error {
	switch e.mode {
	case modeSymlink:
		return fmt.Errorf("%s %w", e.name, ErrSymlink)
	case modeSubmodule:
		return fmt.Errorf("%s %w", e.name, ErrSubmodule)
	}

	return fmt.Errorf("%s is not a folder: %w", e.name, fs.ErrNotExist)
}

// pathError is nil for nil.
func pathError(op, name string, err error) error {
	if err == nil {
		return nil
	}

	return &fs.PathError{Op: op, Path: name, Err: err}
}

func join(dir, name string) string {
	if dir == "." {
		return name
	}

	return dir + "/" + name
}

// isGit tells git's own folder, which is never part of a tree, in whatever
// case a file system would take for it.
func isGit(name string) bool { return strings.EqualFold(name, ".git") }
