package config

import (
	"fmt"
	"slices"
	"strings"
)

// The test writes what it expects: the schemas, and the documentation.
//go:generate go test . -run ^TestPublished -update

// Documentation returns docs/configuration.md: both files, key by key, from the tables that read them.
func Documentation() []byte {
	d := &manual{}
	d.text(introduction)
	d.file("bot.yaml", aboutPolicy, policyShape().schema)
	d.file("The operator's file", aboutOperator, operatorShape().schema)
	d.text(kindsOfValues)
	d.text(aboutSources)
	d.mapping("", sourceShape().schema)
	return []byte(strings.Join(d.blocks, "\n\n") + "\n")
}

// manual is Markdown under construction: its blocks, between which blank lines stand.
type manual struct{ blocks []string }

func (d *manual) text(s string) { d.blocks = append(d.blocks, strings.TrimSpace(s)) }

// file is one of the two: all of it as an example, then its mappings, each with a table.
func (d *manual) file(title, about string, s *Schema) {
	d.text("## " + title)
	d.text(about)
	d.text("```yaml\n" + strings.Join(compose(s, ""), "\n") + "\n```")
	d.mapping("", s)
}

// mapping is a table of the keys of a mapping, then those of the mappings in it.
func (d *manual) mapping(path string, s *Schema) {
	table := []string{"| key | what it says | value | default | example |", "|-|-|-|-|-|"}
	for _, p := range s.Properties {
		table = append(table, fmt.Sprintf("| `%s` | %s | %s | %s | %s |", p.name, p.schema.Description,
			valueCell(join(path, p.name), p.schema), defaultCell(s, p), code(p.schema.sample)))
	}
	d.text(strings.Join(table, "\n"))
	for _, p := range s.Properties {
		if inner := p.schema.mapping(); inner != nil && !isSource(inner) {
			title := join(path, p.name)
			d.text("### `" + title + "`")
			d.text(p.schema.Description)
			d.mapping(title, inner)
		}
	}
}

// isSource tells a reference to a secret: it stands in many places and is explained once.
func isSource(s *Schema) bool { return s.kind == secretKind }

const secretKind = "reference to a secret"

// valueCell is the type of a value: a link where it has keys of its own, the words where it is one of a few.
func valueCell(path string, s *Schema) string {
	inner := s.mapping()
	switch {
	case inner != nil && isSource(inner):
		return "[" + s.kind + "](#a-reference-to-a-secret)"
	case inner != nil && s.Items != nil:
		return "[list of mappings](#" + anchor(path) + ")"
	case inner != nil:
		return "[mapping](#" + anchor(path) + ")"
	case len(s.words()) > 0:
		list := make([]string, 0, len(s.words()))
		for _, w := range s.words() {
			list = append(list, code(w))
		}
		if s.Items != nil {
			return "list of " + strings.Join(list, ", ")
		}
		return strings.Join(list, " or ")
	case s.Items != nil:
		return "list of " + strings.ReplaceAll(s.Items.kind, " or ", "s or ") + "s"
	}
	return s.kind
}

// anchor is what GitHub calls a heading in a link.
func anchor(heading string) string {
	return strings.ToLower(strings.NewReplacer(".", "", "`", "", " ", "-", "'", "").Replace(heading))
}

func defaultCell(around *Schema, p property) string {
	switch {
	case slices.Contains(around.Required, p.name):
		return "**required**"
	case p.schema.Default != nil:
		return code(spell(p.schema))
	}
	return p.schema.absent
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(s, "|", `\|`) + "`"
}
