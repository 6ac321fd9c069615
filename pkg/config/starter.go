package config

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// Identity says which application an entry of a policy is about.
type Identity struct {
	// Name calls the application. Empty: it has no entry of its own yet.
	Name string
	// Root is the folder that a GitOps engine applies. Empty: found.
	Root string
}

// Starter is a bot.yaml to begin with. Every key stands in it with what it means, switched off by a # where it is not needed
// to say which application is which. As it is it means the defaults; a line is switched on by deleting its first #.
func Starter(applications ...Identity) []byte {
	s := policyShape().schema
	list := find(s, "applications")
	w := &starter{}

	w.prose("", "What bot may do in this repository. It is read from the base branch only. A line that begins with # and a key is switched off: "+
		"it shows the default or, where there is none, an example, and deleting the first # switches it on. Check the file with: bot config check")
	w.line("# yaml-language-server: $schema=" + schemaAddress + "policy.json")
	w.line("")
	w.line("version: " + find(s, "version").sample)
	w.line("")
	w.prose("", list.Description)

	if len(applications) == 0 {
		w.line("#applications:")
		w.off(itemOf(settings(list.mapping(), "  "), 0), "")
		return w.bytes()
	}

	w.line("applications:")
	for i, a := range applications {
		w.application(list.mapping(), a, i == 0)
	}
	return w.bytes()
}

// schemaAddress is where editors find the schemas.
const schemaAddress = "https://raw.githubusercontent.com/goingdark-social/bot/main/docs/schema/"

// find is the schema of a key.
func find(s *Schema, name string) *Schema {
	for _, p := range s.Properties {
		if p.name == name {
			return p.schema
		}
	}
	return nil
}

// starter writes a commented file.
type starter struct{ lines []string }

func (w *starter) line(s string) { w.lines = append(w.lines, s) }

func (w *starter) bytes() []byte { return []byte(strings.Join(w.lines, "\n") + "\n") }

// application is one entry: what identifies it, and every other key, with the first entry alone.
func (w *starter) application(s *Schema, a Identity, first bool) {
	const indent = "  "
	entry := []string{"- name: " + scalar(a.Name)}
	if a.Root != "" {
		entry = append(entry, indent+"root: "+scalar(a.Root))
	}
	if !first {
		w.lines = append(w.lines, "")
		w.lines = append(w.lines, entry...)
		w.prose(indent, "The keys of the first application can be set here as well.")
		return
	}
	for _, p := range s.Properties {
		switch {
		case p.name == "name":
			w.prose("", p.schema.meaning())
			w.line(entry[0])
		case p.name == "root" && a.Root != "":
			w.prose(indent, p.schema.meaning())
			w.line(entry[1])
		default:
			w.prose(indent, p.schema.meaning())
			w.off(setting(p, indent), indent)
		}
		w.line("")
	}
	w.lines = w.lines[:len(w.lines)-1]
}

// off switches lines off: a # stands before what begins behind the indent.
func (w *starter) off(lines []string, indent string) {
	for _, l := range lines {
		w.line(indent + "#" + strings.TrimPrefix(l, indent))
	}
}

// setting is a key with its default or an example; the keys of a mapping are in it, with what they mean.
func setting(p property, indent string) []string {
	inner := p.schema.mapping()
	if inner == nil {
		return []string{indent + p.name + ": " + p.schema.usual()}
	}
	lines := settings(inner, indent+"  ")
	if p.schema.Items != nil {
		lines = itemOf(lines, len(indent))
	}
	return append([]string{indent + p.name + ":"}, lines...)
}

// settings are the keys of a mapping, each with what it means.
func settings(s *Schema, indent string) []string {
	var w starter
	for _, p := range s.Properties {
		w.prose(indent, p.schema.meaning())
		w.lines = append(w.lines, setting(p, indent)...)
	}
	return w.lines
}

// usual is what holds without the key, or an example where no value says that.
func (s *Schema) usual() string {
	if s.Default != nil {
		return spell(s)
	}
	return s.sample
}

// meaning is what there is to say about a key, with the words it may be and what holds without it.
func (s *Schema) meaning() string {
	words := s.Description
	if list := s.words(); len(list) > 0 {
		words += " " + s.choice() + " " + strings.Join(list, ", ") + "."
	}
	if d := spell(s); d != "" && d != `""` {
		words += " Default: " + d + "."
	}
	return words
}

// choice begins the enumeration of words.
func (s *Schema) choice() string {
	if s.Items != nil {
		return "Any of"
	}
	return "One of"
}

// words are those that a value, or each of a list, may be.
func (s *Schema) words() []string {
	if s.Items != nil {
		return s.Items.Enum
	}
	return s.Enum
}

// prose breaks words into comment lines.
func (w *starter) prose(indent, words string) {
	const width = 110
	var line []string
	length := len(indent) + 1
	for word := range strings.FieldsSeq(words) {
		if length+1+len(word) > width && len(line) > 0 {
			w.line(indent + "# " + strings.Join(line, " "))
			line, length = nil, len(indent)+1
		}
		line = append(line, word)
		length += 1 + len(word)
	}
	w.line(indent + "# " + strings.Join(line, " "))
}

// scalar spells a text so that YAML reads the same.
func scalar(s string) string {
	data, err := yaml.Marshal(s)
	if err != nil {
		panic(err) // a text always marshals
	}
	return strings.TrimSuffix(string(data), "\n")
}
