// Command table prints the rows that the searches added to a file, and fails
// where one of them found a violation or none was made.
package main
