package repo

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"sync"
	"time"
)

// fileInfo is a file of a commit, as fs.DirEntry and as fs.FileInfo. The size
// is looked up by Info and Stat alone, so that listing costs nothing.
type fileInfo struct {
	fsys *commitFS
	path string
	e    entry
	size int64
}

func (f *commitFS) info(name string, e entry) *fileInfo { return &fileInfo{fsys: f, path: name, e: e} }

func (i *fileInfo) Name() string               { return path.Base(i.path) }
func (i *fileInfo) Size() int64                { return i.size }
func (i *fileInfo) ModTime() time.Time         { return i.fsys.commit.header.committer.When }
func (i *fileInfo) IsDir() bool                { return i.e.isDir() }
func (i *fileInfo) Sys() any                   { return nil }
func (i *fileInfo) Type() fs.FileMode          { return i.Mode().Type() }
func (i *fileInfo) String() string             { return fs.FormatFileInfo(i) }
func (i *fileInfo) Info() (fs.FileInfo, error) { c := *i; return &c, c.measure() }

func (i *fileInfo) Mode() fs.FileMode {
	switch {
	case i.e.isDir():
		return fs.ModeDir | 0o755
	case i.e.mode == modeSymlink:
		return fs.ModeSymlink | 0o777
	case i.e.mode == modeSubmodule:
		return fs.ModeIrregular
	case i.e.executable():
		return 0o755
	}

	return 0o644
}

// measure looks the size up. A file that was left out for its size has at
// least the limit's.
func (i *fileInfo) measure() error {
	if i.e.isDir() || i.e.mode == modeSubmodule {
		return nil
	}

	var err error

	i.size, err = i.fsys.commit.objects.size(i.e.hash)

	if large, ok := errors.AsType[*LargeFileError](i.fsys.absent(i.path, err)); ok {
		i.size, err = large.Limit, nil
	}

	return err
}

// openFile reads its content when it is first asked for it.
type openFile struct {
	info *fileInfo
	load func() ([]byte, error)

	once   sync.Once
	reader *bytes.Reader
	err    error
	closed bool
}

func (f *openFile) content() (*bytes.Reader, error) {
	if f.closed {
		return nil, pathError("read", f.info.path, fs.ErrClosed)
	}

	f.once.Do(func() {
		var data []byte

		data, f.err = f.load()
		f.reader = bytes.NewReader(data)
	})

	return f.reader, f.err
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.info.Info() }

func (f *openFile) Read(p []byte) (int, error) {
	r, err := f.content()
	if err != nil {
		return 0, err
	}

	return r.Read(p)
}

func (f *openFile) Seek(offset int64, whence int) (int64, error) {
	r, err := f.content()
	if err != nil {
		return 0, err
	}

	return r.Seek(offset, whence)
}

func (f *openFile) ReadAt(p []byte, offset int64) (int, error) {
	r, err := f.content()
	if err != nil {
		return 0, err
	}

	return r.ReadAt(p, offset)
}

func (f *openFile) Close() error {
	f.closed = true

	return nil
}

// openDir hands out a folder's entries.
type openDir struct {
	info *fileInfo
	list []fs.DirEntry
}

func (d *openDir) Stat() (fs.FileInfo, error) { return d.info.Info() }
func (d *openDir) Close() error               { return nil }

func (d *openDir) Read([]byte) (int, error) {
	return 0, pathError("read", d.info.path, errors.New("is a folder"))
}

func (d *openDir) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 || n > len(d.list) {
		if n > 0 && len(d.list) == 0 {
			return nil, io.EOF
		}

		n = len(d.list)
	}

	part := d.list[:n]
	d.list = d.list[n:]

	return part, nil
}
