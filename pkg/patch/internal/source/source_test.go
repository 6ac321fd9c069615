package source

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
)

// ugly is YAML as people leave it lying around. Every scalar of it must be found.
var ugly = map[string]string{
	"plain":            "a: b\nc: d e   # comment\nlist:\n- x\n-   y z\t# tab\n",
	"runes before":     "ä: {🐘🐘: v4.4.3, ö: \"v4.4.3\"} # 🐘\n",
	"byte order mark":  "\ufeffimage: v4.4.3\nnext: ü\n",
	"crlf":             "a: b\r\nc: |\r\n  x\r\n  y\r\nd: 'e\r\n  f'\r\n",
	"quotes":           "a: 'it''s'\nb: \"x\\ty\\u00e4\\x41\\U0001F418\"\nc: \"\"\nd: ''\n",
	"folded quotes":    "a: \"one\n  two\n\n  three \\\n  four\"\nb: 'one\n  two\n\n\n  three'\n",
	"folded plain":     "a: one\n  two\n\n  three\nb: c\n",
	"properties":       "a: &x !!str v\nb: !!str &y \"w\"\nc: &z\n  k: v\nd: !local\n  v\ne: *x\n? &k key\n: &v value\n",
	"literal":          "a: |\n  one\n   two\n\n  three\nb: |-\n\n    x\n   \n    y\nc: |+\n  z\n\nd: e\n",
	"indicator":        "a: |2\n    one\n  two\nb: >-1\n  x\n y\n",
	"folded":           "a: >\n  one\n  two\n\n  three\n    more\n    more\n  four\n\n\n  five\nb: >-\n  x\n  y\n",
	"comment on block": "a: |- # why\n  x\nb: &q |\n  y\n",
	"documents":        "---\na: b\n---\nc: |\n  ---\n  d\n--- # comment\ne: f\n...\n---\n\"g\": 'h'\n",
	"directive":        "%YAML 1.1\n---\na: b\n---\nc: d\n",
	"document scalar":  "--- v4.4.3\n--- |\n x\n--- >\n y\n z\n--- \"q\"\n",
	"flow":             "{a: b, 'c': [d, \"e\", {f: g}], h: i j,\n k: l}\n",
	"one line":         `{"apiVersion": "v1", "a": ["b", {"c":"d"}]}` + "\n",
	"no final newline": "a: b\nc:\n  - d",
	"separators":       "a: \"x\u2028y\" # \u0085 \u2029\nb: c\n",
	"not utf-8":        "a: b # f\xfcr\nc: \"\xe4\"\nd: e\n",
	"lone cr":          "a: b\rc: d\r\ne: f\n",
	"tabs":             "a:\tb\t# c\nd:\t\t'e'\n",
	"merge":            "a: &a {x: y}\nb:\n  <<: *a\n  z: w\n",
	"nothing":          "a:\nb: ~\nc: []\n",
	"empty document":   "---\n---\na: b\n",
	"escaped break":    "a: \"v4.\\\n  4.3\"\n",
	"url in plain":     "a: http://x/y#z\nb: c#d\ne: f:g\n",
}

func TestEveryScalarIsFound(t *testing.T) {
	for name, in := range ugly {
		t.Run(name, func(t *testing.T) {
			docs, err := ParseYAML(Whole([]byte(in)))
			if err != nil {
				t.Fatal(err)
			}

			if n := checkScalars(t, docs); n == 0 {
				t.Error("no scalar was seen")
			}
		})
	}
}

func checkScalars(t *testing.T, docs []*Doc) int {
	t.Helper()

	count := 0

	for _, d := range docs {
		walk(d.Root, func(n *yaml.Node) {
			count++

			text, err := d.Scalar(n)
			if err != nil {
				t.Error(err)
			} else if text.String() != n.Value {
				t.Errorf("got %q, want %q", text.String(), n.Value)
			}
		})
	}

	return count
}

func walk(n *yaml.Node, visit func(*yaml.Node)) {
	if n.Kind == yaml.ScalarNode {
		visit(n)
	}

	for _, c := range n.Content {
		walk(c, visit)
	}
}

