// Package upstream reads the facts of a release from Mastodon's source: a git repository at hand or far away, a
// tarball, or a folder.
//
// It knows how to get at one tree for little (a bare repository is read in place, a remote one through a shallow fetch
// without file contents followed by one fetch of the files that are read), which files those are, and which reader
// takes which; advisories and updates, which the source does not know, come from upstream's two APIs.
//
// What one release (v4.5.0, 10,000 files) costs, measured on two cores: a bare repository some 0.5 s and nothing over the
// network; a git server that filters, as GitHub does, 1.9 MB and 1.3 s in four requests; one that does not, the whole
// commit, 27 MB; a tarball 24 to 27 MB, streamed. Facts that ship inside the program cost about 15 ms, cached ones less.
//
// It must not know the user's repository, nor what a fact means for anybody: package facts holds values, package notes
// judges them. It runs no Ruby, and no program.
package upstream
