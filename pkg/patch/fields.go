package patch

import (
	"bytes"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/pkg/patch/internal/source"
)

// fields is how to add and to drop a tag or a digest where each is a value of its own.
type fields struct {
	tag, digest field
	joined      bool // the tag's value is tag@digest
}

// field is a key that stands in a mapping, or could.
type field struct {
	name  string
	key   span   // the key as it stands; empty when it does not
	value span   // the value inside its quotes
	end   int    // where the value ends, quotes included
	line  span   // what to take out so that the key is gone; empty when that can't be done safely
	at    int    // where the other field can be added; 0 when it can't
	after string // what stands between
}

// fields notes where the two keys stand in a mapping.
func (p *page) fields(d *source.Doc, m *yaml.Node, tag, digest string) *fields {
	return &fields{tag: p.field(d, m, tag), digest: p.field(d, m, digest)}
}

func (p *page) field(d *source.Doc, m *yaml.Node, name string) field {
	f := field{name: name}

	for k, v := range source.Pairs(m) {
		if k.Value != name || v.Kind != yaml.ScalarNode || v.Anchor != "" {
			continue
		}

		key, err := d.Scalar(k)
		value, also := d.Scalar(v)

		if err != nil || also != nil || v.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
			continue
		}

		f.key, f.value = key.Span(0, len(k.Value)), value.Span(0, len(v.Value))
		f.end = f.value.End + quotes(v)

		if m.Style&yaml.FlowStyle != 0 {
			f.flow(p.data, quotes(k))
		} else {
			f.block(p.data, quotes(k))
		}
	}

	return f
}

// quotes is how many bytes of quotes stand at each end of a scalar.
func quotes(n *yaml.Node) int {
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		return 1
	}

	return 0
}

// block reads the surroundings of a key on a line of its own.
func (f *field) block(data []byte, quote int) {
	from := f.key.Start - quote
	start := bytes.LastIndexByte(data[:from], '\n') + 1
	end := len(data)
	lineBreak := "\n"

	if i := bytes.IndexByte(data[f.end:], '\n'); i >= 0 {
		end = f.end + i
	}

	if bytes.HasSuffix(data[:end], []byte("\r")) {
		end--
		lineBreak = "\r\n"
	}

	indent := strings.TrimLeft(string(data[start:from]), " -")
	if indent != "" || bytes.ContainsRune(data[from:f.end], '\n') {
		return
	}

	f.at, f.after = end, lineBreak+strings.Repeat(" ", from-start)

	if len(bytes.TrimLeft(data[start:from], " ")) == 0 {
		f.line = span{Start: start, End: min(len(data), end+len(lineBreak))}
	}
}

// flow reads the surroundings of a key between commas.
func (f *field) flow(data []byte, quote int) {
	f.at, f.after = f.end, ", "

	if before := bytes.TrimRight(data[:f.key.Start-quote], " "); bytes.HasSuffix(before, []byte(",")) {
		f.line = span{Start: len(before) - 1, End: f.end}
	}
}

// edits changes the two fields to what is wanted; not ok when that takes more than can be done safely.
func (f *fields) edits(w wanted) (edits []edit, ok bool) {
	has := func(f field) bool { return f.key.Len() > 0 }

	switch {
	case w.tag != "" && w.digest != "" && !has(f.digest):
		return []edit{f.tag.set(w.tag), f.tag.add(f.digest.name, w.digest)}, f.tag.at > 0
	case w.tag != "" && w.digest != "":
		return []edit{f.digest.set(w.digest), f.digest.add(f.tag.name, w.tag)}, f.digest.at > 0
	case w.tag != "" && !has(f.tag):
		return []edit{{span: f.digest.key, text: f.tag.name}, f.digest.set(w.tag)}, true
	case w.tag != "":
		return []edit{f.tag.set(w.tag), {span: f.digest.line, keys: true}}, f.digest.line.Len() > 0
	case !has(f.digest):
		return []edit{{span: f.tag.key, text: f.digest.name}, f.tag.set(w.digest)}, true
	default:
		return []edit{f.digest.set(w.digest), {span: f.tag.line, keys: true}}, f.tag.line.Len() > 0
	}
}

// set replaces the value and leaves its quotes.
func (f field) set(value string) edit { return edit{span: f.value, text: value} }

func (f field) add(name, value string) edit {
	return edit{span: span{Start: f.at, End: f.at}, text: f.after + name + ": " + value, keys: true}
}