// TestSpan looks for "v4.4.3" in every scalar of a text and says which bytes of the file spell it.
func TestSpan(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"plain":         {"ä: v4.4.3 # v4.4.3\n", "v4.4.3@4"},
		"quoted":        {"🐘: \"x:v4.4.3\"\n", "v4.4.3@9"},
		"mark":          {"\ufeffa: v4.4.3\n", "v4.4.3@6"},
		"anchor":        {"a: &x !!str 'v4.4.3'\nb: *x\n", "v4.4.3@13"},
		"block":         {"a: |\r\n  - x\r\n  - v4.4.3\r\n", "v4.4.3@17"},
		"escape inside": {`a: "\u00e4 v4.\x34.3"`, `v4.\x34.3@11`},
		"invalid bytes": {"a: \"\xe4v4.4.3\"\n", "v4.4.3@5"},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			docs, err := ParseYAML(Whole([]byte(test.in)))
			if err != nil {
				t.Fatal(err)
			}

			var got []string

			walk(docs[0].Root, func(n *yaml.Node) {
				text, err := docs[0].Scalar(n)
				if err != nil {
					t.Fatal(err)
				}

				if i := strings.Index(text.String(), "v4.4.3"); i >= 0 {
					s := text.Span(i, i+len("v4.4.3"))
					got = append(got, fmt.Sprintf("%s@%d", test.in[s.Start:s.End], s.Start))
				}
			})

			if strings.Join(got, " ") != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestNested parses a document inside a block scalar inside a block scalar.
func TestNested(t *testing.T) {
	file := "a:\n  b: |\n    ä: 🐘\n    c: |-\n        image: \"v4.4.3\"\n    d: e\n"

	text := Whole([]byte(file))
	for _, path := range [][]string{{"a", "b"}, {"c"}, {"image"}} {
		docs, err := ParseYAML(text)
		if err != nil {
			t.Fatal(err)
		}

		if text, err = docs[0].Scalar(node.Get(docs[0].Root, path...)); err != nil {
			t.Fatal(err)
		}
	}

	s := text.Span(0, len("v4.4.3"))
	if got := file[s.Start:s.End]; got != "v4.4.3" || text.String() != "v4.4.3" {
		t.Errorf("got %q at %v", got, s)
	}
}

func TestSyntaxErrorLine(t *testing.T) {
	tests := map[string]struct {
		in   string
		line int
	}{
		"unclosed bracket": {"a: b\nx: [\n", 2},
		"unclosed quote":   {"a: b\nc: d\ne: \"f\ng: h\n", 3},
		"bad indent":       {"a:\n  b: c\n  d: e\n f: g\nh: i\n", 4},
		"second document":  {"a: b\n---\nc: d\n---\ne: f: g\nh: i\n", 5},
		"tab":              {"a:\n\tb: c\n", 2},
		"mapping in value": {"a: b\nc: d: e\n", 2},
		"alias":            {"a: b\nc: *nowhere\n", 2},
		"last line":        {"a: b\nc: }", 2},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ParseYAML(Whole([]byte(test.in)))

			var syntax *SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("got %v", err)
			}

			if line := 1 + strings.Count(test.in[:syntax.Offset], "\n"); line != test.line {
				t.Errorf("line %d (%v), want %d", line, err, test.line)
			}
		})
	}
}

func TestJSON(t *testing.T) {
	in := "{\n\t\"ä\": [\"\\ud83d\\udc18 v4.4.3\", 1.5, true, null, {}],\n\t\"b\" : {\"c\\/d\": \"e\"}}\n"

	docs, err := ParseJSON(Whole([]byte(in)))
	if err != nil {
		t.Fatal(err)
	}

	if n := checkScalars(t, docs); n != 8 {
		t.Errorf("%d scalars", n)
	}

	for in, want := range map[string]int{"{\n\"a\": 1,\n}\n": 3, "{\"a\": [\n1": 2, "[1\n2]": 2} {
		_, err := ParseJSON(Whole([]byte(in)))

		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Fatalf("%q: %v", in, err)
		}

		if line := 1 + strings.Count(in[:syntax.Offset], "\n"); line != want {
			t.Errorf("%q: line %d (%v), want %d", in, line, err, want)
		}
	}
}

func FuzzScalar(f *testing.F) {
	for _, in := range ugly {
		f.Add(in)
	}

	f.Fuzz(func(t *testing.T, in string) {
		docs, err := ParseYAML(Whole([]byte(in)))
		if err != nil {
			return
		}

		for _, d := range docs {
			walk(d.Root, func(n *yaml.Node) {
				text, err := d.Scalar(n)
				if err != nil {
					return
				}

				for i := range len(text.String()) {
					if s := text.Span(i, i+1); s.Start < 0 || s.End > len(in) || s.Start > s.End {
						t.Fatalf("span %v of %q", s, in)
					}
				}
			})
		}
	})
}
