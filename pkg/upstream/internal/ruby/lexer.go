package ruby

import (
	"strings"
)

// Tokens splits src, whose first line has the number line, into tokens; the last one is EOF.
func Tokens(src string, line int) ([]Token, error) {
	l := &lexer{src: src, line: line}
	if err := l.run(0); err != nil {
		return nil, err
	}
	return append(l.out, Token{Kind: EOF, Line: l.line}), nil
}

// maxDepth bounds how deep interpolations nest, so that no input can exhaust the stack.
const maxDepth = 40

type lexer struct {
	src   string
	pos   int
	line  int
	depth int
	// emitted counts the tokens, those inside of strings too.
	emitted int
	spaced  bool
	out     []Token
	// heredocs wait for the end of the line that announced them.
	heredocs []heredoc
}

func (l *lexer) rest() string { return l.src[l.pos:] }

func (l *lexer) peek(n int) byte {
	if l.pos+n < len(l.src) {
		return l.src[l.pos+n]
	}
	return 0
}

func (l *lexer) fail(message string) error { return &Error{Line: l.line, Message: message} }

func (l *lexer) emit(t Token) {
	l.emitted++
	t.Spaced = l.spaced
	if t.Line == 0 {
		t.Line = l.line
	}
	l.spaced = false
	l.out = append(l.out, t)
}

// run lexes to the end of the text, or to the stop byte at brace depth 0, which it consumes.
func (l *lexer) run(stop byte) error {
	braces := 0
	for l.pos < len(l.src) {
		if l.emitted > maxTokens {
			return l.fail("more than can be read")
		}
		c := l.src[l.pos]
		switch {
		case c == '\n':
			if err := l.newline(); err != nil {
				return err
			}
			continue
		case c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v':
			l.pos++
			l.spaced = true
			continue
		case c == '\\' && (l.peek(1) == '\n' || strings.HasPrefix(l.rest(), "\\\r\n")):
			l.pos += strings.IndexByte(l.rest(), '\n') + 1
			l.line++
			l.spaced = true
			continue
		case c == '#':
			l.pos += lineLength(l.rest())
			continue
		case c == '{':
			braces++
		case c == '}':
			if braces == 0 && stop == '}' {
				l.pos++
				return nil
			}
			braces--
		}
		if strings.HasPrefix(l.rest(), "__END__") && l.lineStart() {
			l.pos = len(l.src)
			return nil
		}
		if err := l.token(); err != nil {
			return err
		}
	}
	if stop != 0 {
		return l.fail("interpolation without its end")
	}
	if len(l.heredocs) > 0 {
		return l.fail("here-document " + l.heredocs[0].word + " without its text")
	}
	return nil
}

// newline ends a line: bodies of here-documents and =begin comments follow it.
func (l *lexer) newline() error {
	l.emit(Token{Kind: Newline})
	l.pos++
	l.line++
	waiting := l.heredocs
	l.heredocs = nil
	for _, h := range waiting {
		if err := l.body(h); err != nil {
			return err
		}
	}
	for strings.HasPrefix(l.rest(), "=begin") {
		end := strings.Index(l.rest(), "\n=end")
		if end < 0 {
			return l.fail("=begin without =end")
		}
		end += len("\n=end")
		end += lineLength(l.src[l.pos+end:])
		l.line += strings.Count(l.src[l.pos:l.pos+end], "\n")
		l.pos += end
		if l.pos < len(l.src) {
			l.pos++
			l.line++
		}
	}
	return nil
}

func (l *lexer) lineStart() bool { return l.pos == 0 || l.src[l.pos-1] == '\n' }

// lineLength is the length of the text's first line without its line feed.
func lineLength(s string) int {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return i
	}
	return len(s)
}
