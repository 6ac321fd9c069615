// Package ruby splits Ruby text into tokens and literal values, enough to read declarations; nothing is run.
//
// It knows Ruby's lexical grammar as far as upstream writes it: strings with interpolation, here-documents, percent
// literals, symbols, labels, regular expressions, comments.
//
// It must not know what a program means: callers look for the calls that they know.
package ruby
