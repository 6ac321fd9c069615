// Command simulate lets the program look after 10, 100 and 1,000 repositories on
// loopback and writes what that costs into docs/scale.md: `make simulate`.
//
// It knows how to start the program as a process of its own, to read its log and
// its memory, and how to tell of both. It must not know the program's packages.
package main
