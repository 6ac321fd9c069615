// Package script splits JavaScript and TypeScript into tokens, enough to see which names are read; nothing is run.
//
// It knows comments, strings, templates with code in them, and regular expressions.
//
// It must not know what a program means.
package script
