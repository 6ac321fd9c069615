package gfm

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// The kinds of nodes of a table.
var (
	KindTable = ast.NewNodeKind("GFMTable") //nolint:gochecknoglobals // the parser numbers its kinds so
	KindRow   = ast.NewNodeKind("GFMRow")   //nolint:gochecknoglobals // as above
	KindCell  = ast.NewNodeKind("GFMCell")  //nolint:gochecknoglobals // as above
)

// Table holds rows, the first of them its head.
type Table struct{ ast.BaseBlock }

// Row holds cells.
type Row struct {
	ast.BaseBlock

	Head bool
}

// Cell holds a line of text. Align is "left", "center", "right" or "".
type Cell struct {
	ast.BaseBlock

	Align string
	Head  bool
}

// Kind is KindTable.
func (*Table) Kind() ast.NodeKind { return KindTable }

// Kind is KindRow.
func (*Row) Kind() ast.NodeKind { return KindRow }

// Kind is KindCell.
func (*Cell) Kind() ast.NodeKind { return KindCell }

// Dump prints the node.
func (n *Table) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// Dump prints the node.
func (n *Row) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// Dump prints the node.
func (n *Cell) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// Tables makes a parser read tables.
func Tables() parser.Option {
	return parser.WithParagraphTransformers(util.Prioritized(tables{}, 200))
}

type tables struct{}

// A delimiter row, as https://github.github.com/gfm/#tables-extension- has it.
var delimiterRow = lazyre.New(`^ {0,3}\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\r?\n?$`)

// Transform makes a table of a paragraph's lines from the one above a
// delimiter row on. The lines before that stay a paragraph.
func (tables) Transform(p *ast.Paragraph, reader text.Reader, _ parser.Context) {
	lines, src := p.Lines(), reader.Source()

	for i := 1; i < lines.Len(); i++ {
		head, under := lines.At(i-1), lines.At(i)
		if !delimiterRow.Match(under.Value(src)) {
			continue
		}

		columns := aligns(cellsOf(under, src), src)
		if len(cellsOf(head, src)) != len(columns) {
			continue
		}

		t := &Table{}
		t.AppendChild(t, rowOf(head, src, columns, true))

		for j := i + 1; j < lines.Len(); j++ {
			t.AppendChild(t, rowOf(lines.At(j), src, columns, false))
		}

		p.Parent().InsertAfter(p.Parent(), p, t)
		lines.SetSliced(0, i-1)

		if lines.Len() == 0 {
			p.Parent().RemoveChild(p.Parent(), p)
		}

		return
	}
}

// rowOf has as many cells as there are columns at most: the rest is dropped, as on GitHub.
func rowOf(line text.Segment, src []byte, columns []string, head bool) *Row {
	r := &Row{Head: head}

	for i, segment := range cellsOf(line, src) {
		if i == len(columns) {
			break
		}

		cell := &Cell{Align: columns[i], Head: head}
		cell.Lines().Append(segment)
		r.AppendChild(r, cell)
	}

	return r
}

func aligns(delimiters []text.Segment, src []byte) []string {
	out := make([]string, 0, len(delimiters))

	for _, d := range delimiters {
		value := d.Value(src)
		left, right := bytes.HasPrefix(value, []byte(":")), bytes.HasSuffix(value, []byte(":"))

		switch {
		case left && right:
			out = append(out, "center")
		case left:
			out = append(out, "left")
		case right:
			out = append(out, "right")
		default:
			out = append(out, "")
		}
	}

	return out
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
