// Package demo plays the main job in a small world on loopback and shows what
// came of it.
//
// It knows the play: which releases appear and when. The program itself is
// handed in and is the one that a person runs; the demo must not know how it
// does anything, and takes no shortcut past it.
package demo
