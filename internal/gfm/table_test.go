package gfm_test

import (
	"slices"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"github.com/goingdark-social/bot/internal/gfm"
)

// TestTablesAreReadAsTheParsersOwnExtensionReadsThem compares the cells, row by row.
func TestTablesAreReadAsTheParsersOwnExtensionReadsThem(t *testing.T) {
	t.Parallel()

	for name, source := range map[string]string{
		"plain":            "| a | b |\n|---|---|\n| `v4.4.3` | x |\n",
		"no outer pipes":   "a | b\n-|-\nc | d\n",
		"aligned":          "| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |\n",
		"escaped pipe":     "| a | b |\n|-|-|\n| x \\| y | `p \\| q` |\n",
		"fewer cells":      "| a | b |\n|-|-|\n| x |\n",
		"empty cell":       "| a | b |\n|-|-|\n|  | x |\n",
		"text before":      "words\nmore\n| a | b |\n|-|-|\n| x | y |\n",
		"text behind":      "| a |\n|-|\n| x |\n\nwords | no row\n",
		"ended by heading": "| a | b |\n|-|-|\n| x | y |\n# Title\n| z | z |\n",
		"no delimiter":     "| a | b |\n| c | d |\n",
		"in a list":        "- one\n\n  | a | b |\n  |---|---|\n  | x | y |\n",
		"in a quote":       "> | a | b |\n> |---|---|\n> | x | y |\n",
		"crlf":             "| a | b |\r\n|---|---|\r\n| x | y |\r\n",
		"no final newline": "| a | b |\n|---|---|\n| ä🐘 | y |",
		"open code":        "| a | b |\n|---|---|\n| `x | y` |\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			src := []byte(source)
			ours := goldmark.New(goldmark.WithParserOptions(gfm.Tables())).Parser().Parse(text.NewReader(src))
			theirs := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader(src))

			if got, want := cellsIn(ours, src), cellsIn(theirs, src); !slices.EqualFunc(got, want, slices.Equal[[]string]) {
				t.Errorf("rows %q, want %q", got, want)
			}
		})
	}
}

// TestATableHasAsManyColumnsAsItsHead, as GitHub has it; the extension is more lenient.
func TestATableHasAsManyColumnsAsItsHead(t *testing.T) {
	t.Parallel()

	src := []byte("| a | b |\n|-|-|-|\n| x | y |\n")
	doc := goldmark.New(goldmark.WithParserOptions(gfm.Tables())).Parser().Parse(text.NewReader(src))

	if got := cellsIn(doc, src); got != nil {
		t.Errorf("rows %q in what is no table", got)
	}
}

// cellsIn are the sources of the cells, row by row. The extension fills short
// rows up with empty cells, which say nothing.
func cellsIn(doc ast.Node, src []byte) [][]string {
	var rows [][]string

	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n.(type) {
		case *gfm.Row, *east.TableRow, *east.TableHeader:
		default:
			return ast.WalkContinue, nil
		}

		if !entering {
			return ast.WalkContinue, nil
		}

		var cells []string

		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			value := ""
			if c.Lines() != nil {
				value = string(c.Lines().Value(src))
			}

			if value != "" {
				cells = append(cells, value)
			}
		}

		rows = append(rows, cells)

		return ast.WalkSkipChildren, nil
	})

	return rows
}
