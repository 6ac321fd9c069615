package dashboard

import (
	"bytes"
	"html/template"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"github.com/goingdark-social/bot/internal/gfm"
	"github.com/goingdark-social/bot/internal/weigh"
)

// maxSteps is how much work notes may be to show, about: some tens of
// milliseconds. Others are shown as they are.
const maxSteps = 100_000_000

// notesHTML turns Markdown into HTML that is safe whatever comes in: HTML in it
// is text, but for the two constructs that the notes themselves use; addresses
// that would run something lead nowhere; pictures are links.
func notesHTML(markdown string) template.HTML {
	if markdown == "" {
		return ""
	}

	m := goldmark.New(
		goldmark.WithParserOptions(gfm.Tables(), parser.WithASTTransformers(util.Prioritized(shaper{}, 100))),
		goldmark.WithRendererOptions(html.WithHardWraps(), renderer.WithNodeRenderers(util.Prioritized(notesRenderer{}, 10))),
	)

	var page bytes.Buffer
	if weigh.Markdown(markdown) > maxSteps || m.Convert([]byte(markdown), &page) != nil {
		return template.HTML("<pre>" + template.HTMLEscapeString(markdown) + "</pre>") //nolint:gosec // escaped
	}

	return template.HTML(page.String()) //nolint:gosec // goldmark escapes, and passes no HTML on
}

// safe tells an address that a browser may follow.
func safe(address []byte) bool { return !html.IsDangerousURL(address) }
