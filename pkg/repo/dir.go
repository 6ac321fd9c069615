package repo

import (
	"fmt"
	"io/fs"
	"os"

	"github.com/goingdark-social/bot/pkg/effect"
)

// Dir is a plain local folder: the same reading and writing as a commit, with
// no git at all. Nothing it does leaves the folder, whatever links say. It is
// safe for concurrent reading.
type Dir struct {
	root *os.Root
	seam effect.Seam
	fsys *dirFS
}

// OpenDir opens a folder. Every file that Write replaces passes seam; nil is
// effect.Direct.
func OpenDir(path string, seam effect.Seam) (*Dir, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("open folder: %w", err)
	}

	return &Dir{root: root, seam: effect.Or(seam), fsys: &dirFS{root: root, fast: opener{root: root}}}, nil
}

// Close lets go of the folder.
func (d *Dir) Close() error {
	d.fsys.fast.close()

	return d.root.Close()
}

// FS is the folder's files, with the manners of Commit.FS: symbolic links are
// listed and not followed, devices and pipes are listed and not opened,
// anything called .git is left out at every level, a folder that holds one is
// listed as a submodule, and no other file is left out. It
// has no Hash.
func (d *Dir) FS() fs.FS { return d.fsys }
