package repo

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
)

// dirFS is a folder through os.Root, which already keeps every path inside;
// what is added is that links are not followed even there, so that a tree
// reads the same from a folder and from a commit.
type dirFS struct {
	root *os.Root
	fast opener
	// folders are known to be real ones all the way up, so that a walk does
	// not look at each parent again for every file.
	folders sync.Map
}

var (
	_ fs.ReadFileFS = (*dirFS)(nil)
	_ fs.ReadDirFS  = (*dirFS)(nil)
	_ fs.StatFS     = (*dirFS)(nil)
	_ fs.ReadLinkFS = (*dirFS)(nil)
)

var errNotFolder = fmt.Errorf("is not a folder: %w", fs.ErrNotExist)

// Open opens a file or a folder.
func (f *dirFS) Open(name string) (fs.File, error) {
	if fs.ValidPath(name) && !inGit(name) {
		if file, ok := f.fast.file(name); ok {
			return file, nil
		}
	}

	info, err := f.find("open", name)
	if err != nil {
		return nil, err
	}

	if err := openable(info); err != nil {
		return nil, pathError("open", name, err)
	}

	file, err := f.root.Open(name)
	if err != nil || !info.IsDir() {
		return file, err
	}

	return &localDir{File: file}, nil
}

// ReadInto reads a file, into buf where it fits, and tells its size. Of one
// above limit it reads nothing: the size is all that is told.
func (f *dirFS) ReadInto(name string, buf []byte, limit int) (data []byte, size int64, err error) {
	if fs.ValidPath(name) && !inGit(name) {
		if file, ok := f.fast.file(name); ok {
			defer file.Close()

			return file.readInto(buf, limit)
		}
	}

	file, err := f.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer file.Close()

	info, err := file.Stat()
	if err != nil {
		return nil, 0, err
	}

	if size = info.Size(); size > int64(limit) && !info.IsDir() { // whose content cannot be read, and that says so
		return nil, size, nil
	}

	into := bytes.NewBuffer(buf[:0])
	size, err = into.ReadFrom(io.LimitReader(file, int64(limit)))

	return into.Bytes(), size, err
}

// maxRead is the largest file that is read whole.
const maxRead = 64 << 20

// ReadFile reads a file. One above maxRead is a *LargeFileError.
func (f *dirFS) ReadFile(name string) ([]byte, error) {
	data, size, err := f.ReadInto(name, nil, maxRead)
	if err == nil && size > maxRead {
		return nil, pathError("read", name, &LargeFileError{Path: name, Limit: maxRead})
	}

	return data, err
}

// ReadDir lists a folder, sorted by name.
func (f *dirFS) ReadDir(name string) ([]fs.DirEntry, error) {
	if fs.ValidPath(name) && !inGit(name) {
		if list, ok := f.fast.list(name); ok {
			return f.listed(name, list), nil
		}
	}

	if _, err := f.find("readdir", name); err != nil {
		return nil, err
	}

	file, err := f.root.Open(name)
	if err != nil {
		return nil, err
	}

	list, err := (&localDir{File: file}).ReadDir(-1)

	return f.listed(name, list), errors.Join(err, file.Close())
}

// Stat tells about a file or folder; a symbolic link is told about itself.
func (f *dirFS) Stat(name string) (fs.FileInfo, error) { return f.find("stat", name) }

// Lstat is Stat, which follows nothing anyhow.
func (f *dirFS) Lstat(name string) (fs.FileInfo, error) { return f.find("lstat", name) }

// ReadLink is where a symbolic link points.
func (f *dirFS) ReadLink(name string) (string, error) {
	if _, err := f.find("readlink", name); err != nil {
		return "", err
	}

	return f.root.Readlink(name)
}

// find looks at a name without following links on the way to it.
func (f *dirFS) find(op, name string) (fs.FileInfo, error) {
	if !fs.ValidPath(name) {
		return nil, pathError(op, name, fs.ErrInvalid)
	}

	if inGit(name) {
		return nil, pathError(op, name, fs.ErrNotExist)
	}

	if err := f.real(path.Dir(name)); err != nil {
		return nil, pathError(op, name, err)
	}

	info, err := f.root.Lstat(name)
	if err != nil {
		return nil, err
	}

	return info, nil
}

// inGit tells a name that has a part called .git.
func inGit(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if isGit(part) {
			return true
		}
	}

	return false
}

// real tells that a folder is one, and every folder above it.
func (f *dirFS) real(dir string) error {
	if dir == "." {
		return nil
	}

	if _, known := f.folders.Load(dir); known {
		return nil
	}

	if err := f.real(path.Dir(dir)); err != nil {
		return err
	}

	info, err := f.root.Lstat(dir)

	switch {
	case err != nil:
		return err
	case info.Mode()&fs.ModeSymlink != 0:
		return pathError("open", dir, ErrSymlink)
	case !info.IsDir():
		return pathError("open", dir, errNotFolder)
	}

	f.folders.Store(dir, nil)

	return nil
}

// openable is why opening is refused: opening a pipe would wait for ever.
func openable(info fs.FileInfo) error {
	switch mode := info.Mode(); {
	case mode.IsRegular(), mode.IsDir():
		return nil
	case mode&fs.ModeSymlink != 0:
		return ErrSymlink
	}

	return ErrIrregular
}

// localDir is an open folder without its .git.
type localDir struct{ *os.File }

// ReadDir hands out n entries at a time, as fs.ReadDirFile asks for.
func (d *localDir) ReadDir(n int) ([]fs.DirEntry, error) {
	for {
		list, err := d.File.ReadDir(n)
		empty := len(list) == 0
		list = slices.DeleteFunc(list, func(e fs.DirEntry) bool { return isGit(e.Name()) })

		if len(list) > 0 || empty || n <= 0 || err != nil {
			if n > 0 && empty && err == nil {
				err = io.EOF
			}

			return list, err
		}
	}
}
