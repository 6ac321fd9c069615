package script_test

import (
	"strings"
	"testing"

	"github.com/goingdark-social/bot/pkg/upstream/internal/script"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a // b\nc /* d\n */ e":     "a c e",
		`x = 'it\'s' + "y"`:         `x = 'it\'s' + 'y'`,
		"`a ${b + `c ${d}`} e` f":   "'a ' ${ b + 'c ' ${ d } '' } ' e' f",
		"a = b / c / d; e(/[/']/g)": "a = b / c / d ; e ( /[/']/ )",
		"env?.A ?? 1_000":           "env ?. A ?? 1000",
		"const { A: a = {} } = b":   "const { A : a = { } } = b",
		"`unfinished ${a":           "'unfinished ' ${ a",
		"'unfinished\nb":            "'unfinished' b",
		"return /x/.test(y)":        "return /x/ . test ( y )",
	} {
		var got []string
		for _, tok := range script.Tokens(in) {
			if tok.Kind == script.String {
				tok.Text = "'" + tok.Text + "'"
			}
			got = append(got, tok.Text)
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%q\n got %s\nwant %s", in, text, want)
		}
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	tokens := script.Tokens("/*\n*/ `a\n${\nb}\n` c")
	if last := tokens[len(tokens)-1]; last.Text != "c" || last.Line != 5 {
		t.Errorf("%+v", last)
	}
}
