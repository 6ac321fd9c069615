package script

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Kind is the kind of a token.
type Kind int

// The kinds of tokens. A template gives one String, followed by the tokens of its code between "${" and "}".
const (
	EOF Kind = iota
	Name
	String
	Number
	Regexp
	Op
)

// Token is one token.
type Token struct {
	Kind Kind
	Text string // of a string its value as written, without quotes
	Line int
}

// Is says that the token is the name or operator text.
func (t Token) Is(text string) bool { return t.Text == text && (t.Kind == Op || t.Kind == Name) }

// At returns tokens[i], and EOF for an index outside.
func At(tokens []Token, i int) Token {
	if i < 0 || i >= len(tokens) {
		return Token{Kind: EOF}
	}
	return tokens[i]
}

// Matching returns the index of the bracket that closes the one at i, or the last index.
func Matching(tokens []Token, i int) int {
	depth := 0
	for j := i; j < len(tokens); j++ {
		switch t := tokens[j]; {
		case t.Kind != Op:
		case t.Text == "(" || t.Text == "[" || t.Text == "{" || t.Text == "${":
			depth++
		case t.Text == ")" || t.Text == "]" || t.Text == "}":
			depth--
		}
		if depth == 0 {
			return j
		}
	}
	return max(i, len(tokens)-1)
}

// Tokens splits src. Text that is not closed ends with the file: whoever ships it has other worries.
func Tokens(src string) []Token {
	l := &lexer{src: src, line: 1}
	for l.pos < len(l.src) {
		l.next()
	}
	return l.out
}

type lexer struct {
	src       string
	pos, line int
	out       []Token
	// templates holds the brace depth at which each open template's code ends.
	templates []int
	depth     int
}

var longOps = []string{"??=", "||=", "&&=", "===", "!==", "...", "=>", "??", "||", "&&", "?.", "==", "!=", "<=", ">=", "++", "--", "+=", "-="}

func (l *lexer) next() {
	c := l.src[l.pos]
	rest := l.src[l.pos:]
	switch {
	case c == '\n':
		l.line++
		l.pos++
	case c == ' ' || c == '\t' || c == '\r':
		l.pos++
	case strings.HasPrefix(rest, "//"):
		l.skip(index(rest, "\n", 0))
	case strings.HasPrefix(rest, "/*"):
		l.skip(index(rest, "*/", 2) + 2)
	case c == '"' || c == '\'':
		l.quoted(c)
	case c == '`':
		l.pos++
		l.template()
	case c == '/' && l.regexpHere():
		l.regexp()
	case nameByte(c):
		l.name()
	default:
		l.operator(rest)
	}
}

func index(s, sep string, from int) int {
	if i := strings.Index(s[min(from, len(s)):], sep); i >= 0 {
		return i + from
	}
	return len(s)
}

func (l *lexer) skip(n int) {
	n = min(n, len(l.src)-l.pos)
	l.line += strings.Count(l.src[l.pos:l.pos+n], "\n")
	l.pos += n
}

func (l *lexer) emit(kind Kind, text string, line int) {
	l.out = append(l.out, Token{Kind: kind, Text: text, Line: line})
}

func nameByte(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

func (l *lexer) name() {
	start := l.pos
	for l.pos < len(l.src) && nameByte(l.src[l.pos]) {
		l.pos++
	}
	text := l.src[start:l.pos]
	kind := Name
	if text[0] >= '0' && text[0] <= '9' {
		kind, text = Number, strings.ReplaceAll(text, "_", "")
	}
	l.emit(kind, text, l.line)
}

func (l *lexer) quoted(quote byte) {
	line, start := l.line, l.pos+1
	for l.pos++; l.pos < len(l.src) && l.src[l.pos] != quote && l.src[l.pos] != '\n'; l.pos++ {
		if l.src[l.pos] == '\\' {
			l.pos++
		}
	}
	end := min(l.pos, len(l.src))
	l.emit(String, l.src[start:end], line)
	if l.pos < len(l.src) && l.src[l.pos] == quote {
		l.pos++
	}
	l.pos = min(l.pos, len(l.src))
}

// template lexes up to the closing backquote or to code.
func (l *lexer) template() {
	line, start := l.line, l.pos
	for ; l.pos < len(l.src); l.pos++ {
		switch {
		case l.src[l.pos] == '\\':
			l.pos++
		case l.src[l.pos] == '\n':
			l.line++
		case l.src[l.pos] == '`':
			l.emit(String, l.src[start:l.pos], line)
			l.pos++
			return
		case strings.HasPrefix(l.src[l.pos:], "${"):
			l.emit(String, l.src[start:l.pos], line)
			l.emit(Op, "${", l.line)
			l.pos += 2
			l.templates = append(l.templates, l.depth)
			l.depth++
			return
		}
	}
	l.pos = min(l.pos, len(l.src))
}

func (l *lexer) operator(rest string) {
	for _, op := range longOps {
		if strings.HasPrefix(rest, op) {
			l.emit(Op, op, l.line)
			l.pos += len(op)
			return
		}
	}
	c := rest[0]
	l.emit(Op, string(rune(c)), l.line)
	l.pos++
	switch c {
	case '{':
		l.depth++
	case '}':
		l.depth--
		if n := len(l.templates); n > 0 && l.templates[n-1] == l.depth {
			l.templates = l.templates[:n-1]
			l.template()
		}
	}
}

// regexpHere says that a slash starts a regular expression and divides nothing.
func (l *lexer) regexpHere() bool {
	if len(l.out) == 0 {
		return true
	}
	switch p := l.out[len(l.out)-1]; p.Kind {
	case Op:
		return p.Text != ")" && p.Text != "]" && p.Text != "}"
	case Name:
		return slices.Contains([]string{"return", "typeof", "case", "in", "of", "delete", "void", "throw"}, p.Text)
	default:
		return false
	}
}

func (l *lexer) regexp() {
	start, class := l.pos, false
	for l.pos++; l.pos < len(l.src) && l.src[l.pos] != '\n'; l.pos++ {
		c := l.src[l.pos]
		if c == '/' && !class {
			l.pos++
			break
		}
		switch c {
		case '\\':
			l.pos++
		case '[':
			class = true
		case ']':
			class = false
		}
	}
	l.pos = min(l.pos, len(l.src))
	l.emit(Regexp, l.src[start:l.pos], l.line)
	for l.pos < len(l.src) && nameByte(l.src[l.pos]) {
		l.pos++
	}
}
