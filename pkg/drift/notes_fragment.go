package drift

import (
	"strings"
	"unicode/utf8"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/patch"
)

// fragment is a part of a manifest that the notes quote.
type fragment struct {
	path  string
	at    patch.DocumentText // the comment that names the path
	lines []patch.DocumentText
	node  *yaml.Node // nil when it quotes nothing or can't be read
	fault string
}

var pathComment = lazyre.New(`^\s*#+\s*([^\s#:]+\.ya?ml)\s*$`)

// fragments splits a block at its path comments. What stands before the first is nobody's.
func fragments(f patch.Fence) []fragment {
	kind, _, _ := strings.Cut(strings.TrimSpace(f.Info), " ")
	if kind = strings.ToLower(kind); kind != "yaml" && kind != "yml" && kind != "" {
		return nil
	}

	var out []fragment

	for _, line := range f.Lines {
		if m := pathComment.FindStringSubmatch(strings.TrimRight(line.Text, "\r\n")); m != nil {
			out = append(out, fragment{path: m[1], at: line})
		} else if len(out) > 0 {
			out[len(out)-1].lines = append(out[len(out)-1].lines, line)
		}
	}

	for i := range out {
		out[i].parse()
	}

	return out
}

func (f *fragment) parse() {
	docs, err := node.Documents([]byte(f.text()))

	switch {
	case err != nil:
		f.fault = strings.TrimPrefix(err.Error(), "yaml: ")
	case len(docs) > 1:
		f.fault = "it holds several documents"
	case len(docs) == 1:
		f.node = docs[0]
	}
}

func (f *fragment) text() string {
	var b strings.Builder
	for _, line := range f.lines {
		b.WriteString(line.Text)
	}

	return b.String()
}

// line is where a node of the fragment stands in the notes.
func (f *fragment) line(n *yaml.Node) int {
	if n == nil || n.Line < 1 || n.Line > len(f.lines) {
		return f.at.Line
	}

	return f.lines[n.Line-1].Line
}

// edit puts bytes in the place of others.
type edit struct {
	start, end int
	text       string
}

// edit writes the manifest's value where the notes have another one. Not ok: it can't be done on one line.
func (f *fragment) edit(m mismatch) (edit, bool) {
	if m.have.Kind != yaml.ScalarNode || m.note.Kind != yaml.ScalarNode || strings.ContainsAny(m.have.Value, "\r\n") || m.note.Line > len(f.lines) {
		return edit{}, false
	}

	line := f.lines[m.note.Line-1]
	from := byteColumn(line.Text, m.note.Column)
	raw := rawScalar(line.Text[from:], m.note)

	if raw == "" {
		return edit{}, false
	}

	start := line.Offset + from

	return edit{start, start + len(raw), spell(m.have, raw)}, true
}

// byteColumn turns YAML's column, which counts characters from 1, into bytes from 0.
func byteColumn(line string, column int) int {
	at := 0

	for range column - 1 {
		_, n := utf8.DecodeRuneInString(line[at:])
		at += n
	}

	return at
}

// rawScalar is a scalar as it is written, empty when that is not what a line holds.
func rawScalar(rest string, n *yaml.Node) string {
	switch n.Style {
	case 0:
		if strings.HasPrefix(rest, n.Value) {
			return n.Value
		}
	case yaml.SingleQuotedStyle, yaml.DoubleQuotedStyle:
		if rest == "" || rest[0] != '"' && rest[0] != '\'' {
			return ""
		}

		for end := 1; end < len(rest); end++ {
			switch {
			case rest[end] == '\\' && rest[0] == '"':
				end++
			case rest[end] != rest[0]:
			case rest[0] == '\'' && end+1 < len(rest) && rest[end+1] == '\'':
				end++
			default:
				return rest[:end+1]
			}
		}
	default:
	}

	return ""
}

// spell writes a value in the style of what it replaces, in quotes where it needs them.
func spell(have *yaml.Node, raw string) string {
	value := have.Value

	switch {
	case raw[0] == '\'' && !strings.Contains(value, "'"):
		return "'" + value + "'"
	case raw[0] == '"' && !strings.ContainsAny(value, `"\`):
		return `"` + value + `"`
	case raw[0] != '"' && raw[0] != '\'' && (plain(value) || have.Style == 0):
		return value
	case !strings.Contains(value, "'"):
		return "'" + value + "'"
	default:
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
	}
}

// plain tells a value that YAML reads as itself without quotes, also as an item of a flow list.
func plain(value string) bool {
	var n yaml.Node

	err := yaml.Unmarshal([]byte("["+value+"]"), &n)
	if err != nil || len(n.Content) != 1 || len(n.Content[0].Content) != 1 {
		return false
	}

	item := n.Content[0].Content[0]

	return item.Kind == yaml.ScalarNode && item.Value == value
}
