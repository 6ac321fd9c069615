package repo

import (
	"io/fs"
	"sync"

	"github.com/go-git/go-git/v5/plumbing"
)

// Commit is one commit with its tree. It never changes and is safe for
// concurrent use.
type Commit struct {
	hash    plumbing.Hash
	header  header
	objects *objects
	fresh   []plumbing.Hash // what a server does not have before this is pushed

	once sync.Once
	fsys *commitFS
}

// Hash is the commit's name.
func (c *Commit) Hash() string { return c.hash.String() }

// Tree is the name of the commit's whole content: two commits with the same
// tree hold the same files.
func (c *Commit) Tree() string { return c.header.tree.String() }

// Entry is who made the commit, when, on top of what, and why.
func (c *Commit) Entry() LogEntry { return c.header.entry(c.hash) }

// FS is the commit's files. It implements fs.ReadFileFS, fs.ReadDirFS,
// fs.StatFS and fs.ReadLinkFS, and has a method
//
//	Hash(name string) (string, error)
//
// that gives the name of a file's content without reading it, so that a
// content seen before need not be read again.
//
// Symbolic links are listed with fs.ModeSymlink and are never followed: not
// at the end of a name (ReadLink says where it points) nor in the middle.
// Submodules have fs.ModeIrregular. Both answer Open with an error. Anything
// called .git is left out; no other file is. Listing and Stat read trees and
// sizes, never contents. The time of every file is the commit's.
func (c *Commit) FS() fs.FS { return c.fileSystem() }

func (c *Commit) fileSystem() *commitFS {
	c.once.Do(func() { c.fsys = &commitFS{commit: c, cache: newTreeCache(0)} })

	return c.fsys
}
