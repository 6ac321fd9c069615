package ruby

import "strings"

// ValueKind is the kind of a value.
type ValueKind int

// The kinds of values. Code is any expression that is no literal; Lambda is -> { literal }.
const (
	CodeValue ValueKind = iota
	StringValue
	SymbolValue
	NumberValue
	BoolValue
	NilValue
	ListValue
	HashValue
	LambdaValue
)

// Value is one argument as written.
type Value struct {
	Kind ValueKind
	// Text is the value of a string, symbol, number, boolean or lambda; for code its tokens with single spaces.
	Text  string
	Line  int
	List  []Value
	Pairs []Pair
	// Tokens the value was made of, without EOF.
	Tokens []Token
}

// Pair is a key and its value.
type Pair struct {
	Key   string
	Value Value
}

// Names returns the texts of a name or of a list of names, and whether the value is one of these.
func (v Value) Names() ([]string, bool) {
	if v.Kind == StringValue || v.Kind == SymbolValue {
		return []string{v.Text}, true
	}
	if v.Kind != ListValue {
		return nil, false
	}
	names := make([]string, 0, len(v.List))
	for _, e := range v.List {
		if e.Kind != StringValue && e.Kind != SymbolValue {
			return nil, false
		}
		names = append(names, e.Text)
	}
	return names, true
}

// Literal says that the value and all in it is literal.
func (v Value) Literal() bool {
	if v.Kind == CodeValue {
		return false
	}
	for _, e := range v.List {
		if !e.Literal() {
			return false
		}
	}
	for _, p := range v.Pairs {
		if !p.Value.Literal() {
			return false
		}
	}
	return true
}

// parseValue makes a value of the tokens of one expression.
func parseValue(tokens []Token) Value {
	tokens = trimNewlines(tokens)
	v := Value{Tokens: tokens, Text: source(tokens)}
	if len(tokens) == 0 {
		return v
	}
	v.Line = tokens[0].Line
	first, last := tokens[0], tokens[len(tokens)-1]
	switch {
	case len(tokens) == 1:
		single(&v, first)
	case first.Kind == Op && len(tokens) == 2 && first.Text == "-" && last.Kind == Number:
		v.Kind, v.Text = NumberValue, "-"+last.Text
	case first.Is("[") && last.Is("]") && matching(tokens, 0) == len(tokens)-1:
		args, pairs := split(tokens[1 : len(tokens)-1])
		if len(pairs) == 0 {
			v.Kind, v.List = ListValue, args
		}
	case first.Is("{") && last.Is("}") && matching(tokens, 0) == len(tokens)-1:
		args, pairs := split(tokens[1 : len(tokens)-1])
		if len(args) == 0 {
			v.Kind, v.Pairs = HashValue, pairs
		}
	case first.Is("->") && len(tokens) == 4 && tokens[1].Is("{") && tokens[2].Literal() && last.Is("}"):
		v.Kind, v.Text = LambdaValue, tokens[2].Text
	case last.Kind == Ident && (last.Text == "freeze" || last.Text == "squish") && len(tokens) > 2 && tokens[len(tokens)-2].Is("."):
		inner := parseValue(tokens[:len(tokens)-2])
		inner.Tokens = tokens
		return inner
	}
	return v
}

func single(v *Value, t Token) {
	switch {
	case t.Kind == String && t.Literal():
		v.Kind, v.Text = StringValue, t.Text
	case t.Kind == Symbol && t.Literal():
		v.Kind, v.Text = SymbolValue, t.Text
	case t.Kind == Number:
		v.Kind, v.Text = NumberValue, t.Text
	case t.Is("true") || t.Is("false"):
		v.Kind, v.Text = BoolValue, t.Text
	case t.Is("nil"):
		v.Kind = NilValue
	case t.Kind == Words:
		v.Kind = ListValue
		for _, w := range t.List {
			v.List = append(v.List, Value{Kind: StringValue, Text: w, Line: t.Line})
		}
	}
}

func source(tokens []Token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && t.Spaced && t.Kind != Newline {
			b.WriteByte(' ')
		}
		switch t.Kind {
		case Newline:
		case Label:
			b.WriteString(t.Text + ":")
		case Symbol:
			b.WriteString(":" + t.Text)
		case String:
			b.WriteString("'" + t.Text + "'")
		default:
			b.WriteString(t.Text)
		}
	}
	return b.String()
}

func trimNewlines(tokens []Token) []Token {
	for len(tokens) > 0 && tokens[0].Kind == Newline {
		tokens = tokens[1:]
	}
	for len(tokens) > 0 && tokens[len(tokens)-1].Kind == Newline {
		tokens = tokens[:len(tokens)-1]
	}
	return tokens
}

// Literal makes a value of the tokens of one expression.
func Literal(tokens []Token) Value { return parseValue(tokens) }
