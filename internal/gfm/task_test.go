package gfm_test

import (
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"github.com/goingdark-social/bot/internal/gfm"
)

func TestTask(t *testing.T) {
	t.Parallel()

	for source, want := range map[string]struct {
		done, ok bool
		text     string
	}{
		"- [ ] do it":   {false, true, "do it"},
		"- [x] done":    {true, true, "done"},
		"- [X] `code`":  {true, true, ""},
		"1. [ ] second": {false, true, "second"},
		"- [ ]":         {false, false, "[ ]"},
		"- [y] no":      {false, false, "[y] no"},
		"- [ ](x) link": {false, false, " link"},
		"- plain":       {false, false, "plain"},
		"- [ ] **b** c": {false, true, " c"},
	} {
		src := []byte(source)
		doc := goldmark.New().Parser().Parse(text.NewReader(src))
		item := doc.FirstChild().FirstChild().(*ast.ListItem)

		done, ok := gfm.Task(item, src)

		rest := ""

		for n := item.FirstChild().FirstChild(); n != nil; n = n.NextSibling() {
			if words, isText := n.(*ast.Text); isText {
				rest += string(words.Segment.Value(src))
			}
		}

		if done != want.done || ok != want.ok || rest != want.text {
			t.Errorf("%q: done %v, ok %v, text %q; want %+v", source, done, ok, rest, want)
		}
	}
}
