// Package gfm reads what GitHub's Markdown has beyond CommonMark and this
// program needs: tables, and the boxes of task lists.
//
// The parser's own extensions do that too, but their package compiles the
// patterns of all of them when a program starts, which costs more than all of
// this program's own packages together. It must not know what is read in a
// document or how a page looks.
package gfm
