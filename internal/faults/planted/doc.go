// Command planted proves that the searches for violations find some: it plants
// one bug after the other into the program, lets the search run that is there
// for such a bug, and fails for each that goes unnoticed.
//
// Nothing in the tree is changed: the go command is given the changed file in
// the place of the real one (-overlay).
//
//	go run ./internal/faults/planted            # all, some minutes
//	go run ./internal/faults/planted lease      # those whose name has that
package main
