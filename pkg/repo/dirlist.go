package repo

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// listed is the entries of a folder as they are handed out: sorted, without
// .git, and told about by the folder's own file system.
func (f *dirFS) listed(dir string, list []fs.DirEntry) []fs.DirEntry {
	list = slices.DeleteFunc(list, func(e fs.DirEntry) bool { return isGit(e.Name()) })
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })

	entries := make([]onDisk, len(list))
	for i, e := range list {
		entries[i] = onDisk{DirEntry: e, in: f, dir: dir, module: e.IsDir() && f.module(path.Join(dir, e.Name()))}
		list[i] = &entries[i]
	}

	return list
}

// onDisk is one entry of a folder. What more there is to tell of it is looked
// up without leaving the folder.
type onDisk struct {
	fs.DirEntry

	in     *dirFS
	dir    string
	module bool // a repository of its own, shown as a commit shows a submodule
}

// module tells a folder that git takes for another repository: it has a .git.
func (f *dirFS) module(dir string) bool {
	if here, ok := f.fast.holds(dir, ".git"); ok {
		return here
	}

	_, err := f.root.Lstat(path.Join(dir, ".git"))

	return err == nil
}

// IsDir tells a folder; a submodule is none.
func (e *onDisk) IsDir() bool { return !e.module && e.DirEntry.IsDir() }

// Type is the entry's; a submodule's is irregular.
func (e *onDisk) Type() fs.FileMode {
	if e.module {
		return fs.ModeIrregular
	}

	return e.DirEntry.Type()
}

// Info looks at the entry itself, not at what a link leads to.
func (e *onDisk) Info() (fs.FileInfo, error) { return e.in.Lstat(path.Join(e.dir, e.Name())) }
