// Package cli is the command line: one file a command.
//
// It knows flags, the terminal, the rendering of results and the exit status.
// It must not know how anything is done: every command gathers its input,
// makes one call into pkg/bot or the room that answers it, and prints.
package cli
