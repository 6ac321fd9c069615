package gh

import (
	"iter"
	"strings"
)

// fence is an open code fence of CommonMark; its zero value is none.
type fence struct {
	char byte
	size int
}

// next is the state after line: a fence opens, closes or stays as it is.
func (f fence) next(line string) fence {
	trimmed := strings.TrimLeft(line, " ")
	if len(line)-len(trimmed) > 3 || trimmed == "" || trimmed[0] != '`' && trimmed[0] != '~' {
		return f
	}

	char := trimmed[0]
	rest := strings.TrimLeft(trimmed, string(char))
	size := len(trimmed) - len(rest)

	switch {
	case f.size == 0 && size >= 3 && (char == '~' || !strings.Contains(rest, "`")):
		return fence{char, size}
	case f.size > 0 && char == f.char && size >= f.size && strings.TrimSpace(rest) == "":
		return fence{}
	}

	return f
}

// String is the line that closes the fence; empty if none is open.
func (f fence) String() string { return strings.Repeat(string(f.char), f.size) }

// unfenced are the lines of body outside code fences.
func unfenced(body string) iter.Seq[string] {
	return func(yield func(string) bool) {
		var open fence

		for line := range strings.SplitSeq(body, "\n") {
			before := open
			open = open.next(strings.TrimRight(line, "\r"))

			if before.size == 0 && open.size == 0 && !yield(line) {
				return
			}
		}
	}
}
