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
		entries[i] = onDisk{DirEntry: e, in: f, dir: dir}
		list[i] = &entries[i]
	}

	return list
}

// onDisk is one entry of a folder. What more there is to tell of it is looked
// up without leaving the folder.
type onDisk struct {
	fs.DirEntry

	in  *dirFS
	dir string
}

// Info looks at the entry itself, not at what a link leads to.
func (e *onDisk) Info() (fs.FileInfo, error) { return e.in.Lstat(path.Join(e.dir, e.Name())) }
