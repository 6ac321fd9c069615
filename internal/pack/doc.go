// Package pack looks through what a git server sends before it is unpacked: a
// pack of a megabyte can come to gigabytes.
//
// It knows git's pack format, through go-git's scanner. It must not know what
// the objects are for, nor where they are kept.
package pack
