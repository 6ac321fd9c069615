// Package special is what an upgrade of Mastodon takes that no file of a release says in a form that a program can read: data,
// a line of releases each, with the places that prove it.
//
// It knows entries (what to do, whom it concerns, where it is from) and since which release streaming's own code is what it is.
// A release without an entry is not special: then the facts speak alone.
//
// It must not know how an entry is judged against a repository, or rendered (package notes does both).
package special
