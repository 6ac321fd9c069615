package source

import (
	"strconv"
	"strings"
	"unicode/utf16"
)

// plain reads a scalar without quotes. Where it ends is told by the value alone: what follows may be a comment, a bracket, a line.
func (r *reader) plain() bool {
	for len(r.at) < len(r.want) {
		if r.pos >= len(r.src) {
			return false
		}

		if space(r.src[r.pos]) {
			if folded, ok := r.fold(); !ok {
				return false
			} else if folded {
				continue
			}
		}

		if !r.verbatim(r.rune()) {
			return false
		}
	}

	return r.end()
}

func (r *reader) single() bool {
	for r.pos < len(r.src) {
		switch c := r.src[r.pos]; {
		case strings.HasPrefix(r.src[r.pos:], "''"):
			if !r.accept("'", r.pos) {
				return false
			}

			r.pos += 2
		case c == '\'':
			return r.end()
		case !r.quoted(c):
			return false
		}
	}

	return false
}

func (r *reader) double() bool {
	for r.pos < len(r.src) {
		switch c := r.src[r.pos]; {
		case c == '"':
			return r.end()
		case c == '\\':
			if !r.escape() {
				return false
			}
		case !r.quoted(c):
			return false
		}
	}

	return false
}

// quoted reads one ordinary character or one fold inside quotes.
func (r *reader) quoted(c byte) bool {
	if space(c) {
		if folded, ok := r.fold(); folded || !ok {
			return ok
		}
	}

	return r.verbatim(r.rune())
}

var escapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b", ' ': " ",
	'"': `"`, '\'': "'", '\\': `\`, '/': "/", 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

func (r *reader) escape() bool {
	if r.pos+1 >= len(r.src) {
		return false
	}

	from, c := r.pos, r.src[r.pos+1]

	switch digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]; {
	case digits > 0:
		value, n, ok := hexadecimal(r.src[from:], digits)
		r.pos += n

		return ok && r.accept(value, from)
	case c == '\n' || c == '\r': // the line goes on; the break and the indentation are nothing
		r.pos += 2 + length(r.src[from+2:], space)

		return true
	default:
		r.pos += 2
		value, ok := escapes[c]

		return ok && r.accept(value, from)
	}
}

// hexadecimal reads \xNN, \uNNNN or \UNNNNNNNN, and the two halves of a pair as JSON writes them.
func hexadecimal(s string, digits int) (value string, n int, ok bool) {
	first, ok := codePoint(s, digits)
	n = 2 + digits

	if ok && utf16.IsSurrogate(first) && strings.HasPrefix(s[n:], `\u`) {
		if second, ok := codePoint(s[n:], 4); ok {
			return string(utf16.DecodeRune(first, second)), n + 6, true
		}
	}

	return string(first), n, ok
}

func codePoint(s string, digits int) (rune, bool) {
	if len(s) < 2+digits {
		return 0, false
	}

	code, err := strconv.ParseUint(s[2:2+digits], 16, 31)

	return rune(code), err == nil
}
