package environment

import (
	"github.com/goingdark-social/bot/pkg/upstream/internal/script"
)

// pass notes that the environment at token i is an argument of a call.
func (m module) pass(s *scripts, i int) {
	n, depth := 0, 0
	for j := i - 1; j > 0; j-- {
		switch t := m.at(j); {
		case t.Kind != script.Op:
		case t.Text == ")" || t.Text == "]" || t.Text == "}":
			depth++
		case t.Text == "," && depth == 0:
			n++
		case t.Text == "(" && depth == 0:
			if f := m.at(j - 1); f.Kind == script.Name && !m.at(j-2).Is("function") {
				s.passed[parameter{f.Text, n}] = true
			}
			return
		case t.Text == "(" || t.Text == "[" || t.Text == "{":
			depth--
		}
	}
}

// aliases are the names that stand for the environment in this file: const x = process.env, and the parameters of
// functions that it is passed to.
func (m module) aliases(s *scripts) []alias {
	var out []alias
	for i, t := range m.tokens {
		switch {
		case t.Is("=") && m.at(i+1).Is("process") && m.at(i+2).Is(".") && m.at(i+3).Is("env") && !m.at(i+4).Is(".") && !m.at(i+4).Is("["):
			if name := m.at(i - 1); name.Kind == script.Name {
				out = append(out, alias{name.Text, i + 4, len(m.tokens)})
			}
		case t.Is("function") && m.at(i+1).Kind == script.Name && m.at(i+2).Is("(") && s.budget.Spend(len(m.tokens)-i):
			out = append(out, m.parameters(s, m.at(i+1).Text, i+2)...)
		case t.Kind == script.Name && m.at(i+1).Is("=") && m.at(i+2).Is("(") && s.budget.Spend(len(m.tokens)-i) && m.at(script.Matching(m.tokens, i+2)+1).Is("=>"):
			out = append(out, m.parameters(s, t.Text, i+2)...)
		}
	}
	return out
}

// parameters are the aliases among the parameters of a function whose list opens at i.
func (m module) parameters(s *scripts, function string, i int) []alias {
	var out []alias
	end := script.Matching(m.tokens, i)
	body := end + 1
	for body < len(m.tokens) && !m.at(body).Is("{") && !m.at(body).Is(";") {
		body++
	}
	to := script.Matching(m.tokens, min(body, len(m.tokens)-1))
	n, depth := 0, 0
	for j := i + 1; j < end; j++ {
		switch t := m.at(j); {
		case t.Is("(") || t.Is("{") || t.Is("["):
			depth++
		case t.Is(")") || t.Is("}") || t.Is("]"):
			depth--
		case t.Is(",") && depth == 0:
			n++
		case t.Kind == script.Name && depth == 0 && (j == i+1 || m.at(j-1).Is(",")) && s.passed[parameter{function, n}]:
			out = append(out, alias{t.Text, end, to})
		}
	}
	return out
}
