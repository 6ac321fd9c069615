package ruby

import "slices"

// Ends maps the index of every token that opens a block (def, class, do, if, {, …) to the index of the token that
// closes it. A modifier (x if y) opens none. What is never closed ends at the last token.
func Ends(tokens []Token) map[int]int {
	ends := map[int]int{}
	var stack []int
	loop := false // behind while, until or for: the do on the line belongs to it
	for i, t := range tokens {
		switch {
		case t.Kind == Newline:
			loop = false
		case t.Is("{") || t.Kind == Ident && opener(tokens, i):
			if t.Text == "do" && loop {
				loop = false
				continue
			}
			loop = t.Text == "while" || t.Text == "until" || t.Text == "for"
			stack = append(stack, i)
		case t.Is("}") || t.Is("end") && t.Kind == Ident && !after(tokens, i, ".") && !after(tokens, i, "&."):
			if len(stack) > 0 {
				ends[stack[len(stack)-1]] = i
				stack = stack[:len(stack)-1]
			}
		}
	}
	for _, i := range stack {
		ends[i] = len(tokens) - 1
	}
	return ends
}

var (
	blockWords    = []string{"class", "module", "do", "begin", "case"}
	modifierWords = []string{"if", "unless", "while", "until", "for"}
)

func opener(tokens []Token, i int) bool {
	if after(tokens, i, ".") || after(tokens, i, "&.") {
		return false
	}
	switch t := tokens[i]; {
	case t.Text == "def":
		return !endless(tokens, i)
	case t.Text == "class":
		return !after(tokens, i, ":")
	case slices.Contains(blockWords, t.Text):
		return true
	case slices.Contains(modifierWords, t.Text):
		l := lexer{out: tokens[:i]}
		return !l.afterValue()
	}
	return false
}

// endless says that the def at i is of the form def name(args) = expression.
func endless(tokens []Token, i int) bool {
	j := i + 2
	if At(tokens, j).Is("(") {
		j = matching(tokens, j) + 1
	}
	return At(tokens, j).Is("=")
}
