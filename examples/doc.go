// Package examples holds trees to try the program on, and the tests that keep them true.
//
// It knows files alone; it must not know any other package of this project, so that the trees are judged by what
// kustomize makes of them and not by what the program believes.
package examples
