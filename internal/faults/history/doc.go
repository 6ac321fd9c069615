// Package history lives random histories of a repository: releases, people,
// outages, races and deaths of the program in any order, and after each step
// what the design promises. What it finds is shrunk to the shortest history
// that shows it, and kept as a seed under testdata/rapid.
//
// All of it is tests.
package history
