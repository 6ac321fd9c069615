package patch

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"github.com/goingdark-social/bot/internal/gfm"
	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/patch/internal/source"
)

// passage is a run of a Markdown document in which a version may be named: a line of a fenced block, inline code, or a link.
type passage struct {
	text   source.Text
	block  *block        // the fenced block that the line is of; nil for the rest
	line   int           // in the block
	before string        // the prose before inline code and links
	target []source.Text // of a link: where it leads, the definition of the reference included
	link   bool
}

// block is a fenced block.
type block struct {
	info  string
	lines []string
}

// document is what of a Markdown document may name the present, dated entries left out, and all fenced blocks.
type document struct {
	passages []passage
	blocks   []*block
	inline   []string // all inline code
	named    []*app   // whose paths the blocks name
}

type documentReader struct {
	document

	text   source.Text
	src    []byte
	labels map[string][]source.Text // targets of reference definitions
	dated  int                      // level of the dated section that is open, 0 for none
}

var blankable = lazyre.New(`[^\r\n]`)

// readDocument parses Markdown with tables. Front matter would be read as a heading and is blanked.
func readDocument(t source.Text) *document {
	r := &documentReader{text: t, src: []byte(t.String())}

	if end := frontMatter(r.src); end > 0 {
		copy(r.src, blankable.ReplaceAll(r.src[:end], []byte(" ")))
	}

	r.labels = r.definitions()
	parser := goldmark.New(goldmark.WithParserOptions(gfm.Tables())).Parser()
	r.blocksOf(parser.Parse(text.NewReader(r.src)))

	return &r.document
}

var frontMatterEnd = lazyre.New(`\n(---|\.\.\.|\+\+\+)[ \t]*(\r?\n|$)`)

func frontMatter(src []byte) int {
	if !bytes.HasPrefix(src, []byte("---\n")) && !bytes.HasPrefix(src, []byte("---\r\n")) && !bytes.HasPrefix(src, []byte("+++\n")) {
		return 0
	}

	if at := frontMatterEnd.FindIndex(src[3:]); at != nil {
		return 3 + at[1]
	}

	return 0
}

// blocksOf reads the blocks below a node in order. A section that is dated lasts until a heading of its level or above.
func (r *documentReader) blocksOf(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			r.heading(h)
		}

		switch n := n.(type) {
		case *ast.FencedCodeBlock:
			r.fence(n)
		case *ast.ListItem, *gfm.Row:
			if !r.entry(n) {
				r.inside(n)
			}
		case *ast.HTMLBlock, *ast.CodeBlock:
		default:
			r.inside(n)
		}
	}
}

// inside reads what a block holds: other blocks, or a line of text.
func (r *documentReader) inside(n ast.Node) {
	first := n.FirstChild()

	switch {
	case first == nil:
	case first.Type() == ast.TypeBlock:
		r.blocksOf(n)
	case r.dated == 0:
		r.inlines(n)
	}
}

func (r *documentReader) heading(h *ast.Heading) {
	if r.dated > 0 && h.Level <= r.dated {
		r.dated = 0
	}

	if r.dated == 0 && datedHeading(r.raw(h)) {
		r.dated = h.Level
	}
}

func (r *documentReader) entry(n ast.Node) bool {
	if _, row := n.(*ast.ListItem); !row {
		return datedRow(r.cells(n))
	}

	first := n.FirstChild()

	return first != nil && datedItem(r.raw(first))
}

func (r *documentReader) cells(row ast.Node) []string {
	var cells []string
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		cells = append(cells, r.raw(c))
	}

	return cells
}

// raw is the source of a block's own lines.
func (r *documentReader) raw(n ast.Node) string {
	if n.Type() != ast.TypeBlock || n.Lines() == nil {
		return ""
	}

	return string(n.Lines().Value(r.src))
}

func (r *documentReader) fence(n *ast.FencedCodeBlock) {
	b := &block{}
	if n.Info != nil {
		b.info = string(n.Info.Value(r.src))
	}

	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b.lines = append(b.lines, string(r.src[line.Start:line.Stop]))

		if r.dated == 0 && !strings.HasPrefix(b.info, "diff") {
			r.passages = append(r.passages, passage{text: r.text.Slice(line.Start, line.Stop), block: b, line: i})
		}
	}

	r.blocks = append(r.blocks, b)
}
