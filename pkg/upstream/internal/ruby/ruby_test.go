package ruby_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

// show writes tokens the way a person would check them: kind letter and text.
func show(tokens []ruby.Token) string {
	letters := map[ruby.Kind]string{
		ruby.Ident: "", ruby.Const: "", ruby.Op: "", ruby.Variable: "", ruby.Number: "n", ruby.String: "s", ruby.Symbol: "y",
		ruby.Label: "l", ruby.Words: "w", ruby.Regexp: "r",
	}
	var out []string
	for _, t := range tokens {
		switch t.Kind {
		case ruby.EOF:
		case ruby.Newline:
			out = append(out, "¶")
		case ruby.Words:
			out = append(out, "w["+strings.Join(t.List, ",")+"]")
		case ruby.Ident, ruby.Const, ruby.Op, ruby.Variable:
			out = append(out, t.Text)
		default:
			out = append(out, letters[t.Kind]+"<"+t.Text+">")
		}
	}
	return strings.Join(out, " ")
}

func TestTokens(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ in, want string }{
		"comment":               {"a # ENV['X']\nb", "a ¶ b"},
		"hash sign in a string": {`"#notes" # x`, `s<#notes>`},
		"interpolation":         {`"#{prefix}URL"`, `s<#{…}URL>`},
		"nested interpolation":  {`"a#{"b#{c}d"}e" f`, `s<a#{…}e> f`},
		"single quotes are raw": {`'#{x} it\'s'`, `s<#{x} it's>`},
		"escaped quotes":        {`"'\"char\"'"`, `s<'"char"'>`},
		"label and ternary":     {"f a: 1, b ? c : d", "f l<a> n<1> , b ? c : d"},
		"quoted label":          {`f({"a": 1, 'b': 2})`, "f ( { l<a> n<1> , l<b> n<2> } )"},
		"words":                 {"%w(a b\n c).each", "w[a,b,c] . each"},
		"symbol list":           {"x %i[a b]", "x w[a,b]"},
		"modulo":                {"a % b\nc = d %(e)", "a % b ¶ c = d s<e>"},
		"regexp":                {"x.match?(/OTEL_.*_ENDPOINT/)\na / b / c", "x . match? ( r<OTEL_.*_ENDPOINT> ) ¶ a / b / c"},
		"regexp with classes":   {`split(/(?:\s*,\s*|\s+)/)`, `split ( r<(?:\s*,\s*|\s+)> )`},
		"percent regexp":        {`gsub(%r{\Ahttps?://}, '')`, `gsub ( r<\Ahttps?://> , s<> )`},
		"here-document":         {"abort <<~MSG if ENV['X']\n  it's \"here\"\nMSG\nb", "abort s<  it's \"here\"\n> if ENV [ s<X> ] ¶ b"},
		"two here-documents":    {"f(<<~A, <<-'B')\na\nA\n b\n B\nc", "f ( s<a\n> , s< b\n> ) ¶ c"},
		"shift is no document":  {"class << self\nlist <<item\nx << Y", "class << self ¶ list << item ¶ x << Y"},
		"symbols":               {":a? :b= :[] :\"c d\" A::B", "y<a?> y<b=> y<[]> y<c d> A :: B"},
		"block comment":         {"a\n=begin\nENV\n=end\nb", "a ¶ b"},
		"end of program":        {"a\n__END__\nENV 'x", "a ¶"},
		"numbers":               {"2025_06_27 26_379 1.5 1..5", "n<20250627> n<26379> n<1.5> n<1> .. n<5>"},
		"character":             {"x == ?a", "x == s<a>"},
		"continued line":        {"a \\\n b", "a b"},
		"windows line ends":     {"a 'x'\r\nb", "a s<x> ¶ b"},
		"safe navigation":       {"a&.b!", "a &. b!"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tokens, err := ruby.Tokens(tc.in, 1)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, show(tokens)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLinesSurviveEveryLiteral(t *testing.T) {
	t.Parallel()
	src := "a = <<~X\n  one\n  #{two\n}\nX\nb = %w(\n x\n)\nc = 'y\nz'\n=begin\n=end\nhere"
	tokens, err := ruby.Tokens(src, 1)
	if err != nil {
		t.Fatal(err)
	}
	last := tokens[len(tokens)-2]
	if want := strings.Count(src, "\n") + 1; last.Text != "here" || last.Line != want {
		t.Errorf("%q on line %d, want here on %d", last.Text, last.Line, want)
	}
}

func TestUnfinishedTextNamesItsLine(t *testing.T) {
	t.Parallel()
	for _, src := range []string{"\n'abc", "\nx <<~EOF\nabc", "\n\"#{a", "\n%w(a", "\n=begin\n", "\n/a"} {
		_, err := ruby.Tokens(src, 1)
		e, ok := errors.AsType[*ruby.Error](err)
		if !ok || e.Line < 2 {
			t.Errorf("%q: %v", src, err)
		}
	}
}

func TestArguments(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ in, want string }{
		"bare":           {"f :a, 'b', c: nil, 'd' => [1, -2] do |t|", "a b | c=nil d=[1 -2]"},
		"parentheses":    {"f(:a,\n  b: { c: true }\n).x", "a | b={c=true}"},
		"several lines":  {"f :a,\n  b: 1\ng :c", "a | b=1"},
		"lambda":         {`f "t", default: -> { "now()" }, x: 1`, "t | default=->now() x=1"},
		"modifier":       {"f :a unless b", "a |"},
		"braces are one": {"f(:a) { g }", "a |"},
		"code":           {"f(x.y, z: a + 1)", "«x.y» | z=«a + 1»"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tokens, err := ruby.Tokens(tc.in, 1)
			if err != nil {
				t.Fatal(err)
			}
			a := ruby.ParseArgs(tokens, 1)
			var got []string
			for _, v := range a.List {
				got = append(got, text(v))
			}
			got = append(got, "|")
			for _, p := range a.Pairs {
				got = append(got, p.Key+"="+text(p.Value))
			}
			if diff := cmp.Diff(tc.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func text(v ruby.Value) string {
	var parts []string
	switch v.Kind {
	case ruby.CodeValue:
		return "«" + v.Text + "»"
	case ruby.ListValue:
		for _, e := range v.List {
			parts = append(parts, text(e))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case ruby.HashValue:
		for _, p := range v.Pairs {
			parts = append(parts, p.Key+"="+text(p.Value))
		}
		return "{" + strings.Join(parts, " ") + "}"
	case ruby.LambdaValue:
		return "->" + v.Text
	default:
		return v.Text
	}
}

func FuzzTokens(f *testing.F) {
	for _, seed := range []string{
		"create_table \"a\", force: :cascade do |t|\nend", "x = <<~A\n#{b}\nA\n", "%w(a b) / ?a % 'x'", ":\"a#{b}\"", "\"#{\"#{", "<<-'A'",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, src string) {
		tokens, err := ruby.Tokens(src, 1)
		if err != nil {
			return
		}
		for i := range tokens {
			ruby.ParseArgs(tokens, i)
		}
	})
}
