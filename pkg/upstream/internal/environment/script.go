package environment

import (
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
	"github.com/goingdark-social/bot/pkg/upstream/internal/script"
)

// scripts reads JavaScript. process.env is followed into the functions that it is passed to, across files, until
// nothing new is found.
func (c *collector) scripts(files []File) {
	s := &scripts{passed: map[parameter]bool{}, budget: &c.budget}
	for _, f := range files {
		s.files = append(s.files, module{name: f.Name, tokens: script.Tokens(f.Text)})
	}
	for before := -1; before != len(s.passed) && *s.budget > 0; {
		before = len(s.passed)
		s.found, s.gaps = nil, nil
		for _, m := range s.files {
			m.read(s)
		}
	}
	c.found = append(c.found, s.found...)
	c.gaps = append(c.gaps, s.gaps...)
	if len(files) > 0 && *s.budget <= 0 {
		c.gap(beyond, files[0].Name, 1)
	}
}

// parameter is the n-th parameter of the functions of that name.
type parameter struct {
	function string
	n        int
}

type scripts struct {
	files  []module
	passed map[parameter]bool
	budget *ruby.Budget
	found  []found
	gaps   []facts.Gap
}

type module struct {
	name   string
	tokens []script.Token
}

func (m module) at(i int) script.Token { return script.At(m.tokens, i) }

// alias is a name that stands for the environment between two tokens.
type alias struct {
	name     string
	from, to int
}

// read finds the uses of process.env and of its aliases in one file.
func (m module) read(s *scripts) {
	aliases := m.aliases(s)
	for i, t := range m.tokens {
		if t.Kind != script.Name || !s.budget.Spend(1+len(aliases)) {
			continue
		}
		if t.Text == "process" && m.at(i+1).Is(".") && m.at(i+2).Is("env") {
			m.use(s, i, i+2)
			continue
		}
		if m.at(i-1).Is(".") || m.at(i-1).Is("?.") {
			continue
		}
		known := slices.ContainsFunc(aliases, func(a alias) bool { return a.name == t.Text && a.from <= i && i < a.to })
		if known {
			m.use(s, i, i)
		}
	}
}

// use reads what stands behind the environment, whose tokens are first … last.
func (m module) use(s *scripts, first, last int) {
	next := m.at(last + 1)
	switch {
	case next.Is(".") || next.Is("?."):
		if name := m.at(last + 2); environmentName(name.Text) {
			m.note(s, name.Text, first, last+2)
		}
	case next.Is("[") && m.at(last+2).Kind == script.String:
		m.note(s, m.at(last+2).Text, first, last+3)
	case next.Is("["):
		s.gaps = append(s.gaps, facts.Gap{What: "the name of a variable", Place: facts.Place{File: m.name, Line: next.Line}})
	case m.at(first-1).Is("=") && m.at(first-2).Is("}") && s.budget.Spend(first):
		m.destructured(s, first-2)
	case (next.Is(",") || next.Is(")")) && (m.at(first-1).Is(",") || m.at(first-1).Is("(")) && s.budget.Spend(first):
		m.pass(s, first)
	}
}

// environmentName keeps a method of an object apart from a variable.
func environmentName(name string) bool {
	return name != "" && (strings.ToUpper(name) == name || strings.Contains(name, "_")) && name[0] != '#'
}

// note adds a read of one name that ends at token end. An assignment is none.
func (m module) note(s *scripts, name string, first, end int) {
	after := m.at(end + 1)
	if after.Is("=") {
		return
	}
	f := found{name: name, file: m.name, line: m.at(end).Line}
	switch {
	case after.Is("||") || after.Is("??"):
		f.value, f.fallback = m.alternative(end + 2)
	case after.Is(",") && m.at(first-1).Is("(") && strings.HasPrefix(m.at(first-2).Text, "parse"):
		f.value, _ = m.alternative(end + 2)
	}
	s.found = append(s.found, f)
}

// alternative reads a literal, or the name of another variable, at i.
func (m module) alternative(i int) (*string, string) {
	switch t := m.at(i); {
	case t.Kind == script.String && !m.at(i+1).Is("${") || t.Kind == script.Number:
		return new(t.Text), ""
	case t.Kind == script.Name && m.at(i+1).Is(".") && environmentName(m.at(i+2).Text):
		return nil, m.at(i + 2).Text
	default:
		return nil, ""
	}
}

// destructured reads const { A, B: b = 'x' } = process.env, whose closing brace is at end.
func (m module) destructured(s *scripts, end int) {
	open := end
	for depth := 0; open >= 0; open-- {
		if m.at(open).Is("}") {
			depth++
		}
		if m.at(open).Is("{") {
			if depth--; depth == 0 {
				break
			}
		}
	}
	for i := open + 1; i < end; i++ {
		if t := m.at(i); t.Kind == script.Name && (m.at(i-1).Is("{") || m.at(i-1).Is(",")) {
			f := found{name: t.Text, file: m.name, line: t.Line}
			j := i + 1
			if m.at(j).Is(":") {
				j += 2
			}
			if m.at(j).Is("=") {
				f.value, f.fallback = m.alternative(j + 1)
			}
			s.found = append(s.found, f)
		}
	}
}
