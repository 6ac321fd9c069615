package migration

import (
	"strings"

	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

// tableName is Rails' table of a model: CustomFilterStatus → custom_filter_statuses.
func tableName(model string) string {
	model = strings.TrimPrefix(model, "Migration")
	var b strings.Builder
	for i, c := range model {
		if c >= 'A' && c <= 'Z' {
			if i > 0 && b.Len() > 0 {
				b.WriteByte('_')
			}
			c += 'a' - 'A'
		}
		b.WriteRune(c)
	}
	return plural(b.String())
}

func plural(word string) string {
	switch {
	case word == "" || strings.HasSuffix(word, "media"):
		return word
	case strings.HasSuffix(word, "y") && !strings.HasSuffix(word, "ay") && !strings.HasSuffix(word, "ey"):
		return strings.TrimSuffix(word, "y") + "ies"
	case strings.HasSuffix(word, "s"), strings.HasSuffix(word, "x"), strings.HasSuffix(word, "ch"):
		return word + "es"
	default:
		return word + "s"
	}
}

// text is the text of a name, a string or a string with interpolations of known names; ok is false otherwise.
func (s scope) text(r *reader, v ruby.Value) (text string, ok bool) {
	v = s.resolve(r, v)
	if v.Kind == ruby.StringValue || v.Kind == ruby.SymbolValue {
		return v.Text, true
	}
	for len(v.Tokens) > 2 && v.Tokens[len(v.Tokens)-2].Is(".") { // 'x'.squish, <<~SQL.squish
		v.Tokens = v.Tokens[:len(v.Tokens)-2]
	}
	if len(v.Tokens) != 1 || v.Tokens[0].Kind != ruby.String {
		return "", false
	}
	if v.Tokens[0].Parts == nil {
		return v.Tokens[0].Text, true
	}
	var b strings.Builder
	for _, p := range v.Tokens[0].Parts {
		b.WriteString(p.Text)
		if p.Code == nil {
			continue
		}
		known := s.values[p.Code[0].Text]
		if len(p.Code) != 2 || known.Kind != ruby.StringValue && known.Kind != ruby.SymbolValue {
			b.WriteString("…")
			continue
		}
		b.WriteString(known.Text)
	}
	return b.String(), true
}

// table is text for a table, empty when unknown.
func (s scope) table(r *reader, v ruby.Value) string {
	name, ok := s.text(r, v)
	if !ok || strings.Contains(name, "…") {
		return ""
	}
	return name
}

// names are the columns that a value names; none for an expression or what is not literal.
func (s scope) names(r *reader, v ruby.Value) []string {
	v = s.resolve(r, v)
	if names, ok := v.Names(); ok {
		if len(names) == 1 && strings.ContainsAny(names[0], "( ") {
			return nil
		}
		return names
	}
	if v.Kind == ruby.ListValue {
		var out []string
		for _, e := range v.List {
			if name, ok := s.text(r, e); ok {
				out = append(out, name)
			}
		}
		return out
	}
	return nil
}
