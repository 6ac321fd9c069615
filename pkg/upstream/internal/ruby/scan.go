package ruby

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// token lexes one token that is neither white space nor comment.
func (l *lexer) token() error {
	c := l.src[l.pos]
	switch {
	case nameStart(c):
		l.name()
		return nil
	case digit(c):
		l.number()
		return nil
	case c == '"' || c == '`':
		return l.quoted(c)
	case c == '\'':
		return l.quoted(c)
	case c == '@' || c == '$':
		return l.variable()
	case c == ':':
		return l.colon()
	case c == '%' && l.percent():
		return l.percentLiteral()
	case c == '/' && l.regexpHere():
		return l.delimited(Regexp, '/', 1)
	case c == '?' && l.character():
		return nil
	case c == '<' && l.heredocHere():
		return nil
	}
	l.operator()
	return nil
}

func nameStart(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

func nameByte(c byte) bool { return nameStart(c) || digit(c) }

func digit(c byte) bool { return c >= '0' && c <= '9' }

func (l *lexer) name() {
	end := l.pos
	for end < len(l.src) && nameByte(l.src[end]) {
		end++
	}
	text := l.src[l.pos:end]
	next := func(n int) byte {
		if end+n < len(l.src) {
			return l.src[end+n]
		}
		return 0
	}
	if (next(0) == '?' || next(0) == '!') && next(1) != '=' && (next(1) != ':' || next(2) == ':') {
		text += string(next(0))
		end++
	}
	kind := Ident
	if text[0] >= 'A' && text[0] <= 'Z' {
		kind = Const
	}
	// A label is name: with no second colon; behind ? of a ternary a space would stand before the colon.
	if next(0) == ':' && next(1) != ':' && !l.afterDot() {
		kind = Label
		end++
	}
	l.pos = end
	l.emit(Token{Kind: kind, Text: text})
}

func (l *lexer) afterDot() bool {
	p := l.previous()
	return p.Kind == Op && (p.Text == "." || p.Text == "&.")
}

func (l *lexer) number() {
	start := l.pos
	for l.pos < len(l.src) && (nameByte(l.src[l.pos]) || l.src[l.pos] == '.' && digit(l.peek(1))) {
		l.pos++
	}
	l.emit(Token{Kind: Number, Text: strings.ReplaceAll(l.src[start:l.pos], "_", "")})
}

func (l *lexer) variable() error {
	start := l.pos
	l.pos++
	if l.peek(0) == '@' {
		l.pos++
	}
	if l.pos < len(l.src) && !nameByte(l.src[l.pos]) { // $!, $~ and their like
		_, n := utf8.DecodeRuneInString(l.rest())
		l.pos += n
	}
	for l.pos < len(l.src) && nameByte(l.src[l.pos]) {
		l.pos++
	}
	l.emit(Token{Kind: Variable, Text: l.src[start:l.pos]})
	return nil
}

// colon lexes :symbol, :"symbol" or an operator.
func (l *lexer) colon() error {
	switch next := l.peek(1); {
	case next == ':':
		l.operator()
		return nil
	case next == '"' || next == '\'':
		l.pos++
		return l.delimited(Symbol, next, 1)
	case nameStart(next):
		end := l.pos + 1
		for end < len(l.src) && nameByte(l.src[end]) {
			end++
		}
		if end < len(l.src) && strings.IndexByte("?!=", l.src[end]) >= 0 &&
			(end+1 >= len(l.src) || strings.IndexByte("=~>", l.src[end+1]) < 0) {
			end++
		}
		text := l.src[l.pos+1 : end]
		l.pos = end
		l.emit(Token{Kind: Symbol, Text: text})
		return nil
	}
	for _, op := range symbolOps {
		if strings.HasPrefix(l.src[l.pos+1:], op) && (l.spaced || !l.afterValue()) {
			l.pos += 1 + len(op)
			l.emit(Token{Kind: Symbol, Text: op})
			return nil
		}
	}
	l.operator()
	return nil
}

var (
	symbolOps = []string{"[]=", "[]", "<=>", "===", "==", "=~", "<<", ">>", "<=", ">=", "+", "-", "*", "/", "<", ">", "|", "&", "!"}
	operators = []string{
		"**=", "<=>", "===", "...", "<<=", ">>=", "&&=", "||=", "&.", "**", "==", "!=", ">=", "<=", "&&", "||", "=~", "!~",
		"..", "::", "<<", ">>", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "=>", "->",
	}
	// valueKeywords end an expression; every other keyword wants one after it.
	valueKeywords = []string{"end", "self", "true", "false", "nil", "__FILE__", "__dir__", "__method__"}
	openKeywords  = []string{
		"if", "unless", "while", "until", "elsif", "else", "when", "in", "case", "and", "or", "not", "return", "do", "then",
		"puts", "yield", "begin", "rescue", "ensure", "abort", "raise", "next", "break",
	}
)

func (l *lexer) operator() {
	for _, op := range operators {
		if strings.HasPrefix(l.rest(), op) {
			l.pos += len(op)
			l.emit(Token{Kind: Op, Text: op})
			return
		}
	}
	_, n := utf8.DecodeRuneInString(l.rest())
	text := l.src[l.pos : l.pos+n]
	l.pos += n
	l.emit(Token{Kind: Op, Text: text})
}

func (l *lexer) previous() Token {
	if len(l.out) == 0 {
		return Token{Kind: Newline}
	}
	return l.out[len(l.out)-1]
}

// afterValue says that the token before ends an expression, so that / or % or ? here is an operator.
func (l *lexer) afterValue() bool {
	switch p := l.previous(); p.Kind {
	case String, Symbol, Words, Number, Regexp, Variable, Const:
		return true
	case Ident:
		return slices.Contains(valueKeywords, p.Text) || !slices.Contains(openKeywords, p.Text)
	case Op:
		return p.Text == ")" || p.Text == "]" || p.Text == "}"
	default:
		return false
	}
}

// argumentHere says that a literal may start here although a name stands before: "puts /x/" and "t.index %w(a)".
func (l *lexer) argumentHere() bool {
	if !l.afterValue() {
		return true
	}
	next := l.peek(1)
	return l.previous().Kind == Ident && l.spaced && next != ' ' && next != '=' && next != '\n'
}

func (l *lexer) regexpHere() bool { return l.argumentHere() }

// character lexes ?x, and says whether it was one.
func (l *lexer) character() bool {
	if l.afterValue() || !nameByte(l.peek(1)) || nameByte(l.peek(2)) {
		return false
	}
	text := l.src[l.pos+1 : l.pos+2]
	l.pos += 2
	l.emit(Token{Kind: String, Text: text})
	return true
}
