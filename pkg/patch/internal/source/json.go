package source

import (
	"encoding/json"
	"errors"
	"io"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/weigh"
)

// ParseJSON parses JSON values, one after another. The nodes are YAML's, so that whoever reads a manifest need not care; their columns
// are offsets in the text and they have no lines. YAML's
// parser does not take all of JSON: "\ud83d\udc18" is an error there. The error is a [*SyntaxError].
func ParseJSON(t Text) ([]*Doc, error) {
	if err := weigh.Check(t.s); err != nil {
		return nil, &SyntaxError{Offset: t.Offset(0), Message: err.Error()}
	}

	p := jsonParser{text: t, decoder: json.NewDecoder(strings.NewReader(t.s))}
	p.decoder.UseNumber()

	var docs []*Doc

	for {
		d := &Doc{text: t, json: true}

		root, err := p.value()
		if errors.Is(err, io.EOF) && root == nil {
			return docs, nil
		}

		if err != nil {
			return nil, &SyntaxError{Offset: t.Offset(p.start(p.decoder.InputOffset())), Message: err.Error()}
		}

		d.Root = root
		docs = append(docs, d)
	}
}

type jsonParser struct {
	text    Text
	decoder *json.Decoder
	depth   int
}

// maxDepth is how deep values may be nested, as in the YAML parser.
const maxDepth = 10_000

func (p *jsonParser) value() (*yaml.Node, error) {
	from := p.start(p.decoder.InputOffset())

	token, err := p.decoder.Token()
	if err != nil {
		return nil, err
	}

	n := &yaml.Node{Column: from}

	switch v := token.(type) {
	case json.Delim:
		n.Kind = yaml.SequenceNode
		if v == '{' {
			n.Kind = yaml.MappingNode
		}

		err = p.children(n)
	case string:
		n.Kind, n.Tag, n.Style, n.Value = yaml.ScalarNode, yaml.NodeTagString, yaml.DoubleQuotedStyle, v
	default:
		n.Kind = yaml.ScalarNode
		n.Value = p.text.s[from:p.decoder.InputOffset()]
	}

	return n, err
}

// children reads up to the closing bracket; the keys of an object come as values before theirs, as YAML has them.
func (p *jsonParser) children(n *yaml.Node) error {
	if p.depth++; p.depth > maxDepth {
		return errors.New("exceeded max depth")
	}
	defer func() { p.depth-- }()

	for p.decoder.More() {
		child, err := p.value()
		if err != nil {
			return whole(err)
		}

		n.Content = append(n.Content, child)
	}

	_, err := p.decoder.Token()

	return whole(err)
}

// whole makes an end in the middle of a value an error of its own.
func whole(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}

	return err
}

// start skips what stands between two tokens.
func (p *jsonParser) start(end int64) int {
	from := int(end)

	return from + length(p.text.s[from:], func(c byte) bool { return space(c) || c == ',' || c == ':' })
}
