// Command bench runs the program side by side with what a person would run
// instead, in one go, and writes docs/benchmarks.md: medians, and the ratio of
// medians, since machines differ and ratios less so. With -only it prints a few
// of the races.
//
// It knows how to make the inputs, start programs, measure them and see that they
// did what they were started for. It must not know the program's packages: it
// measures the binary that a person gets, and internal/bench/change where no
// command of that does the job alone.
package main
