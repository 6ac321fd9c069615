// Package patch finds every place in a tree that names an image of Mastodon, says which application each place belongs to, and moves
// an application to another release by changing the bytes of the version and no others.
//
// [Scan] reads a tree and gives a [Tree]: the references, the applications they make, and the problems, each with file and line.
// [Tree.Plan] gives the files as they would be after moving one application; it is all or nothing, and it writes nothing.
//
// YAML is parsed to locate a value and is never written back: an edit is a span of bytes in the file as it was read. What stands at
// a span must decode to the value that the parser saw there, and the edited file must parse to the same documents except at the
// edited values; what can't be proven so is a [Problem], never a guess.
//
// The package knows manifests, kustomizations, Markdown and the other forms, one file each (form_*.go), behind one seam. It must not
// know the network, git, GitHub, registries, policy beyond its [Options], or the disk: a tree is an [io/fs.FS].
package patch
