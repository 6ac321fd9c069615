package patch

import (
	"cmp"
	"fmt"
	"strings"
)

// Problem is something in the tree that keeps a reference from being read or moved safely, or that a person should know.
type Problem struct {
	File        string
	Line        int    // 0 when it concerns the whole file
	Message     string // what is wrong and what to do, one sentence
	Application string // "" when it concerns all
	Fatal       bool   // a bump of the application fails
}

// String is the problem in a line: a name that has line breaks makes no others of it.
func (p Problem) String() string {
	file := strings.NewReplacer("\n", "\uFFFD", "\r", "\uFFFD", "\t", "\uFFFD").Replace(p.File)

	switch {
	case p.File == "":
		return p.Message
	case p.Line == 0:
		return file + ": " + p.Message
	default:
		return fmt.Sprintf("%s:%d: %s", file, p.Line, p.Message)
	}
}

func compareProblems(a, b Problem) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Message, b.Message))
}

// Error says why an application can't be moved. Nothing was changed.
type Error struct {
	Application string
	Problems    []Problem
}

func (e *Error) Error() string {
	lines := make([]string, 0, len(e.Problems))
	for _, p := range e.Problems {
		lines = append(lines, p.String())
	}

	if len(lines) == 1 {
		return lines[0]
	}

	return fmt.Sprintf("%d problems, nothing was changed:\n  %s", len(lines), strings.Join(lines, "\n  "))
}
