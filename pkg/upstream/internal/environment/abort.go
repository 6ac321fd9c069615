package environment

import (
	"slices"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

// aborts finds where the configuration stops the program because of one variable, and marks its reads.
func (r *source) aborts() {
	for i, t := range r.tokens {
		if !t.Is("abort") || t.Kind != ruby.Ident || r.at(i-1).Is(".") {
			continue
		}
		if !r.budget.Spend(len(r.tokens) + len(r.found)) {
			r.gap(beyond, t.Line)
			return
		}
		from, to, negated, ok := r.condition(i)
		if !ok {
			continue
		}
		names, abort := r.judge(from, to, negated)
		for n := range r.found {
			if slices.Contains(names, r.found[n].name) {
				r.found[n].abort = abort
			}
		}
	}
}

// condition is what decides about the abort at i: its modifier, or the one if around it.
func (r *source) condition(i int) (from, to int, negated, ok bool) {
	a := ruby.ParseArgs(r.tokens, i+1)
	if m := r.at(a.End); m.Is("if") || m.Is("unless") {
		return a.End + 1, r.lineEnd(a.End), m.Is("unless"), r.unconditional(i)
	}
	for j := i; j >= 0; j-- {
		end, opens := r.ends[j]
		if !opens || end < i {
			continue
		}
		if !r.at(j).Is("if") && !r.at(j).Is("unless") || r.hasElse(j, i) {
			return 0, 0, false, false
		}
		return j + 1, r.lineEnd(j), r.at(j).Is("unless"), r.unconditional(j - 1)
	}
	return 0, 0, false, false
}

// unconditional says that nothing but loops over literal lists is around i.
func (r *source) unconditional(i int) bool {
	for j := i; j >= 0; j-- {
		end, opens := r.ends[j]
		if !opens || end < i {
			continue
		}
		if !r.budget.Spend(len(r.tokens)) {
			return false
		}
		name := r.at(j + 2).Text
		if _, loop := r.element(name, i); !r.at(j).Is("do") || !loop {
			return false
		}
	}
	return true
}

func (r *source) hasElse(from, to int) bool {
	return slices.ContainsFunc(r.tokens[from:to], func(t ruby.Token) bool { return t.Is("else") || t.Is("elsif") })
}

func (r *source) lineEnd(i int) int {
	for i < len(r.tokens) && r.at(i).Kind != ruby.Newline && r.at(i).Kind != ruby.EOF {
		i++
	}
	return i
}

// judge reads a condition that asks for one variable and nothing else.
func (r *source) judge(from, to int, negated bool) ([]string, facts.Abort) {
	tokens := r.tokens[from:to]
	missing := negated
	if n := len(tokens); n > 2 && tokens[n-2].Is(".") {
		switch tokens[n-1].Text {
		case "blank?", "nil?", "empty?":
			missing = !missing
			tokens = tokens[:n-2]
		case "present?":
			tokens = tokens[:n-2]
		}
	}
	names, ok := r.asked(tokens, from)
	if !ok {
		return nil, ""
	}
	if missing {
		return names, facts.AbortMissing
	}
	return names, facts.AbortSet
}

// asked are the variables that a bare ENV[x], ENV.key?(x) or a name assigned from one stands for.
func (r *source) asked(tokens []ruby.Token, at int) ([]string, bool) {
	switch {
	case len(tokens) == 1 && tokens[0].Kind == ruby.Ident:
		for j := at; j >= 0; j-- {
			if r.at(j).Is(tokens[0].Text) && r.at(j+1).Is("=") && r.at(j+2).Is("ENV") {
				a := ruby.ParseArgs(r.tokens, j+5)
				if len(a.List) > 0 {
					return r.values(a.List[0].Tokens, j, 0)
				}
			}
		}
	case len(tokens) == 4 && tokens[0].Is("ENV") && tokens[1].Is("["):
		return r.values(tokens[2:3], at, 0)
	case len(tokens) == 6 && tokens[0].Is("ENV") && slices.Contains(questions, tokens[2].Text):
		return r.values(tokens[4:5], at, 0)
	}
	return nil, false
}
