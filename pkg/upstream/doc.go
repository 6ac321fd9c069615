// Package upstream reads the facts of a release from Mastodon's source: a git repository at hand or far away, a
// tarball, or a folder.
//
// It knows how to get at one tree for little (a bare repository is read in place, a remote one through a shallow fetch
// without file contents followed by one fetch of the files that are read), which files those are, and which reader
// takes which; advisories and updates, which the source does not know, come from upstream's two APIs.
//
// It must not know the user's repository, nor what a fact means for anybody: package facts holds values, package notes
// judges them. It runs no Ruby, and no program.
package upstream
