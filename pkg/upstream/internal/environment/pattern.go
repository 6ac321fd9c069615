package environment

import (
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

// pattern reads a search through the environment's names: a regular expression or the start of a name.
func (r *source) pattern(i int) {
	for j := i + 3; j < len(r.tokens) && r.at(j).Kind != ruby.Newline && r.at(j).Kind != ruby.EOF; j++ {
		t := r.at(j)
		switch {
		case t.Kind == ruby.Regexp && t.Parts == nil:
			if glob, ok := globOf(t.Text); ok {
				r.found = append(r.found, found{name: glob, pattern: true, file: r.file, line: r.at(i).Line, scopes: r.scopes})
				return
			}
		case t.Is("start_with?") && r.at(j+2).Literal():
			r.found = append(r.found, found{name: r.at(j+2).Text + "*", pattern: true, file: r.file, line: r.at(i).Line, scopes: r.scopes})
			return
		}
	}
	r.gap("a search through the environment", r.at(i).Line)
}

var plainName = lazyre.New(`^[A-Za-z0-9_*]+$`)

// globOf turns a simple regular expression on names into a glob. Names are taken whole, as people write them, although
// the expression may match inside of a name.
func globOf(expr string) (string, bool) {
	for _, anchor := range []string{`\A`, "^"} {
		expr = strings.TrimPrefix(expr, anchor)
	}
	for _, anchor := range []string{`\z`, `\Z`, "$"} {
		expr = strings.TrimSuffix(expr, anchor)
	}
	for _, wild := range []string{"(.*)", "(.+)", ".*", ".+", `\w+`, `\w*`} {
		expr = strings.ReplaceAll(expr, wild, "*")
	}
	return expr, plainName.MatchString(expr)
}
