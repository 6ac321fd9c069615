// Package example reads what is outside a tree from the examples of the checks, where it is written as a person would.
//
// It knows the files bad-outside.yaml, good-outside.yaml and both-outside.yaml of a txtar archive. It must not know any check.
package example
