// Package drift finds where what is written, documented and assumed in a repository no longer agrees.
//
// It knows what each check looks for, one small file a check, and how a finding is told from a false alarm. What it judges are
// values: the tree as an engine would apply it ([Prepare] renders that in memory), the inventory of it, the facts of the release in
// use and the moment. A check that cannot be sure says info or nothing.
//
// It must not know how a finding is shown, where a tree comes from, the network, or how to change anything but the notes: [Fix]
// gives the bytes that would make them true, and writes none.
package drift

//go:generate go run ./internal/checkdoc ../../docs/checks.md
