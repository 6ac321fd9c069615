// Command embed remakes what the program ships of upstream's releases: the packed facts, their index, and the table in
// docs/facts.md. It reads a repository that is at hand; names, numbers and ids go in, no sentence of upstream's.
//
//	go run ./pkg/upstream/internal/embed -upstream PATH
package main
