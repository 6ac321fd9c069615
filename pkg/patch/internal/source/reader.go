package source

import (
	"strings"
	"unicode/utf8"
)

// reader reads the source of one scalar beside the value that it should spell. Each accepted byte of the value notes where it
// stands; the first difference ends the reading.
type reader struct {
	src  string
	pos  int
	want string
	at   []int // one offset for each byte of want that was read; at the end one more
}

// properties skips anchors, tags and what may stand between them and the value.
func (r *reader) properties() {
	for r.pos < len(r.src) && (r.src[r.pos] == '&' || r.src[r.pos] == '!') {
		r.pos += length(r.src[r.pos:], func(c byte) bool { return !space(c) })
		r.blank()
	}
}

// blank skips white space, line breaks and comments.
func (r *reader) blank() {
	for r.pos < len(r.src) {
		switch c := r.src[r.pos]; {
		case space(c):
			r.pos++
		case c == '#':
			r.pos += length(r.src[r.pos:], func(c byte) bool { return c != '\n' && c != '\r' })
		default:
			return
		}
	}
}

func (r *reader) take(c byte) bool {
	if r.pos < len(r.src) && r.src[r.pos] == c {
		r.pos++

		return true
	}

	return false
}

// left is what of the value was not read yet.
func (r *reader) left() string { return r.want[len(r.at):] }

// accept notes that the next bytes of the value stand at from; all of them share that offset when an escape spells them.
func (r *reader) accept(value string, from int) bool {
	if !strings.HasPrefix(r.left(), value) {
		return false
	}

	for range len(value) {
		r.at = append(r.at, from)
	}

	return true
}

// verbatim notes n bytes that spell themselves.
func (r *reader) verbatim(n int) bool {
	if !strings.HasPrefix(r.left(), r.src[r.pos:r.pos+n]) {
		return false
	}

	for i := range n {
		r.at = append(r.at, r.pos+i)
	}

	r.pos += n

	return true
}

// end tells whether the whole value was read, and notes where it ends.
func (r *reader) end() bool {
	if len(r.at) != len(r.want) {
		return false
	}

	r.at = append(r.at, r.pos)

	return true
}

// fold reads the white space around line breaks inside a flow scalar: one break is a space, n+1 are n breaks. Without a break ahead
// it reads nothing.
func (r *reader) fold() (folded, ok bool) {
	ahead := length(r.src[r.pos:], space)
	run := r.src[r.pos : r.pos+ahead]

	count := breaks(run)
	if count == 0 {
		return false, true
	}

	value := " "
	if count > 1 {
		value = strings.Repeat("\n", count-1)
	}

	ok = r.accept(value, r.pos)
	r.pos += ahead

	return true, ok
}

func (r *reader) rune() int {
	_, width := utf8.DecodeRuneInString(r.src[r.pos:])

	return width
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func breaks(s string) int {
	return strings.Count(s, "\n") + strings.Count(strings.ReplaceAll(s, "\r\n", ""), "\r")
}

func length(s string, in func(byte) bool) int {
	n := 0
	for n < len(s) && in(s[n]) {
		n++
	}

	return n
}
