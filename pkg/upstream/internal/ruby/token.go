package ruby

import "fmt"

// Kind is the kind of a token.
type Kind int

// The kinds of tokens. Words is %w or %i, its elements in Token.List.
const (
	EOF Kind = iota
	Newline
	Ident    // a name in lower case, keywords and trailing ? or ! included
	Const    // a name in upper case
	Variable // @x, @@x, $x
	Label    // name: of a keyword argument or a hash
	String
	Symbol
	Words
	Number
	Regexp
	Op
)

// Token is one token of Ruby text.
type Token struct {
	Kind Kind
	// Text is the name, the operator, the number, or the value of a string with its escapes undone; an interpolation
	// stands as #{…} in it.
	Text string
	Line int
	// Spaced says that white space stands before the token, which decides how Ruby reads some operators.
	Spaced bool
	// List are the elements of Words.
	List []string
	// Parts are the pieces of a string with interpolation; nil for one without.
	Parts []Part
}

// Part is one piece of a string: literal text, or the tokens of an interpolation.
type Part struct {
	Text string
	Code []Token // nil for text
}

// Is says that the token is the operator or name text.
func (t Token) Is(text string) bool {
	return t.Text == text && (t.Kind == Op || t.Kind == Ident || t.Kind == Const)
}

// Literal says that the token is a string or symbol without interpolation.
func (t Token) Literal() bool {
	return (t.Kind == String || t.Kind == Symbol) && t.Parts == nil
}

// Error is text that is not Ruby as far as this package knows it.
type Error struct {
	Line    int
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

// At returns tokens[i], and EOF for an index outside, so that readers look ahead without counting.
func At(tokens []Token, i int) Token {
	if i < 0 || i >= len(tokens) {
		return Token{Kind: EOF}
	}
	return tokens[i]
}
