package patch

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// tableReader turns the tables of GitHub's Markdown into rows of cells. The
// parser's own extension does that too, but its package compiles the patterns
// of every other extension when the program starts, which costs more than all
// of this program's rooms together.
type tableReader struct{}

// row is one row of a table; its children are text blocks, one a cell.
type row struct{ ast.BaseBlock }

var rowKind = ast.NewNodeKind("Row") //nolint:gochecknoglobals // the parser numbers its kinds so

func (*row) Kind() ast.NodeKind              { return rowKind }
func (n *row) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

func withTables() parser.Option {
	return parser.WithParagraphTransformers(util.Prioritized(tableReader{}, 200))
}

// A delimiter row, as https://github.github.com/gfm/#tables-extension- has it.
var delimiterRow = lazyre.New(`^ {0,3}\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\r?\n?$`)

// Transform puts rows in the place of a paragraph's lines from the one above a
// delimiter row on. The lines before that stay a paragraph.
func (tableReader) Transform(p *ast.Paragraph, reader text.Reader, _ parser.Context) {
	lines, src := p.Lines(), reader.Source()

	for i := 1; i < lines.Len(); i++ {
		head, under := lines.At(i-1), lines.At(i)
		if !delimiterRow.Match(under.Value(src)) || len(cellsOf(head, src)) != len(cellsOf(under, src)) {
			continue
		}

		last := ast.Node(p)

		for j := i - 1; j < lines.Len(); j++ {
			if j == i {
				continue
			}

			r := rowOf(lines.At(j), src)
			p.Parent().InsertAfter(p.Parent(), last, r)
			last = r
		}

		lines.SetSliced(0, i-1)

		if lines.Len() == 0 {
			p.Parent().RemoveChild(p.Parent(), p)
		}

		return
	}
}

func rowOf(line text.Segment, src []byte) *row {
	r := &row{}

	for _, cell := range cellsOf(line, src) {
		block := ast.NewTextBlock()
		block.Lines().Append(cell)
		r.AppendChild(r, block)
	}

	return r
}

// cellsOf splits a line at its pipes. One behind a backslash is text, in code too.
func cellsOf(line text.Segment, src []byte) []text.Segment {
	line = trimmed(line, src)
	value := line.Value(src)

	from := 0
	if bytes.HasPrefix(value, []byte("|")) {
		from = 1
	}

	var cells []text.Segment

	for i := from; i <= len(value); i++ {
		if i < len(value) && (value[i] != '|' || i > 0 && value[i-1] == '\\') {
			continue
		}

		if i < len(value) || i > from {
			cells = append(cells, trimmed(text.NewSegment(line.Start+from, line.Start+i), src))
		}

		from = i + 1
	}

	return cells
}

func trimmed(s text.Segment, src []byte) text.Segment {
	s = s.TrimLeftSpace(src)

	return s.TrimRightSpace(src)
}
