// Command sbom writes down what a Go program is made of, as CycloneDX 1.6 in
// JSON: every module that is linked into it, by version and hash.
//
//	go run ./internal/sbom ./bot > bot.cdx.json
//
// The list is the one that the linker put into the program, so it can neither
// miss a module nor name one that is only in go.mod. The same program gives the
// same bytes.
//
// It knows what the go command writes into programs. It must not know this
// program.
package main
