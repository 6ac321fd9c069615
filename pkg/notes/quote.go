package notes

import (
	"fmt"
	"strings"
	"unicode"
)

// escape makes text plain in CommonMark: nothing in it is markup, and what would be a mention or a reference is broken by a
// character of no width.
func escape(text string) string {
	var b strings.Builder
	for _, r := range visible(text, false) {
		if strings.ContainsRune("\\`*_[]<>|~&", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		if r == '@' || r == '#' {
			b.WriteRune('\u200b')
		}
	}
	return strings.ReplaceAll(b.String(), "://", ":\u200b//")
}

// visible drops what hides or reorders text; line breaks become spaces unless they are wanted.
func visible(text string, breaks bool) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' && breaks:
			return r
		case r == '\n', r == '\t', r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			return -1
		}
		return r
	}, text)
}

// code is text as it stands, in a code span that holds in a table cell too.
func code(text string) string {
	text = strings.ReplaceAll(visible(text, false), "|", "¦")
	if text == "" {
		return "–"
	}
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}

func codes(texts []string) string {
	out := make([]string, 0, len(texts))
	for _, t := range texts {
		out = append(out, code(t))
	}
	return strings.Join(out, ", ")
}

// cell keeps text inside its cell of a table.
func cell(text string) string {
	return strings.NewReplacer("\\|", "\\|", "|", "\\|", "\n", " ").Replace(text)
}

func fileLine(file string, line int) string { return fmt.Sprintf("%s:%d", file, line) }
