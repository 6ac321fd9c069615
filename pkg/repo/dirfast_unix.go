//go:build unix

package repo

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// maxFolders bounds how many folders are kept open.
const maxFolders = 256

// opener opens files relative to their folder, which it keeps open: one call
// for a file however deep it lies, where os.Root makes one for each part of
// its path. Nothing is followed: every part is opened with O_NOFOLLOW.
type opener struct {
	root *os.Root

	// mu is held for reading while a folder is used, so that none is closed
	// under it.
	mu      sync.RWMutex
	folders map[string]int
}

// file opens a regular file. Everything else is left to os.Root: handled is
// false, and so it is where the file cannot be opened, to have one place
// that words errors.
func (o *opener) file(name string) (file *rawFile, handled bool) {
	if o.root == nil { // a view for writing, which must not remember folders
		return nil, false
	}

	fd, ok := o.open(name, readOnly)
	if !ok {
		return nil, false
	}

	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil || stat.Mode&unix.S_IFMT != unix.S_IFREG {
		_ = unix.Close(fd)

		return nil, false
	}

	return &rawFile{fd: fd, name: name, stat: stat}, true
}

// list is the entries of a folder, in no order.
func (o *opener) list(dir string) (entries []fs.DirEntry, handled bool) {
	if o.root == nil {
		return nil, false
	}

	fd, ok := o.folder(dir)
	if !ok {
		return nil, false
	}

	// The name is for file systems that do not tell of what type an entry is.
	folder := os.NewFile(uintptr(fd), filepath.Join(o.root.Name(), dir))
	defer folder.Close()

	// Not os.Root's: that asks about each entry, which costs as much as opening it.
	entries, err := folder.ReadDir(-1)

	return entries, err == nil
}

// holds tells whether a folder has an entry of that name.
func (o *opener) holds(dir, name string) (here, handled bool) {
	if o.root == nil {
		return false, false
	}

	fd, ok := o.folder(dir)
	if !ok {
		return false, false
	}
	defer unix.Close(fd)

	var stat unix.Stat_t

	err := unix.Fstatat(fd, name, &stat, unix.AT_SYMLINK_NOFOLLOW)

	return err == nil, err == nil || errors.Is(err, fs.ErrNotExist)
}

// folder opens a folder for its caller alone: reading its entries moves it on.
func (o *opener) folder(dir string) (fd int, ok bool) {
	if dir == "." {
		return o.here()
	}

	return o.open(dir, folderOnly)
}

const (
	readOnly   = unix.O_RDONLY | unix.O_CLOEXEC | unix.O_NOFOLLOW | unix.O_NONBLOCK
	folderOnly = unix.O_RDONLY | unix.O_CLOEXEC | unix.O_NOFOLLOW | unix.O_DIRECTORY
)

// open opens what a folder holds, which is opened itself when it is not yet.
func (o *opener) open(name string, flags int) (fd int, ok bool) {
	for dir := path.Dir(name); ; {
		o.mu.RLock()

		if at, known := o.folders[dir]; known {
			fd, err := unix.Openat(at, path.Base(name), flags, 0)
			o.mu.RUnlock()

			return fd, err == nil
		}

		o.mu.RUnlock()

		if !o.enter(dir) {
			return 0, false
		}
	}
}

// enter opens a folder by way of the one above it.
func (o *opener) enter(dir string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()

	if o.folders == nil || len(o.folders) >= maxFolders {
		o.forget()
	}

	return o.enterLocked(dir)
}

func (o *opener) enterLocked(dir string) bool {
	if _, known := o.folders[dir]; known {
		return true
	}

	if dir == "." {
		fd, ok := o.here()
		if ok {
			o.folders["."] = fd
		}

		return ok
	}

	if !o.enterLocked(path.Dir(dir)) {
		return false
	}

	fd, err := unix.Openat(o.folders[path.Dir(dir)], path.Base(dir), folderOnly, 0)
	if err != nil {
		return false
	}

	o.folders[dir] = fd

	return true
}

// here opens the root itself once more.
func (o *opener) here() (fd int, ok bool) {
	root, err := o.root.Open(".")
	if err != nil {
		return 0, false
	}
	defer root.Close()

	fd, err = unix.FcntlInt(root.Fd(), unix.F_DUPFD_CLOEXEC, 0)

	return fd, err == nil
}

// forget closes every folder.
func (o *opener) forget() {
	for _, fd := range o.folders {
		_ = unix.Close(fd)
	}

	o.folders = map[string]int{}
}

// close lets go of the folders.
func (o *opener) close() {
	o.mu.Lock()
	defer o.mu.Unlock()

	o.forget()
}

// rawFile is an open regular file, read without the runtime's poller, which
// regular files do not need.
type rawFile struct {
	fd   int
	name string
	stat unix.Stat_t
}

func (f *rawFile) Stat() (fs.FileInfo, error) { return rawInfo{f}, nil }

func (f *rawFile) Read(p []byte) (int, error) {
	for {
		n, err := unix.Read(f.fd, p)

		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return 0, pathError("read", f.name, err)
		case n == 0 && len(p) > 0:
			return 0, io.EOF
		}

		return n, nil
	}
}

// readInto reads the file in one go, into buf where it fits; nothing of one above limit.
func (f *rawFile) readInto(buf []byte, limit int) (data []byte, size int64, err error) {
	size = f.stat.Size
	if size > int64(limit) {
		return nil, size, nil
	}

	if buf = buf[:0]; int64(cap(buf)) < size {
		buf = make([]byte, 0, size)
	}

	for int64(len(buf)) < size {
		n, err := f.Read(buf[len(buf):size])
		buf = buf[:len(buf)+n]

		switch {
		case errors.Is(err, io.EOF): // it shrank meanwhile
			return buf, int64(len(buf)), nil
		case err != nil:
			return nil, 0, err
		}
	}

	return buf, size, nil
}

func (f *rawFile) Close() error {
	if f.fd < 0 {
		return fs.ErrClosed
	}

	fd := f.fd
	f.fd = -1

	return unix.Close(fd)
}

type rawInfo struct{ f *rawFile }

func (i rawInfo) Name() string       { return path.Base(i.f.name) }
func (i rawInfo) Size() int64        { return i.f.stat.Size }
func (i rawInfo) Mode() fs.FileMode  { return fs.FileMode(i.f.stat.Mode & 0o777) }
func (i rawInfo) ModTime() time.Time { return time.Unix(i.f.stat.Mtim.Unix()) }
func (i rawInfo) IsDir() bool        { return false }
func (i rawInfo) Sys() any           { return nil }
