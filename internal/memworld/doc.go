// Package memworld is a world without a process and without a socket: one
// repository in memory, the GitHub and Slack stand-ins as handlers, and a list
// of releases, for tests that need ten thousand of them.
//
// It knows what releases and people do in such a world, and how the real
// program is put together in it. It must not know what a test looks for.
package memworld
