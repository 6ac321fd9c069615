// Package layout knows where a GitOps engine applies things in a repository and what each of these places reaches.
//
// A place is a [Root]: a topmost kustomization, a folder that an Argo CD Application, an ApplicationSet or a Flux Kustomization in
// the tree names, or a chart. What a root reaches is every file that rendering it reads inside the repository, wherever it lies.
//
// It must not know images, versions, Mastodon, the network or git: a tree is an [io/fs.FS] and a list of its files. Nothing is
// rendered here; a remote base is noted and not fetched, and no path leads out of the tree.
package layout
