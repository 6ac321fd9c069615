// Package repo shows a commit of a remote git repository as an fs.FS, and turns edits of it into a commit that is pushed.
//
// There is never a work tree. Fetch brings one branch at depth 1 into memory,
// or into a bare mirror on disk that later runs reuse; Commit writes the
// changed blobs, the trees above them and a commit; Push moves a branch to it
// only while the branch is still what the caller last saw (its lease), so that
// what a person pushed meanwhile is kept. UpdateState does the same with a
// small document on a reference of its own. A plain local folder (Dir) is read
// and written through the same types.
//
// It speaks git's protocol through go-git's plumbing and not through go-git's
// Repository and Remote. Those compute what to push by walking history, which
// a shallow clone does not have ("object not found" on every push that is not
// a fast-forward), and check a lease against a remote-tracking reference that
// has to be planted first. The protocol itself needs neither: a push is "move
// this reference from OLD to NEW" plus the objects that are new, the server
// compares OLD under its own lock, and we know our new objects by heart.
//
// It knows git. It must not know YAML, Mastodon or GitHub, nor why anything is
// changed.
package repo
