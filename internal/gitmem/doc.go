// Package gitmem is one git repository in memory, served to the real client
// without a process and without a network: for tests that need a repository
// ten thousand times. [internal/gittest] is the real server, and what the two
// do is held against each other.
//
// It knows git's smart protocol, version 0, as far as the program speaks it,
// and what people do to a repository. It must not know the program.
package gitmem
