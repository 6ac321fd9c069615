package command

import (
	"bytes"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"github.com/goingdark-social/bot/internal/weigh"
)

// most is how many commands of one comment are read; whoever writes more is
// not served the rest.
const most = 10

// maxSteps is how much work a comment may be to read, about: some milliseconds.
// Anybody can write 64 kB of brackets and ask for it.
const maxSteps = 10_000_000

// Parse finds the commands of a comment, in order: the lines of its own
// paragraphs that begin with /bot. What stands in a quotation, a list, a
// table, code, HTML or a hidden comment is none.
func Parse(body string) []Command {
	source := bytes.ReplaceAll([]byte(body), []byte("\r\n"), []byte("\n"))
	if !bytes.Contains(source, []byte(Prefix)) || weigh.Markdown(source) > maxSteps {
		return nil
	}

	var found []Command

	document := goldmark.New().Parser().Parse(text.NewReader(source))

	for block := document.FirstChild(); block != nil; block = block.NextSibling() {
		paragraph, ok := block.(*ast.Paragraph)
		if !ok {
			continue
		}

		for _, line := range begun(paragraph, source) {
			if c, ok := Line(line); ok && len(found) < most {
				found = append(found, c)
			}
		}
	}

	return found
}

// begun are the lines of a paragraph that begin as plain text: not inside of
// code, of HTML or of a link that began on a line before.
func begun(paragraph *ast.Paragraph, source []byte) []string {
	plain := map[int]bool{}

	for inline := paragraph.FirstChild(); inline != nil; inline = inline.NextSibling() {
		if t, ok := inline.(*ast.Text); ok {
			plain[t.Segment.Start] = true
		}
	}

	var lines []string

	for i := range paragraph.Lines().Len() {
		segment := paragraph.Lines().At(i)

		value := segment.Value(source)
		if indent := len(value) - len(bytes.TrimLeft(value, " \t")); plain[segment.Start+indent] || plain[segment.Start] {
			lines = append(lines, string(bytes.TrimSpace(value)))
		}
	}

	return lines
}
