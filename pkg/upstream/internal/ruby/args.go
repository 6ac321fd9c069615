package ruby

import "slices"

// Args are the arguments of one call.
type Args struct {
	List  []Value
	Pairs []Pair
	// End is the index of the first token behind them (a block, a modifier, the end of the statement, a further call).
	End int
}

// Key returns the value of a keyword argument.
func (a Args) Key(name string) (Value, bool) {
	for _, p := range a.Pairs {
		if p.Key == name {
			return p.Value, true
		}
	}
	return Value{}, false
}

// ParseArgs reads the arguments of a call whose name is the token before tokens[i], with or without parentheses.
func ParseArgs(tokens []Token, i int) Args {
	if i < len(tokens) && tokens[i].Is("(") && !tokens[i].Spaced {
		end := matching(tokens, i)
		a := Args{End: min(end+1, len(tokens))}
		a.List, a.Pairs = split(tokens[i+1 : end])
		return a
	}
	end := bareEnd(tokens, i)
	a := Args{End: end}
	a.List, a.Pairs = split(tokens[i:end])
	return a
}

var modifiers = []string{"do", "if", "unless", "while", "until", "rescue", "and", "or", "then"}

// bareEnd finds the end of arguments that stand without parentheses.
func bareEnd(tokens []Token, i int) int {
	for j := i; j < len(tokens); j++ {
		t := tokens[j]
		switch {
		case t.Kind == EOF || t.Is(";") || t.Is(")") || t.Is("]") || t.Is("}"):
			return j
		case t.Kind == Newline && !continues(tokens, i, j):
			return j
		case t.Kind == Ident && slices.Contains(modifiers, t.Text) && !after(tokens, j, "."):
			return j
		case t.Is("{") && blockBrace(tokens, i, j):
			return j
		case opens(t):
			j = matching(tokens, j)
		}
	}
	return len(tokens)
}

// blockBrace says that the brace at j opens a block and not a hash or a lambda.
func blockBrace(tokens []Token, i, j int) bool {
	if j == i {
		return true
	}
	p := tokens[j-1]
	return p.Kind != Label && (p.Kind != Op || p.Text == ")" || p.Text == "]" || p.Text == "}") && !after(tokens, j, "->")
}

// continues says that a statement goes on behind the line end at j.
func continues(tokens []Token, i, j int) bool {
	if j == i {
		return false
	}
	if p := tokens[j-1]; p.Kind == Label || p.Kind == Op && p.Text != ")" && p.Text != "]" && p.Text != "}" && p.Text != "|" {
		return true
	}
	for k := j + 1; k < len(tokens); k++ {
		if tokens[k].Kind != Newline {
			return tokens[k].Is(".") || tokens[k].Is("&.")
		}
	}
	return false
}

func after(tokens []Token, j int, op string) bool { return j > 0 && tokens[j-1].Is(op) }

func opens(t Token) bool { return t.Kind == Op && (t.Text == "(" || t.Text == "[" || t.Text == "{") }

func closes(t Token) bool { return t.Kind == Op && (t.Text == ")" || t.Text == "]" || t.Text == "}") }

// matching returns the index of the bracket that closes the one at i, or the last index.
func matching(tokens []Token, i int) int {
	depth := 0
	for j := i; j < len(tokens); j++ {
		switch {
		case opens(tokens[j]):
			depth++
		case closes(tokens[j]):
			depth--
		}
		if depth == 0 {
			return j
		}
	}
	return max(i, len(tokens)-1)
}

// split separates expressions at the commas of the top level into values and pairs.
func split(tokens []Token) (list []Value, pairs []Pair) {
	start := 0
	add := func(end int) {
		expr := trimNewlines(tokens[start:end])
		start = end + 1
		if len(expr) == 0 {
			return
		}
		if p, ok := pair(expr); ok {
			pairs = append(pairs, p)
			return
		}
		list = append(list, parseValue(expr))
	}
	for j := 0; j < len(tokens); j++ {
		switch {
		case opens(tokens[j]):
			j = matching(tokens, j)
		case tokens[j].Is(","):
			add(j)
		}
	}
	add(len(tokens))
	return list, pairs
}

// pair reads key: value and key => value.
func pair(expr []Token) (Pair, bool) {
	if expr[0].Kind == Label {
		return Pair{expr[0].Text, parseValue(expr[1:])}, true
	}
	if len(expr) > 2 && expr[1].Is("=>") && expr[0].Literal() {
		return Pair{expr[0].Text, parseValue(expr[2:])}, true
	}
	return Pair{}, false
}
