package environment

import (
	"errors"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

// ruby reads one Ruby file.
func (c *collector) ruby(f File) {
	tokens, err := ruby.Tokens(f.Text, 1)
	if err != nil {
		c.lexError(f, err)
		return
	}
	c.tokens(f, tokens, nil)
}

func (c *collector) lexError(f File, err error) {
	line := 1
	if e, ok := errors.AsType[*ruby.Error](err); ok {
		line = e.Line
	}
	c.gap("Ruby that cannot be read: "+err.Error(), f.Name, line)
}

// tokens reads Ruby tokens; scopes nil is by the file's path.
func (c *collector) tokens(f File, tokens []ruby.Token, scopes []facts.Scope) {
	r := &source{tokens: tokens, ends: ruby.Ends(tokens), file: f.Name, scopes: scopes, budget: &c.budget}
	r.read()
	if strings.HasPrefix(f.Name, "config/") {
		r.aborts()
	}
	c.found = append(c.found, r.found...)
	c.gaps = append(c.gaps, r.gaps...)
}

// source is one Ruby text being read.
type source struct {
	tokens []ruby.Token
	ends   map[int]int
	file   string
	scopes []facts.Scope
	found  []found
	gaps   []facts.Gap
	budget *ruby.Budget
}

func (r *source) at(i int) ruby.Token { return ruby.At(r.tokens, i) }

func (r *source) gap(what string, line int) {
	r.gaps = append(r.gaps, gap(what, r.file, line))
}

// read finds every ENV, those inside of strings too.
func (r *source) read() {
	for i, t := range r.tokens {
		if t.Is("ENV") && t.Kind == ruby.Const && !r.at(i-1).Is("::") {
			if !r.budget.Spend(len(r.tokens)) {
				r.gap(beyond, t.Line)
				return
			}
			r.env(i)
		}
		for _, p := range t.Parts {
			if p.Code == nil {
				continue
			}
			inner := &source{tokens: p.Code, ends: ruby.Ends(p.Code), file: r.file, scopes: r.scopes, budget: r.budget}
			inner.read()
			r.found = append(r.found, inner.found...)
			r.gaps = append(r.gaps, inner.gaps...)
		}
	}
}

var (
	questions = []string{"key?", "has_key?", "include?", "member?"}
	several   = []string{"values_at", "slice", "fetch_values"}
	patterned = []string{"keys", "any?", "select", "filter", "find", "each", "each_key", "each_pair", "filter_map", "map", "to_h", "reject"}
	changes   = []string{"delete", "store", "update", "replace", "clear", "merge!", "delete_if"}
)

// env reads one use of ENV at i.
func (r *source) env(i int) {
	line := r.at(i).Line
	method := r.at(i + 2).Text
	switch {
	case r.at(i + 1).Is("["):
		r.subscript(i)
	case !r.at(i+1).Is(".") && !r.at(i+1).Is("&."):
		r.gap("the whole environment is passed on", line)
	case method == "fetch":
		r.fetch(i)
	case slices.Contains(questions, method):
		r.names(i, ruby.ParseArgs(r.tokens, i+3), 1, found{guard: true})
	case slices.Contains(several, method):
		r.names(i, ruby.ParseArgs(r.tokens, i+3), -1, found{required: method == "fetch_values"})
	case slices.Contains(patterned, method):
		r.pattern(i)
	case slices.Contains(changes, method) || r.at(i+2).Is("[]="):
	default:
		r.gap("ENV."+method, line)
	}
}

// names notes the variables that the first n arguments name, all for -1.
func (r *source) names(i int, a ruby.Args, n int, f found) {
	list := a.List
	if n >= 0 {
		list = list[:min(n, len(list))]
	}
	for _, v := range list {
		r.note(i, v, f)
	}
}

// note adds a read of every name that the value can have.
func (r *source) note(i int, v ruby.Value, f found) {
	names, ok := r.values(v.Tokens, i, 0)
	if !ok || len(names) == 0 {
		r.gap("the name of a variable: "+v.Text, r.at(i).Line)
		return
	}
	f.file, f.line, f.scopes = r.file, r.at(i).Line, r.scopes
	if r.at(i-1).Is("?") && r.at(i-2).Is("test?") { // Rails.env.test? ? ENV… : …
		f.scopes = test
	}
	for _, name := range names {
		f.name = name
		r.found = append(r.found, f)
	}
}

// subscript reads ENV[name], and its default behind ||. An assignment is no read, ||= is one.
func (r *source) subscript(i int) {
	end := i + 1
	for end < len(r.tokens) && !r.at(end).Is("]") {
		end++
	}
	if r.at(end + 1).Is("=") {
		return
	}
	var f found
	if r.at(end+1).Is("||=") || r.at(end+1).Is("||") {
		f.value, f.fallback = r.alternative(end + 2)
	}
	f.guard = r.asks(i, end)
	r.note(i, ruby.Literal(r.tokens[min(i+2, end):end]), f)
}

// asks says that the read stands as a condition: behind if, unless, && or before .present? and its like.
func (r *source) asks(i, end int) bool {
	p := r.at(i - 1)
	return p.Is("if") || p.Is("unless") || p.Is("!") || r.at(end+1).Is(".") &&
		slices.Contains([]string{"present?", "blank?", "nil?"}, r.at(end+2).Text)
}

// alternative reads what stands behind ||: a literal, or another variable.
func (r *source) alternative(i int) (value *string, fallback string) {
	for range 8 {
		t := r.at(i)
		switch {
		case t.Kind == ruby.String && t.Parts == nil || t.Kind == ruby.Number:
			return new(t.Text), fallback
		case t.Is("true") || t.Is("false"):
			return new(t.Text), fallback
		case t.Is("ENV"):
			end := i + 1
			for end < len(r.tokens) && !r.at(end).Is("]") && !r.at(end).Is(")") {
				if fallback == "" && r.at(end).Literal() {
					fallback = r.at(end).Text
				}
				end++
			}
			if !r.at(end + 1).Is("||") {
				return nil, fallback
			}
			i = end + 2
		default:
			return nil, fallback
		}
	}
	return nil, fallback
}

// fetch reads ENV.fetch(name, default) and ENV.fetch(name) { default }.
func (r *source) fetch(i int) {
	a := ruby.ParseArgs(r.tokens, i+3)
	if len(a.List) == 0 {
		r.gap("ENV.fetch without a name", r.at(i).Line)
		return
	}
	var f found
	switch block := r.at(a.End); {
	case len(a.List) > 1:
		f.value, f.fallback = literal(a.List[1])
	case block.Is("{") || block.Is("do"):
		if end, ok := r.ends[a.End]; ok && end == a.End+2 {
			f.value, _ = r.alternative(a.End + 1)
		}
	default:
		f.required = true
	}
	r.note(i, a.List[0], f)
}

// literal is the literal that a default is, or the variable that it is taken from.
func literal(v ruby.Value) (value *string, fallback string) {
	switch v.Kind {
	case ruby.StringValue, ruby.NumberValue, ruby.BoolValue, ruby.SymbolValue:
		return new(v.Text), ""
	case ruby.CodeValue:
		if len(v.Tokens) > 3 && v.Tokens[0].Is("ENV") {
			for _, t := range v.Tokens[1:] {
				if t.Literal() {
					return nil, t.Text
				}
			}
		}
	}
	return nil, ""
}
