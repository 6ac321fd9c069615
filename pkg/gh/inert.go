package gh

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// zwsp, the zero-width space, is what Inert breaks words with.
//
// GitHub looks for mentions, references and closing keywords in the text that
// Markdown renders to, and again in the plain text of mail replies and of
// squash commits. An entity (&#64;name) and a backslash (\@name) are gone by
// then and ping all the same, an empty comment (@<!-- -->name) shows inside a
// code span and comes undone in a mail, and backticks end at the first one in
// the text. A zero-width space stays, inside code spans and outside, and no
// name, number or scheme matches across it; Dependabot and Renovate settled on
// it too. See github/markup#1168 and github/cmark-gfm#181.
const zwsp = '\u200b'

// maxHex is one less than the shortest abbreviated commit that GitHub links.
const maxHex = 6

// Inert makes text of strangers fit for Markdown of ours. What it says can be
// read as before, with inline code and emphasis, but it pings nobody (@name,
// @org/team, mail addresses), links to nothing (#1, GH-1, owner/repo#1, commit
// hashes, URLs, Markdown links and images), closes no issue, holds no HTML and
// no entity, so no hidden comment either, and opens no code fence, heading or
// task. Control, bidirectional and invisible characters are dropped, invalid
// UTF-8 becomes U+FFFD. Inert of its own result is the same.
//
// A code span that the caller puts around it needs three backticks: the text
// has at most two in a row.
func Inert(s string) string {
	runes := visible(s)

	var b strings.Builder

	b.Grow(len(s) + len(s)/8)

	hex := 0

	for i, r := range runes {
		if !isHex(r) {
			hex = 0
		} else if hex++; hex > maxHex {
			b.WriteRune(zwsp)

			hex = 1
		}

		if underlines(runes, i) {
			b.WriteRune(zwsp)
		}

		b.WriteRune(r)

		if breaksAfter(runes, i) {
			b.WriteRune(zwsp)
		}
	}

	return b.String()
}

// unseen are the characters that show nothing: control, zero-width, bidi and
// tag characters, fillers, and variants that can carry hidden text.
var unseen = []*unicode.RangeTable{
	unicode.Cc, unicode.Cf, unicode.Co, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector,
}

// visible are the runes of s that may be shown, with \n as the only line end.
func visible(s string) []rune {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	runes := make([]rune, 0, len(s))

	for _, r := range s {
		switch {
		case ' ' <= r && r <= '~', r == '\n', r == '\t':
		case r == '\ufe0e', r == '\ufe0f': // text or emoji
		case unicode.In(r, unseen...):
			continue
		}

		runes = append(runes, r)
	}

	return runes
}

// breaksAfter tells whether the rune at i must be parted from the next.
func breaksAfter(runes []rune, i int) bool {
	next := at(runes, i+1)

	switch runes[i] {
	case '@', '#', // mentions; references and headings
		'<', '&', '\\': // HTML and autolinks; entities; escapes, which would hide any of these
		return true
	case ':':
		return next == '/' // the scheme of any URL
	case '-':
		return unicode.IsDigit(next) && word(runes, i, "gh")
	case 'w', 'W':
		return next == '.' && word(runes, i, "ww") // www. is linked without a scheme
	case ']':
		return next == '(' || next == '[' || next == ':' // links, images, footnotes, definitions
	case '[':
		return strings.ContainsRune(" \txX", next) && at(runes, i+2) == ']' // tasks
	case '`', '~':
		// Three make a fence, which would swallow what comes after the text.
		// A break after every one from the second on leaves two at most.
		return next == runes[i] && i > 0 && runes[i-1] == runes[i]
	}

	return false
}

// underlines tells whether a line of - or = begins at i, which would make a
// heading of the line above, whoever wrote it.
func underlines(runes []rune, i int) bool {
	if runes[i] != '-' && runes[i] != '=' {
		return false
	}

	if next := at(runes, i+1); next != runes[i] && !blank(runes[i+1:]) {
		return false
	}

	for i--; i >= 0 && runes[i] != '\n'; i-- {
		if !strings.ContainsRune(" \t>", runes[i]) {
			return false
		}
	}

	return true
}

// blank tells whether nothing shows before the line ends.
func blank(runes []rune) bool {
	for _, r := range runes {
		if r != ' ' && r != '\t' {
			return r == '\n'
		}
	}

	return true
}

// at is the rune at i, or RuneError past the end.
func at(runes []rune, i int) rune {
	if i < len(runes) {
		return runes[i]
	}

	return utf8.RuneError
}

// word tells whether the letters before i are w, whatever their case.
func word(runes []rune, i int, w string) bool {
	return i >= len(w) && strings.EqualFold(string(runes[i-len(w):i]), w)
}

func isHex(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'f' || 'A' <= r && r <= 'F'
}
