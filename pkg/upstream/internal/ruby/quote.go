package ruby

import (
	"strings"
	"unicode/utf8"
)

// quoted lexes a string between two equal quotes; "name": in a hash is a label.
func (l *lexer) quoted(quote byte) error {
	if err := l.delimited(String, quote, 1); err != nil {
		return err
	}
	last := &l.out[len(l.out)-1]
	if last.Parts == nil && l.peek(0) == ':' && l.peek(1) == ' ' && l.inHash() {
		last.Kind = Label
		l.pos++
	}
	return nil
}

// inHash says that the string just lexed stands where a key can.
func (l *lexer) inHash() bool {
	for i := len(l.out) - 2; i >= 0; i-- {
		if l.out[i].Kind == Newline {
			continue
		}
		return l.out[i].Is("{") || l.out[i].Is(",") || l.out[i].Is("(")
	}
	return false
}

var closers = map[byte]byte{'(': ')', '[': ']', '{': '}', '<': '>'}

// percent says that % starts a literal here.
func (l *lexer) percent() bool {
	next := l.peek(1)
	if strings.IndexByte("wWiIqQrsx", next) >= 0 {
		d := l.peek(2)
		return d != 0 && d < utf8.RuneSelf && !nameByte(d) && d != ' ' && d != '\n' && d != '=' && l.argumentHere()
	}
	return strings.IndexByte("([{<|!", next) >= 0 && next != 0 && l.argumentHere()
}

func (l *lexer) percentLiteral() error {
	kind, skip := String, 2
	letter := l.peek(1)
	switch letter {
	case 'w', 'W', 'i', 'I':
		kind, skip = Words, 3
	case 'r':
		kind, skip = Regexp, 3
	case 's':
		kind, skip = Symbol, 3
	case 'q', 'Q', 'x':
		skip = 3
	}
	open := l.src[l.pos+skip-1]
	return l.delimited(kind, open, skip)
}

// delimited lexes a literal whose opening delimiter is the byte before pos+skip.
func (l *lexer) delimited(kind Kind, open byte, skip int) error {
	line := l.line
	raw := open == '\'' || skip == 3 && strings.IndexByte("qwis", l.src[l.pos+1]) >= 0
	l.pos += skip
	end, nests := closers[open]
	if !nests {
		end = open
	}
	parts, err := l.pieces(raw, kind == Regexp, func(depth int) (int, bool) {
		switch c := l.src[l.pos]; {
		case c == end && depth == 0:
			return 0, true
		case c == end && nests:
			return depth - 1, false
		case c == open && nests:
			return depth + 1, false
		}
		return depth, false
	})
	if err != nil {
		return err
	}
	l.pos++
	for kind == Regexp && l.pos < len(l.src) && strings.IndexByte("imxounse", l.src[l.pos]) >= 0 {
		l.pos++
	}
	t := join(kind, parts)
	t.Line = line
	if kind == Words {
		t.List, t.Text, t.Parts = strings.Fields(t.Text), "", nil
	}
	l.emit(t)
	return nil
}

// pieces lexes text up to where done says, leaving the end unread.
func (l *lexer) pieces(raw, regexp bool, done func(depth int) (int, bool)) ([]Part, error) {
	var parts []Part
	var text strings.Builder
	line, depth := l.line, 0
	for l.pos < len(l.src) {
		var end bool
		if depth, end = done(depth); end {
			return append(parts, Part{Text: text.String()}), nil
		}
		c := l.src[l.pos]
		switch {
		case c == '\\' && l.pos+1 < len(l.src):
			l.escape(&text, raw, regexp)
			continue
		case c == '#' && l.peek(1) == '{' && !raw && l.depth < maxDepth:
			parts = append(parts, Part{Text: text.String()})
			text.Reset()
			code, err := l.interpolation()
			if err != nil {
				return nil, err
			}
			parts = append(parts, Part{Code: code})
			continue
		case c == '\n':
			l.line++
		}
		text.WriteByte(c)
		l.pos++
	}
	return nil, &Error{Line: line, Message: "literal without its end"}
}

// interpolation lexes #{…}.
func (l *lexer) interpolation() ([]Token, error) {
	sub := &lexer{src: l.src, pos: l.pos + 2, line: l.line, depth: l.depth + 1}
	if err := sub.run('}'); err != nil {
		return nil, err
	}
	if len(sub.heredocs) > 0 {
		return nil, sub.fail("here-document inside an interpolation")
	}
	l.pos, l.line = sub.pos, sub.line
	return append(sub.out, Token{Kind: EOF, Line: sub.line}), nil
}

var escapes = map[byte]byte{'n': '\n', 't': '\t', 's': ' ', 'r': '\r', '0': 0, 'e': 0x1b}

func (l *lexer) escape(text *strings.Builder, raw, regexp bool) {
	c := l.src[l.pos+1]
	if c == '\n' {
		l.line++
	}
	l.pos += 2
	plain, known := escapes[c]
	switch {
	case regexp || raw && c != '\'' && c != '\\':
		text.WriteByte('\\')
		text.WriteByte(c)
	case !raw && c == '\n':
	case !raw && known:
		text.WriteByte(plain)
	default:
		text.WriteByte(c)
	}
}

// join makes one token of pieces: Text holds all of it, an interpolation as #{…}.
func join(kind Kind, parts []Part) Token {
	if len(parts) == 1 {
		return Token{Kind: kind, Text: parts[0].Text}
	}
	var b strings.Builder
	for _, p := range parts {
		if p.Code != nil {
			b.WriteString("#{…}")
			continue
		}
		b.WriteString(p.Text)
	}
	return Token{Kind: kind, Text: b.String(), Parts: parts}
}
