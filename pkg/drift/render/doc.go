// Package render tells what a GitOps engine would apply: it builds a kustomization in memory, and where that needs what it may not
// have it takes the files as they stand and says why.
//
// It knows kustomize, and nothing of what the objects mean. It must not touch the network, run programs or read outside the tree:
// remote bases and charts are refused before kustomize sees them, plugins are disabled.
package render
