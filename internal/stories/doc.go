// Package stories tells what happens to a repository over time, as scripts
// that a person can read, and runs them against the whole program.
//
// Each testdata/*.txtar is one story: a tree, what appears in the registry,
// what people do, and what the program makes of it. It knows the words of such
// a script (see commands_test.go) and nothing of how anything is done; there is
// no code here but tests.
package stories
