package upstream

import (
	"context"
	"fmt"
	"time"
)

// Source is where releases can be read.
type Source interface {
	// String names the source, without secrets.
	String() string
	// Resolve finds the commit of a version: a release ("v4.5.0", "4.5.0"), a commit's full hash, or "" for whatever
	// the source has checked out. It answers *NotFoundError when the source has no such version.
	Resolve(ctx context.Context, version string) (Revision, error)
	// Load reads the files of a revision that are wanted.
	Load(ctx context.Context, r Revision, w Wanted) (*Tree, error)
}

// Wanted says which files of a tree are read. Paths are slash-separated, from the tree's root.
type Wanted struct {
	// File: the file is wanted.
	File func(path string) bool
	// Folder: the folder, or one below it, may hold wanted files.
	Folder func(path string) bool
}

// Revision is one commit of a source.
type Revision struct {
	// Version is the release as asked for, canonical; empty when a commit was asked for.
	Version string
	// Commit is the full hash, empty when the source does not know it.
	Commit string
}

// Tree is what was loaded of one revision.
type Tree struct {
	// Commit and Date as in facts.Facts.
	Commit string
	Date   time.Time
	// Files by path: the wanted ones that are there.
	Files map[string]File
	// Transferred counts the bytes that came over the network or out of a tarball; 0 for what was read in place.
	Transferred int64

	size int // of all files' texts, in bytes
}

// File is one file of a tree.
type File struct {
	Text string
	// Blob is git's hash of the content, 40 hex digits.
	Blob string
}

// NotFoundError says that a source does not have a version.
type NotFoundError struct {
	Source, Version string
}

func (e *NotFoundError) Error() string {
	if e.Version == "" {
		return e.Source + " has no commit"
	}
	return fmt.Sprintf("%s has no %s: name a tag such as v4.5.0 or a full commit hash", e.Source, e.Version)
}
