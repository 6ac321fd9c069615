package source

import (
	"strings"
	"unicode/utf8"
)

// Span is a run of bytes of a file: [Start, End).
type Span struct{ Start, End int }

// Len is the number of bytes.
func (s Span) Len() int { return s.End - s.Start }

// Text is a run of characters and where each of them stands in the file.
type Text struct {
	s    string
	base int   // where s stands, when it stands there byte by byte
	at   []int // otherwise: where each byte of s stands, and where the one after the last would
}

// Whole is a file's text. A byte order mark is left out. Bytes that no YAML parser takes (invalid UTF-8, and the line separators of
// Unicode, which YAML 1.1 counts as lines and no editor does) are stood in for by question marks, byte for byte: the text is for
// finding places, and the file's own bytes are what gets edited.
func Whole(data []byte) Text {
	s := string(data)
	rest := strings.TrimPrefix(s, "\ufeff")

	return Text{s: plain(rest), base: len(s) - len(rest)}
}

func plain(s string) string {
	if utf8.ValidString(s) && !strings.ContainsAny(s, "\u0085\u2028\u2029") {
		return s
	}

	b := []byte(s)

	for i, r := range s {
		width := 0

		switch r {
		case '\u0085':
			width = 2
		case '\u2028', '\u2029':
			width = 3
		case utf8.RuneError:
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				width = 1
			}
		}

		for j := range width {
			b[i+j] = '?'
		}
	}

	return string(b)
}

// String is the characters.
func (t Text) String() string { return t.s }

// Offset is where the character at i stands in the file; i may be the length of the text.
func (t Text) Offset(i int) int {
	if t.at == nil {
		return t.base + i
	}

	return t.at[i]
}

// Span is where the characters from i to j stand in the file.
func (t Text) Span(i, j int) Span {
	if i == j {
		return Span{t.Offset(i), t.Offset(i)}
	}

	return Span{t.Offset(i), t.Offset(j)}
}

// Slice is the characters from i to j as a text of their own.
func (t Text) Slice(i, j int) Text {
	if t.at == nil {
		return Text{s: t.s[i:j], base: t.base + i}
	}

	return Text{s: t.s[i:j], at: t.at[i : j+1]}
}

// Index finds where in the text the byte at a file offset stands: the inverse of Offset.
func (t Text) Index(offset int) (int, bool) {
	if t.at == nil {
		i := offset - t.base

		return i, i >= 0 && i <= len(t.s)
	}

	for i, at := range t.at {
		if at == offset {
			return i, true
		}
	}

	return 0, false
}

// part maps a text that was decoded from t: at holds offsets in t.
func (t Text) part(s string, at []int) Text {
	if straight(s, at) {
		return t.Slice(at[0], at[0]+len(s))
	}

	through := make([]int, len(at))
	for i, o := range at {
		through[i] = t.Offset(o)
	}

	return Text{s: s, at: through}
}

func straight(s string, at []int) bool {
	for i := range len(s) + 1 {
		if at[i] != at[0]+i {
			return false
		}
	}

	return true
}
