package migration

import (
	"maps"
	"slices"

	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

const (
	// maxDepth bounds how deep methods of the file call each other.
	maxDepth = 12
	// maxLooks bounds how many tokens all searches in a file look at together, so that no text can keep the reader busy.
	// Those for a migration of upstream look at 204,000 at most.
	maxLooks = 5_000_000
)

// walk reads the tokens from <= i < to in order.
func (r *reader) walk(from, to int, s scope) {
	if r.depth >= maxDepth {
		return
	}
	r.depth++
	defer func() { r.depth-- }()
	s = s.clone()
	for i := from; i < to; i++ {
		t := r.tokens[i]
		if !r.budget.Spend(1) {
			return
		}
		switch {
		case t.Kind != ruby.Ident && t.Kind != ruby.Const:
		case t.Is("def") || t.Is("class"):
			if end, ok := r.ends[i]; ok {
				i = end
			}
		case t.Text == "down" && r.at(i-1).Is("."):
			i = r.blockEnd(i+1, i)
		case t.Text == "each" && r.at(i-1).Is("."):
			if end, ok := r.loop(i, s); ok {
				i = end
			}
		default:
			i = r.call(i, to, s)
		}
	}
}

// blockEnd is the end of the block that starts at i, otherwise none.
func (r *reader) blockEnd(i, none int) int {
	if r.at(i).Is("do") || r.at(i).Is("{") {
		if end, ok := r.ends[i]; ok {
			return end
		}
	}
	return none
}

// call reads one name: an operation, a method of the file, a change of records. It returns the last index it used up.
func (r *reader) call(i, to int, s scope) int {
	t := r.tokens[i]
	if _, ok := r.methods[t.Text]; ok || slices.Contains(writers, t.Text) || statements[t.Text] != nil {
		r.budget.Spend(len(r.tokens) - i)
	}
	dotted := r.at(i-1).Is(".") || r.at(i-1).Is("&.")
	if op, ok := statements[t.Text]; ok && t.Kind == ruby.Ident && !r.at(i+1).Is("=") {
		return op(r, i, s)
	}
	if m, ok := r.methods[t.Text]; ok && !dotted && t.Kind == ruby.Ident {
		a := ruby.ParseArgs(r.tokens, i+1)
		inner := scope{values: maps.Clone(s.values), records: s.records}
		for n, p := range m.params {
			if n < len(a.List) {
				inner.set(p, s.resolve(r, a.List[n]))
			}
		}
		r.walk(m.from, m.to, inner)
		r.assignment(i, to, s)
		return i
	}
	if slices.Contains(writers, t.Text) && dotted {
		r.write(i, s)
	}
	r.assignment(i, to, s)
	return i
}

// loop walks the body of a loop over a literal list once for each element.
func (r *reader) loop(i int, s scope) (end int, ok bool) {
	list, ok := r.listBefore(i-1, s)
	open := i + 1
	end = r.blockEnd(open, -1)
	if !ok || end < 0 || !r.at(open+1).Is("|") {
		return 0, false
	}
	var params []string
	j := open + 2
	for ; j < end && !r.at(j).Is("|"); j++ {
		if r.at(j).Kind == ruby.Ident {
			params = append(params, r.at(j).Text)
		}
	}
	for _, element := range list {
		inner := s.clone()
		values := []ruby.Value{element}
		if element.Kind == ruby.ListValue && len(params) > 1 {
			values = element.List
		}
		for n, p := range params {
			if n < len(values) {
				inner.set(p, values[n])
			}
		}
		r.walk(j+1, end, inner)
	}
	return end, true
}

// listBefore is the literal list in front of the dot at i.
func (r *reader) listBefore(dot int, s scope) ([]ruby.Value, bool) {
	t := r.at(dot - 1)
	switch {
	case t.Kind == ruby.Words:
		v := ruby.Literal(r.tokens[dot-1 : dot])
		return v.List, true
	case t.Kind == ruby.Const && r.constants[t.Text].Kind == ruby.ListValue:
		return r.constants[t.Text].List, true
	case t.Kind == ruby.Ident && s.values[t.Text].Kind == ruby.ListValue:
		return s.values[t.Text].List, true
	case t.Is("]"):
		for j := dot - 1; j >= 0; j-- {
			if r.at(j).Is("[") {
				v := ruby.Literal(r.tokens[j:dot])
				return v.List, v.Kind == ruby.ListValue && v.Literal()
			}
		}
	}
	return nil, false
}

func (s scope) clone() scope {
	out := scope{values: maps.Clone(s.values), records: maps.Clone(s.records)}
	if out.values == nil {
		out.values = map[string]ruby.Value{}
	}
	if out.records == nil {
		out.records = map[string]string{}
	}
	return out
}

func (s scope) set(name string, v ruby.Value) {
	if s.values != nil {
		s.values[name] = v
	}
}

// resolve puts the value of a name in its place.
func (s scope) resolve(r *reader, v ruby.Value) ruby.Value {
	if v.Kind != ruby.CodeValue || len(v.Tokens) != 1 {
		return v
	}
	if known, ok := s.values[v.Tokens[0].Text]; ok {
		return known
	}
	if known, ok := r.constants[v.Tokens[0].Text]; ok {
		return known
	}
	return v
}
