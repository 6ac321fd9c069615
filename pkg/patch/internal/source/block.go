package source

import "strings"

// block reads a literal or folded scalar line by line. How deep it is indented is told by its first line that is not blank: what
// the value has of that line's leading spaces is content, the rest is indentation.
func (r *reader) block() bool {
	r.pos += length(r.src[r.pos:], inLine) // "|-", and a comment
	r.pos += lineBreak(r.src[r.pos:])

	indent := -1

	for len(r.at) < len(r.want) && r.pos < len(r.src) {
		spaces := length(r.src[r.pos:], isSpace)
		if indent < 0 && lineBreak(r.src[r.pos+spaces:]) == 0 {
			indent = spaces - length(r.left(), isSpace)
		}

		if indent >= 0 {
			spaces = min(spaces, indent)
		}

		r.pos += max(spaces, 0)

		if content := length(r.src[r.pos:], inLine); content > len(r.left()) || !r.verbatim(content) {
			return false
		}

		if !r.lineEnd() {
			return false
		}
	}

	return r.end()
}

// lineEnd reads a line break: a new line of the value, in a folded scalar a space, or nothing where blank lines were folded and
// where the end was chomped.
func (r *reader) lineEnd() bool {
	left := r.left()
	from := r.pos
	r.pos += lineBreak(r.src[r.pos:])

	if left == "" {
		r.pos = from

		return true
	}

	if left[0] == '\n' || left[0] == ' ' {
		return r.accept(left[:1], from)
	}

	return true
}

func isSpace(c byte) bool { return c == ' ' }

func inLine(c byte) bool { return c != '\n' && c != '\r' }

func lineBreak(s string) int {
	switch {
	case strings.HasPrefix(s, "\r\n"):
		return 2
	case strings.HasPrefix(s, "\n"), strings.HasPrefix(s, "\r"):
		return 1
	default:
		return 0
	}
}
