// Package faults counts what the search for violations of the design's
// promises came to, and how much of it a run does.
//
// `make test` runs a sample of each search; `make faults` (build tag faults)
// runs it in full and prints a table of all of them.
//
// It knows counts. It must not know what is searched, nor how.
package faults
