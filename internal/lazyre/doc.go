// Package lazyre is regular expressions that are compiled when they are first
// used: there are some hundred in this program, a run needs few of them, and
// compiling all at the start would be most of the time that `bot version` takes.
//
// It knows regexp and nothing else. A pattern that does not compile panics at
// its first use, so every one needs a test that uses it.
package lazyre
