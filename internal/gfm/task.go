package gfm

import (
	"strings"

	"github.com/yuin/goldmark/ast"
)

// Task tells whether an item of a list begins with a box, "[ ] " or "[x] ",
// and takes the box out of its text. Call it on a document that is parsed.
func Task(item *ast.ListItem, source []byte) (done, ok bool) {
	block := item.FirstChild()
	if block == nil || block.Type() != ast.TypeBlock || block.Lines().Len() == 0 {
		return false, false
	}

	line := block.Lines().At(0)
	value := line.Value(source)

	if len(value) < 5 || value[0] != '[' || !strings.ContainsRune(" xX", rune(value[1])) || value[2] != ']' || value[3] != ' ' {
		return false, false
	}

	// The parser has cut the box into pieces of text while it looked for a link.
	end := line.Start + len("[ ] ")

	for n := block.FirstChild(); n != nil; n = block.FirstChild() {
		words, isText := n.(*ast.Text)
		if !isText || words.Segment.Start >= end {
			break
		}

		if words.Segment.Stop > end {
			words.Segment = words.Segment.WithStart(end)

			break
		}

		block.RemoveChild(block, n)
	}

	return value[1] != ' ', true
}
