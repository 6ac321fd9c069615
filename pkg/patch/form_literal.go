package patch

import (
	"bytes"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/pkg/patch/internal/source"
	"github.com/goingdark-social/bot/pkg/version"
)

// literals finds complete images in text that no other form understands: values of YAML and JSON wherever they stand, scripts inside
// them, and files of any other kind. Comments tell the past and are left alone; in YAML they are no values to begin with.
type literals struct{}

func (literals) find(p *page) {
	if p.docs == nil {
		if !p.isTemplate() && !bytes.ContainsRune(p.data, 0) {
			p.literal(p.text, Literal)
		}

		return
	}

	for _, d := range p.docs {
		p.scalars(d, d.Root, func(n *yaml.Node, t source.Text) { p.literal(t, Literal) })
	}
}

// scalars visits every value of a document that may hold an image. Aliases are not followed: their anchors are visited.
func (p *page) scalars(d *source.Doc, n *yaml.Node, visit func(*yaml.Node, source.Text)) {
	if n.Kind == yaml.ScalarNode && p.mayName(n.Value) {
		text, err := d.Scalar(n)
		if err != nil {
			p.lost(err)
		} else {
			visit(n, text)
		}
	}

	for _, c := range n.Content {
		p.scalars(d, c, visit)
	}
}

// literal notes the images in a text that name a complete, fixed version; a text that is nothing but an image may name any.
func (p *page) literal(t source.Text, form Form) {
	text := t.String()

	for _, s := range p.names.find(text) {
		tag, whole := s.part(text, s.tag), len(strings.TrimSpace(text)) == max(s.tag[1], s.digest[1])-s.name[0]
		if tag == "" && !whole || tag != "" && !whole && !p.fixed(s.part(text, s.name), tag) || inComment(text, s.name[0]) {
			continue
		}

		if s.digest[1] == 0 && tag == "" {
			continue
		}

		if r := p.spelled(form, t, s, p.names.canonical(s.part(text, s.name))); r != nil && r.Form == form {
			r.at.weak = true
		}
	}
}

// fixed tells a tag that names one build for ever, in any of the image's families.
func (p *page) fixed(image, tag string) bool {
	for _, f := range p.names.familiesOf(p.names.canonical(image)) {
		if version.ParseSuffixed(tag, f.TagSuffix).Fixed() {
			return true
		}
	}

	return false
}

// inComment tells that what stands at an offset is on a line that is a comment, or after one began. Of a line that no person wrote
// only the beginning and what is near are looked at.
func inComment(text string, at int) bool {
	start := strings.LastIndexByte(text[max(0, at-maxLine):at], '\n') + 1 + max(0, at-maxLine)
	line := text[start:at]
	trimmed := strings.TrimSpace(line)

	for _, mark := range []string{"#", "//", "--", ";", "/*", "*", "<!--", "rem ", "REM "} {
		if strings.HasPrefix(trimmed, mark) {
			return true
		}
	}

	return strings.Contains(line, " #") || strings.Contains(line, "\t#") || strings.Contains(line, " // ")
}

// maxLine is the length of line up to which text is taken to be written by people.
const maxLine = 4 << 10
