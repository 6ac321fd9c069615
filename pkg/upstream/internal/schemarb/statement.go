package schemarb

import (
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

// statement is one call: receiver.name(args) do |variable|.
type statement struct {
	line     int
	receiver string
	name     string
	args     ruby.Args
	block    bool
	variable string
}

// receiverOps stand within a receiver such as ActiveRecord::Schema[8.0].
var receiverOps = []string{"::", "[", "]", "."}

// statements splits the file into calls. Everything in a schema is one.
func statements(tokens []ruby.Token) ([]statement, error) {
	var out []statement
	for i := 0; ruby.At(tokens, i).Kind != ruby.EOF; {
		if tokens[i].Kind == ruby.Newline {
			i++
			continue
		}
		s, next, err := call(tokens, i)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
		i = next
	}
	return out, nil
}

func call(tokens []ruby.Token, i int) (statement, int, error) {
	start := tokens[i]
	s := statement{line: start.Line}
	var b strings.Builder
	// The receiver is all up to the last name in front of the arguments.
	for ; ; i++ {
		t := ruby.At(tokens, i)
		if t.Kind == ruby.Ident {
			s.name = t.Text
			i++
			if !ruby.At(tokens, i).Is(".") {
				break
			}
			b.WriteString(t.Text)
			continue
		}
		if t.Kind == ruby.Const || t.Kind == ruby.Number || t.Kind == ruby.Op && slices.Contains(receiverOps, t.Text) {
			b.WriteString(t.Text)
			continue
		}
		return s, 0, fail(start.Line, "not a statement: %q", t.Text)
	}
	s.receiver = strings.TrimSuffix(b.String(), ".")
	if s.name == "end" {
		return s, i, nil
	}
	s.args = ruby.ParseArgs(tokens, i)
	i = s.args.End
	if ruby.At(tokens, i).Is("do") {
		s.block = true
		i++
		if name := ruby.At(tokens, i+1); name.Kind == ruby.Ident && ruby.At(tokens, i).Is("|") && ruby.At(tokens, i+2).Is("|") {
			s.variable = name.Text
			i += 3
		}
	}
	if k := ruby.At(tokens, i).Kind; k != ruby.Newline && k != ruby.EOF {
		return s, 0, fail(tokens[i].Line, "%q behind the arguments of %s", tokens[i].Text, s.name)
	}
	return s, i, nil
}

// names returns the first n arguments, which must be all of them, as names.
func (s statement) names(n int) ([]string, error) {
	if len(s.args.List) != n {
		return nil, fail(s.line, "%s with %d arguments, want %d", s.name, len(s.args.List), n)
	}
	out := make([]string, n)
	for i, v := range s.args.List {
		if v.Kind != ruby.StringValue && v.Kind != ruby.SymbolValue {
			return nil, fail(s.line, "%s: argument %d is no name: %s", s.name, i+1, v.Text)
		}
		out[i] = v.Text
	}
	return out, nil
}

// options fails for an option that is not among the known ones.
func (s statement) options(known ...string) error {
	for _, p := range s.args.Pairs {
		if !slices.Contains(known, p.Key) {
			return fail(s.line, "%s: unknown option %s: %s", s.name, p.Key, p.Value.Text)
		}
	}
	return nil
}
