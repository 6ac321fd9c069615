package config

import (
	"fmt"
	"slices"
	"strings"
)

// Error is one mistake in a file.
type Error struct {
	// File is the name that was given to the parser.
	File string
	// Line and Column count from 1, columns in Unicode code points; 0: the file as a whole.
	Line, Column int
	// Path of the key or value: applications[0].minimumAge.patch. Empty: the document.
	Path string
	// Message says what is wrong.
	Message string
	// Hint says what to do; may be empty.
	Hint string
}

// Error renders the mistake in one line, as editors and terminals link it.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
		if e.Column > 0 {
			fmt.Fprintf(&b, ":%d", e.Column)
		}
	}
	b.WriteString(": ")
	if e.Path != "" {
		b.WriteString(e.Path + ": ")
	}
	b.WriteString(e.Message)
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

// Errors are all the mistakes of one file, in the order of the file. errors.AsType finds a single [*Error] in it.
type Errors []*Error

// Error has a line a mistake.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, err := range e {
		lines[i] = err.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lists the mistakes.
func (e Errors) Unwrap() []error {
	errs := make([]error, len(e))
	for i, err := range e {
		errs[i] = err
	}
	return errs
}

func (e Errors) sort() {
	slices.SortStableFunc(e, func(a, b *Error) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
}
