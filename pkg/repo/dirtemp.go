package repo

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	tempPrefix = ".bot-"
	tempSuffix = ".tmp"
	// tempAge is when a temporary file is taken for a dead program's: a living
	// one renames its own within moments.
	tempAge = time.Minute
)

// mostFlushed bounds how many files are brought down to the disk at once: each
// waits for the disk alone, and together they wait once.
const mostFlushed = 32

// temporary writes content to a new file beside name, with the mode and owner
// of the file that it will replace. It lasts once it was flushed.
func (w *dirWriter) temporary(name string, content []byte, like fs.FileInfo) (temp string, f *os.File, err error) {
	temp = path.Join(path.Dir(name), tempPrefix+rand.Text()+tempSuffix)

	f, err = w.dir.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return "", nil, err
	}

	_, err = f.Write(content)
	if like != nil {
		err = errors.Join(err, keepOwner(f, like), f.Chmod(like.Mode().Perm()))
	}

	if err != nil {
		return "", nil, errors.Join(err, f.Close(), w.dir.root.Remove(temp))
	}

	return temp, f, nil
}

// flush brings a file down to the disk and closes it.
func flush(f *os.File) error { return errors.Join(f.Sync(), f.Close()) }

// makeFolders makes a folder and those above it, and remembers which.
func (w *dirWriter) makeFolders(dir string) error {
	if dir == "." {
		return nil
	}

	if err := w.makeFolders(path.Dir(dir)); err != nil {
		return err
	}

	err := w.dir.root.Mkdir(dir, 0o755)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}

	if err == nil {
		w.folders = append(w.folders, dir)
	}

	return err
}

// clean removes temporary files: this writer's own that were not used, and
// those that dead programs left in the folders it wrote to.
func (w *dirWriter) clean() {
	_ = w.flushing.Wait() // who wanted it to last has waited already

	for _, s := range w.staged {
		if s.temp != "" && !s.done {
			_ = w.dir.root.Remove(s.temp)
		}
	}

	for _, folder := range slices.Backward(w.folders) {
		_ = w.dir.root.Remove(folder) // one that came into use is not empty, and stays
	}

	for dir := range w.touched() {
		entries, err := w.fsys.ReadDir(dir)
		if err != nil {
			continue
		}

		for _, e := range entries {
			if strings.HasPrefix(e.Name(), tempPrefix) && strings.HasSuffix(e.Name(), tempSuffix) && stale(e) {
				_ = w.dir.root.Remove(path.Join(dir, e.Name()))
			}
		}
	}
}

func stale(e fs.DirEntry) bool {
	info, err := e.Info()

	return err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > tempAge
}

// touched is every folder with a staged change.
func (w *dirWriter) touched() map[string]bool {
	dirs := map[string]bool{}
	for _, s := range w.staged {
		dirs[path.Dir(s.change.Path)] = true
	}

	return dirs
}

// sync makes the replacements themselves last through a power cut.
func (w *dirWriter) sync() error {
	var folders errgroup.Group
	folders.SetLimit(mostFlushed)

	for dir := range w.touched() {
		folders.Go(func() error {
			f, err := w.dir.root.Open(dir)
			if err != nil {
				return err
			}

			return errors.Join(syncFolder(f), f.Close())
		})
	}

	return folders.Wait()
}
