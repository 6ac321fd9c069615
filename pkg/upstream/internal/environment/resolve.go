package environment

import (
	"slices"

	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

const (
	// maxDepth bounds how many steps a name is followed through.
	maxDepth = 8
	// maxNames bounds how many names one expression may stand for.
	maxNames = 500
)

// values are the texts that an expression at token i can have; ok is false when they cannot be told.
func (r *source) values(expr []ruby.Token, i, depth int) (texts []string, ok bool) {
	if !r.budget.Spend(len(r.tokens)) || depth > maxDepth || len(expr) != 1 {
		return nil, false
	}
	switch t := expr[0]; {
	case t.Is("nil"):
		return []string{""}, true
	case t.Literal():
		return []string{t.Text}, true
	case t.Kind == ruby.String:
		return r.interpolated(t, i, depth)
	case t.Kind == ruby.Ident || t.Kind == ruby.Const:
		return r.named(t.Text, i, depth)
	default:
		return nil, false
	}
}

// interpolated are the texts of a string with names in it.
func (r *source) interpolated(t ruby.Token, i, depth int) ([]string, bool) {
	out := []string{""}
	for _, p := range t.Parts {
		pieces := []string{p.Text}
		if p.Code != nil {
			var ok bool
			if pieces, ok = r.values(p.Code[:len(p.Code)-1], i, depth+1); !ok {
				return nil, false
			}
		}
		var next []string
		for _, head := range out {
			for _, tail := range pieces {
				next = append(next, head+tail)
			}
		}
		if len(next) > maxNames {
			return nil, false
		}
		out = next
	}
	return out, true
}

// named follows a name: the element of a literal list, the last assignment, the argument of a call of the method.
func (r *source) named(name string, i, depth int) ([]string, bool) {
	if list, ok := r.element(name, i); ok {
		return list, true
	}
	def := r.enclosingMethod(i)
	for j := i - 1; j > max(def, -1); j-- {
		if r.at(j).Text == name && r.at(j+1).Is("=") && r.at(j).Kind != ruby.String && !r.at(j-1).Is(".") {
			a := ruby.ParseArgs(r.tokens, j+2)
			if len(a.List) == 1 {
				return r.values(a.List[0].Tokens, j, depth+1)
			}
		}
	}
	if def < 0 {
		return nil, false
	}
	return r.argument(name, def, depth)
}

// element: name is the variable of a loop over a literal list around i.
func (r *source) element(name string, i int) ([]string, bool) {
	for j := i; j >= 0; j-- {
		end, opens := r.ends[j]
		if !opens || end < i || !r.at(j+1).Is("|") || r.at(j+2).Text != name || !r.at(j+3).Is("|") {
			continue
		}
		for k := j - 1; k >= 0 && r.at(k).Kind != ruby.Newline; k-- {
			if r.at(k).Kind == ruby.Words {
				return r.at(k).List, true
			}
			if r.at(k).Is("]") {
				for open := k; open >= 0; open-- {
					if r.at(open).Is("[") {
						return ruby.Literal(r.tokens[open : k+1]).Names()
					}
				}
			}
			if list, ok := r.constant(k); ok {
				return list, true
			}
		}
	}
	return nil, false
}

// constant: the token at k is a constant with a literal list.
func (r *source) constant(k int) ([]string, bool) {
	name := r.at(k)
	if name.Kind != ruby.Const {
		return nil, false
	}
	for j := range r.tokens {
		if r.at(j).Is(name.Text) && r.at(j+1).Is("=") {
			a := ruby.ParseArgs(r.tokens, j+2)
			if len(a.List) == 1 {
				return a.List[0].Names()
			}
		}
	}
	return nil, false
}

// enclosingMethod is the index of the def around i, -1 for none.
func (r *source) enclosingMethod(i int) int {
	for j := i; j >= 0; j-- {
		if end, ok := r.ends[j]; ok && r.at(j).Is("def") && end > i {
			return j
		}
	}
	return -1
}

// argument: name is a parameter of the method at def; its texts are those that the calls in the file give.
func (r *source) argument(name string, def, depth int) ([]string, bool) {
	params := ruby.ParseArgs(r.tokens, def+2)
	at := slices.IndexFunc(params.List, func(v ruby.Value) bool { return v.Text == name })
	preset, keyword := params.Key(name)
	if at < 0 && !keyword {
		return nil, false
	}
	method := r.at(def + 1).Text
	var out []string
	for j := range r.tokens {
		if !r.at(j).Is(method) || r.at(j-1).Is("def") || r.at(j-1).Is(".") && !r.at(j-2).Is("self") {
			continue
		}
		a := ruby.ParseArgs(r.tokens, j+1)
		given, ok := preset, keyword
		if v, named := a.Key(name); named {
			given, ok = v, true
		} else if at >= 0 && at < len(a.List) {
			given, ok = a.List[at], true
		}
		if !ok {
			return nil, false
		}
		texts, ok := r.values(given.Tokens, j, depth+1)
		if !ok {
			return nil, false
		}
		for _, t := range texts {
			if !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	return out, len(out) > 0
}
