package veil

import "strings"

// lower is a text with A to Z in lower case, byte by byte: every other byte
// stays where it is.
func lower(text string) string {
	if !strings.ContainsAny(text, upperCase) {
		return text
	}

	out := []byte(text)
	for i, c := range out {
		if 'A' <= c && c <= 'Z' {
			out[i] = c + ('a' - 'A')
		}
	}

	return string(out)
}

const upperCase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// unbroken takes line breaks out of a text, as they are and as JSON and Go
// write them (\n, or \\n within another text), with the blanks that indent what
// follows. at says where each byte of the rest was; nil: there are none.
func unbroken(text string) (whole string, at []int) {
	if !strings.Contains(strings.TrimRight(text, "\r\n"), "\n") && !strings.Contains(text, `\n`) && !strings.Contains(text, `\r`) {
		return text, nil
	}

	var b strings.Builder

	b.Grow(len(text))

	at = make([]int, 0, len(text))

	for i := 0; i < len(text); {
		if n := lineBreak(text[i:]); n > 0 {
			i += n

			continue
		}

		b.WriteByte(text[i])
		at = append(at, i)
		i++
	}

	return b.String(), at
}

// lineBreak is how long the line break is with which a text begins; 0: it does
// not begin with one.
func lineBreak(text string) int {
	n := 0

	switch text[0] {
	case '\n', '\r':
		n = 1
	case '\\':
		for n < len(text) && text[n] == '\\' {
			n++
		}

		if n == len(text) || text[n] != 'n' && text[n] != 'r' {
			return 0
		}

		n++
	default:
		return 0
	}

	for n < len(text) && (text[n] == ' ' || text[n] == '\t' || text[n] == '>') {
		n++
	}

	return n
}
