// Package deploy holds what carries the program to where it runs: a kustomize
// base with overlays, and the tests of these, of the Dockerfile and of the
// GitHub Action.
//
// It knows how the program is started and what it may and may not do there.
// It must not know what the program does, and has no code of its own.
package deploy
