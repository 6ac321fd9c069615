// Command bench runs the program side by side with what a person would run
// instead, in one go, and writes docs/benchmarks.md: medians, and the ratio of
// medians, since machines differ and ratios less so.
//
// It knows how to make the inputs, start programs and measure them. It must not
// know the program's packages: it measures the binary that a person gets.
package main
