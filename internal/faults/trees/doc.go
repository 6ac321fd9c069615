// Package trees gives the program repositories that were made to harm whoever
// reads them: through links, names, sizes, nesting, and what kustomizations
// point to. Each goes through the whole program in a process of its own, whose
// peak memory and time are measured and bounded. No connection is made, nothing
// outside of the tree is read or written, no other program is started.
//
// All of it is tests.
package trees
