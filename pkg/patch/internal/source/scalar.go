package source

import (
	"fmt"
	"unicode/utf8"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// LostError says that a node's bytes were not found where the parser said, or spell something else than its value.
type LostError struct {
	Offset int // in the file
	Value  string
}

func (e *LostError) Error() string {
	return fmt.Sprintf("the bytes that spell %.60q could not be located", e.Value)
}

// Start is where in the file the node begins: its anchor or tag, its quote, or its first character.
func (d *Doc) Start(n *yaml.Node) (int, bool) {
	i, ok := d.start(n)
	if !ok {
		return d.text.Offset(0), false
	}

	return d.text.Offset(i), true
}

func (d *Doc) start(n *yaml.Node) (int, bool) {
	if d.json {
		return n.Column, n.Column <= len(d.text.s)
	}

	if n.Line < 1 || n.Line > len(d.lines) {
		return 0, false
	}

	at := d.lines[n.Line-1]

	for range n.Column - 1 {
		if at >= len(d.text.s) {
			return 0, false
		}

		_, width := utf8.DecodeRuneInString(d.text.s[at:])
		at += width
	}

	return at, true
}

// Scalar is the value of a scalar node with the way back to its bytes. An alias has no bytes of its own: ask for its anchor's.
// The error is a [*LostError].
func (d *Doc) Scalar(n *yaml.Node) (Text, error) {
	from, ok := d.start(n)
	if ok {
		r := reader{src: d.text.s, pos: from, want: n.Value}
		if !d.json {
			r.properties()
		}

		if r.scalar(n.Style) {
			return d.text.part(n.Value, r.at), nil
		}
	}

	return Text{}, &LostError{Offset: d.text.Offset(min(from, len(d.text.s))), Value: n.Value}
}

// scalar reads one value in its style and tells whether it is the wanted one.
func (r *reader) scalar(style yaml.Style) bool {
	r.at = make([]int, 0, len(r.want)+1)

	switch {
	case style&yaml.DoubleQuotedStyle != 0:
		return r.take('"') && r.double()
	case style&yaml.SingleQuotedStyle != 0:
		return r.take('\'') && r.single()
	case style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return r.block()
	default:
		return r.plain()
	}
}
