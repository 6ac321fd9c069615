package config

import "strings"

// mapping is the part of a schema that has keys of its own: a mapping, or the items of a list of them. Nil for all else.
func (s *Schema) mapping() *Schema {
	if s.Items != nil {
		s = s.Items
	}
	if len(s.Properties) == 0 {
		return nil
	}
	return s
}

// compose writes every key of a mapping with its example, a line each: what the whole of it would look like.
func compose(s *Schema, indent string) []string {
	var lines []string
	for _, p := range s.Properties {
		inner := p.schema.mapping()
		switch {
		case p.schema.sample != "" || inner == nil:
			lines = append(lines, indent+p.name+": "+p.schema.sample)
		case p.schema.Items != nil:
			lines = append(lines, indent+p.name+":")
			lines = append(lines, itemOf(compose(inner, indent+"  "), len(indent))...)
		default:
			lines = append(lines, indent+p.name+":")
			lines = append(lines, compose(inner, indent+"  ")...)
		}
	}
	return lines
}

// itemOf makes lines of one mapping the item of a list: a dash stands before the first that is no comment.
func itemOf(lines []string, at int) []string {
	for i, l := range lines {
		if !strings.HasPrefix(strings.TrimSpace(l), "#") {
			lines[i] = l[:at] + "-" + l[at+1:]
			break
		}
	}
	return lines
}
