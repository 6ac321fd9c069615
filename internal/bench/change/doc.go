// Command change is the git half of a pass, in a process of its own: it brings a
// branch, replaces a text in some of its files, makes a commit of them without a
// work tree and pushes it as a branch that must not exist yet.
//
// It knows pkg/repo and nothing of what the texts mean. It exists to be measured
// beside git.
package main
