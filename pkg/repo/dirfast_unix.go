//go:build unix

package repo

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
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
func (o *opener) file(name string) (file fs.File, handled bool) {
	if o.root == nil { // a view for writing, which must not remember folders
		return nil, false
	}

	fd, ok := o.open(path.Dir(name), path.Base(name))
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

// readInto reads a regular file in one go, into buf where it fits.
func (o *opener) readInto(name string, buf []byte, limit int) (data []byte, handled bool, err error) {
	file, ok := o.file(name)
	if !ok {
		return nil, false, nil
	}
	defer file.Close()

	raw, _ := file.(*rawFile)
	size := min(int(raw.stat.Size), limit)

	// One byte more than there should be, so that the end is seen at once.
	if buf = buf[:0]; cap(buf) <= size {
		buf = make([]byte, 0, size+1)
	}

	for len(buf) < limit {
		if len(buf) == cap(buf) { // it grew meanwhile
			buf = append(buf, 0)[:len(buf)]
		}

		n, err := raw.Read(buf[len(buf):min(cap(buf), limit)])
		buf = buf[:len(buf)+n]

		if errors.Is(err, io.EOF) {
			break
		}

		if err != nil {
			return nil, true, err
		}
	}

	return buf, true, nil
}

const readOnly = unix.O_RDONLY | unix.O_CLOEXEC | unix.O_NOFOLLOW | unix.O_NONBLOCK

func (o *opener) open(dir, base string) (fd int, ok bool) {
	for {
		o.mu.RLock()

		if at, known := o.folders[dir]; known {
			fd, err := unix.Openat(at, base, readOnly, 0)
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
		root, err := o.root.Open(".")
		if err != nil {
			return false
		}
		defer root.Close()

		fd, err := unix.FcntlInt(root.Fd(), unix.F_DUPFD_CLOEXEC, 0)
		if err == nil {
			o.folders["."] = fd
		}

		return err == nil
	}

	if !o.enterLocked(path.Dir(dir)) {
		return false
	}

	fd, err := unix.Openat(o.folders[path.Dir(dir)], path.Base(dir), readOnly|unix.O_DIRECTORY, 0)
	if err != nil {
		return false
	}

	o.folders[dir] = fd

	return true
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
