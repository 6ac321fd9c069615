// Package veil keeps what a process knows to be secret out of what it shows.
//
// A [Veil] is told every secret once, and learns the credentials of requests
// by itself. It hides them, in each spelling in which they travel, in texts,
// errors, what is written to a terminal or a log, and what a server answers.
//
// It is the last line: packages keep secrets out of what they say themselves.
// It holds when one does not, and when a server, a proxy or a driver repeats
// what it was sent.
//
// It knows spellings. It must not know what a secret is for.
package veil
