package ruby

import (
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// heredoc is an announced here-document; at is the index of its token.
type heredoc struct {
	word    string
	raw     bool
	indents bool
	at      int
}

var heredocStart = lazyre.New("^<<([~-]?)(?:([A-Za-z_][A-Za-z0-9_]*)|'([A-Za-z_][A-Za-z0-9_]*)'|\"([A-Za-z_][A-Za-z0-9_]*)\")")

// heredocHere lexes the announcement of a here-document, and says whether it was one.
func (l *lexer) heredocHere() bool {
	m := heredocStart.FindStringSubmatch(l.src[l.pos:min(len(l.src), l.pos+80)])
	if m == nil || !l.argumentHere() {
		return false
	}
	if m[1] == "" && (m[2] == "" || m[2] != strings.ToUpper(m[2])) { // class << self, list <<item
		return false
	}
	l.pos += len(m[0])
	l.emit(Token{Kind: String})
	l.heredocs = append(l.heredocs, heredoc{
		word: m[2] + m[3] + m[4], raw: m[3] != "", indents: m[1] != "", at: len(l.out) - 1,
	})
	return true
}

// body lexes the text of a here-document into the token that announced it.
func (l *lexer) body(h heredoc) error {
	parts, err := l.pieces(h.raw, false, func(depth int) (int, bool) {
		return depth, l.lineStart() && l.endsHere(h)
	})
	if err != nil {
		return &Error{Line: l.out[h.at].Line, Message: "here-document " + h.word + " without its end"}
	}
	t := join(String, parts)
	l.out[h.at].Text, l.out[h.at].Parts = t.Text, t.Parts
	l.pos += lineLength(l.rest())
	if l.pos < len(l.src) {
		l.pos++
		l.line++
	}
	return nil
}

func (l *lexer) endsHere(h heredoc) bool {
	line := strings.TrimRight(l.rest()[:lineLength(l.rest())], "\r")
	if h.indents {
		line = strings.TrimLeft(line, " \t")
	}
	return line == h.word
}
