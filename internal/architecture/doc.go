// Package architecture holds the tests that keep the rooms of the house apart.
//
// It knows which package may import which, and which libraries belong to one
// room alone. It has no code of its own: the rules are a table in its test,
// and docs/architecture.md is their explanation.
package architecture
