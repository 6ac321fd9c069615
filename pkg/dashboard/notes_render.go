package dashboard

import (
	"html/template"
	"slices"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"

	"github.com/goingdark-social/bot/internal/gfm"
)

// notesRenderer writes what a page shows otherwise than goldmark does.
type notesRenderer struct{}

// RegisterFuncs says for which nodes.
func (notesRenderer) RegisterFuncs(to renderer.NodeRendererFuncRegisterer) {
	for kind, f := range map[ast.NodeKind]renderer.NodeRendererFunc{
		ast.KindRawHTML: rawHTML, ast.KindHTMLBlock: htmlBlock, ast.KindImage: image,
		ast.KindFencedCodeBlock: code, ast.KindCodeBlock: code,
		gfm.KindTable: table, gfm.KindRow: tableRow, gfm.KindCell: tableCell, kindBox: checkBox, kindFold: folded, kindSmall: smallPrint,
	} {
		to.Register(kind, f)
	}
}

func write(w util.BufWriter, parts ...string) (ast.WalkStatus, error) {
	for _, part := range parts {
		if _, err := w.WriteString(part); err != nil {
			return ast.WalkStop, err
		}
	}

	return ast.WalkContinue, nil
}

// rawHTML shows HTML as the text that it is; a line break is one.
func rawHTML(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	found := tag(n, source)

	switch {
	case !entering:
		return ast.WalkContinue, nil
	case slices.Contains([]string{"<br>", "<br/>", "<br />"}, found):
		return write(w, "<br>")
	}

	return write(w, template.HTMLEscapeString(found))
}

func htmlBlock(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}

	return write(w, "<p>", template.HTMLEscapeString(tag(n, source)), "</p>\n")
}

// image is a link: a page loads nothing from elsewhere.
func image(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	to := n.(*ast.Image).Destination //nolint:forcetypeassert // registered for this kind

	switch {
	case safe(to) && entering:
		return write(w, `<a href="`, string(util.EscapeHTML(util.URLEscape(to, true))), `">`)
	case safe(to):
		return write(w, "</a>")
	}

	return ast.WalkContinue, nil
}

// code can be scrolled with the keyboard. A diagram is left out: what it says
// stands in the steps below it.
func code(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if f, ok := n.(*ast.FencedCodeBlock); ok && string(f.Language(source)) == "mermaid" || !entering {
		return ast.WalkSkipChildren, nil
	}

	_, err := write(w, `<pre tabindex="0"><code>`, template.HTMLEscapeString(string(n.Lines().Value(source))), "</code></pre>\n")

	return ast.WalkSkipChildren, err
}

func table(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	switch {
	case entering:
		return write(w, `<div class="scroll" tabindex="0" role="group" aria-label="Table, scrolls sideways"><table>`, "\n")
	case n.ChildCount() > 1:
		return write(w, "</tbody>\n</table></div>\n")
	}

	return write(w, "</table></div>\n")
}

func tableRow(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	head := n.(*gfm.Row).Head //nolint:forcetypeassert // registered for this kind

	switch {
	case head && entering:
		return write(w, "<thead><tr>")
	case head && n.NextSibling() != nil:
		return write(w, "</tr></thead>\n<tbody>\n")
	case head:
		return write(w, "</tr></thead>\n")
	case entering:
		return write(w, "<tr>")
	}

	return write(w, "</tr>\n")
}

func tableCell(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	c := n.(*gfm.Cell) //nolint:forcetypeassert // registered for this kind

	name := "td"
	if c.Head {
		name = "th"
	}

	if !entering {
		return write(w, "</", name, ">")
	}

	align := ""
	if c.Align != "" {
		align = ` align="` + c.Align + `"`
	}

	return write(w, "<", name, align, ">")
}

func checkBox(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}

	return write(w, `<span class="box" aria-hidden="true"></span> `)
}

func folded(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return write(w, "</details>\n")
	}

	return write(w, "<details><summary>", template.HTMLEscapeString(n.(*fold).summary), "</summary>\n") //nolint:forcetypeassert // registered for this kind
}

func smallPrint(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		return write(w, `<small class="source">`)
	}

	return write(w, "</small>")
}
