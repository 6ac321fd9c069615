package patch

import (
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/patch/internal/source"
)

// inlines reads the code and the links of a line of text.
func (r *documentReader) inlines(parent ast.Node) {
	var before strings.Builder

	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			before.Write(n.Segment.Value(r.src))
		case *ast.CodeSpan:
			r.code(n, before.String(), nil)
			before.Reset()
		case *ast.Link:
			r.link(n, before.String())
			before.Reset()
		default:
			r.inlines(n)
		}
	}
}

// code notes each line of inline code.
func (r *documentReader) code(n ast.Node, before string, target []source.Text) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			r.inline = append(r.inline, string(t.Segment.Value(r.src)))
			r.passages = append(r.passages, passage{text: r.text.Slice(t.Segment.Start, t.Segment.Stop), before: before, target: target})
		}
	}
}

// link notes the pieces of a link's text, each with where the link leads.
func (r *documentReader) link(n *ast.Link, before string) {
	var pieces []*ast.Text

	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := c.(*ast.Text); ok && entering {
			pieces = append(pieces, t)
		}

		return ast.WalkContinue, nil
	})

	if len(pieces) == 0 {
		return
	}

	target := r.target(n, pieces[len(pieces)-1].Segment.Stop)
	for _, t := range pieces {
		r.passages = append(r.passages, passage{
			text: r.text.Slice(t.Segment.Start, t.Segment.Stop), before: before, target: target, link: true,
		})
	}
}

// target finds the bytes of where a link leads: the parser keeps its text alone. They follow the text, or stand in a definition.
func (r *documentReader) target(n *ast.Link, end int) []source.Text {
	rest := string(r.src[end:min(len(r.src), end+maxLine)])
	at := strings.Index(rest, "]")

	if at >= 0 && strings.HasPrefix(rest[at:], "](") {
		from := strings.Index(rest[at:], string(n.Destination))
		if from >= 0 && len(n.Destination) > 0 {
			from += end + at

			return []source.Text{r.text.Slice(from, from+len(n.Destination))}
		}
	}

	return r.labels[string(n.Destination)]
}

var definition = lazyre.New(`(?m)^ {0,3}\[[^\]\n]+\]:[ \t]*<?([^\s>]+)`)

// definitions is where references lead, by their targets.
func (r *documentReader) definitions() map[string][]source.Text {
	found := map[string][]source.Text{}

	for _, m := range definition.FindAllSubmatchIndex(r.src, -1) {
		target := string(r.src[m[2]:m[3]])
		found[target] = append(found[target], r.text.Slice(m[2], m[3]))
	}

	return found
}
