package dashboard

import (
	"html"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"github.com/goingdark-social/bot/internal/gfm"
	"github.com/goingdark-social/bot/internal/lazyre"
)

// shaper changes the tree of the notes for a page: headings go below the
// page's own, folds and small print become nodes, and GitHub's alerts get
// their title.
type shaper struct{}

// below is how many levels the page's own headings take.
const below = 2

// Transform changes a document in place.
func (shaper) Transform(doc *ast.Document, r text.Reader, _ parser.Context) {
	source := r.Source()

	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}

		switch n := n.(type) {
		case *ast.Heading:
			n.Level = min(n.Level+below, 6)
		case *ast.Blockquote:
			alert(n, source)
		case *ast.ListItem:
			if _, task := gfm.Task(n, source); task {
				n.FirstChild().InsertBefore(n.FirstChild(), n.FirstChild().FirstChild(), &box{})
			}
		}

		pair(n, source)

		return ast.WalkContinue, nil
	}) // nothing in it fails
}

var (
	kindFold  = ast.NewNodeKind("Fold")
	kindSmall = ast.NewNodeKind("Small")
	kindBox   = ast.NewNodeKind("Box")

	foldOpens = lazyre.New(`^<details>\s*<summary>([^<>]*)</summary>$`)
	alertName = lazyre.New(`^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]$`)
)

// fold is <details> with its summary.
type fold struct {
	ast.BaseBlock

	summary string
}

func (*fold) Kind() ast.NodeKind          { return kindFold }
func (f *fold) Dump(source []byte, n int) { ast.DumpHelper(f, source, n, nil, nil) }

// small is <sub>: where something comes from.
type small struct{ ast.BaseInline }

func (*small) Kind() ast.NodeKind          { return kindSmall }
func (s *small) Dump(source []byte, n int) { ast.DumpHelper(s, source, n, nil, nil) }

// box is the one of a task, open or not: a page cannot tick it.
type box struct{ ast.BaseInline }

func (*box) Kind() ast.NodeKind          { return kindBox }
func (b *box) Dump(source []byte, n int) { ast.DumpHelper(b, source, n, nil, nil) }

// pair makes nodes of what stands between the two ends of a construct among
// the children of one node. An end without its other stays text.
func pair(parent ast.Node, source []byte) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		around, end := opens(n, source)
		if around == nil {
			continue
		}

		last := n.NextSibling()
		for last != nil && tag(last, source) != end {
			last = last.NextSibling()
		}

		if last == nil {
			continue
		}

		parent.InsertBefore(parent, n, around)

		for inside := n.NextSibling(); inside != last; inside = n.NextSibling() {
			around.AppendChild(around, inside)
		}

		parent.RemoveChild(parent, n)
		parent.RemoveChild(parent, last)
		n = around
	}
}

// opens tells what a node begins and what ends it.
func opens(n ast.Node, source []byte) (around ast.Node, end string) {
	switch found := tag(n, source); {
	case found == "<sub>":
		return &small{}, "</sub>"
	case foldOpens.MatchString(found):
		return &fold{summary: html.UnescapeString(foldOpens.FindStringSubmatch(found)[1])}, "</details>"
	}

	return nil, ""
}

// tag is the text of a node of HTML; "" of any other.
func tag(n ast.Node, source []byte) string {
	switch n := n.(type) {
	case *ast.RawHTML:
		return string(n.Segments.Value(source))
	case *ast.HTMLBlock:
		return strings.TrimSpace(string(n.Lines().Value(source)))
	}

	return ""
}

// alert makes "[!WARNING]" at the beginning of a quotation its title.
func alert(quote *ast.Blockquote, source []byte) {
	p, ok := quote.FirstChild().(*ast.Paragraph)
	if !ok || p.Lines().Len() == 0 {
		return
	}

	line := p.Lines().At(0)

	name := alertName.FindStringSubmatch(strings.TrimSpace(string(line.Value(source))))
	if name == nil {
		return
	}

	quote.SetAttributeString("class", []byte("alert alert-"+strings.ToLower(name[1])))

	for n := p.FirstChild(); n != nil; n = p.FirstChild() {
		words, isText := n.(*ast.Text)
		p.RemoveChild(p, n)

		if isText && words.SoftLineBreak() {
			break
		}
	}

	title := ast.NewParagraph()
	title.SetAttributeString("class", []byte("alert-title"))
	title.AppendChild(title, ast.NewString([]byte(name[1][:1]+strings.ToLower(name[1][1:]))))
	quote.InsertBefore(quote, p, title)

	if !p.HasChildren() {
		quote.RemoveChild(quote, p)
	}
}
