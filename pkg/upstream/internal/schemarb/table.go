package schemarb

import (
	"slices"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

func (p *parser) createTable(s statement) error {
	names, err := s.names(1)
	if err != nil {
		return err
	}
	if err := s.options("id", "primary_key", "default", "force", "comment", "options", "unlogged", "limit"); err != nil {
		return err
	}
	if p.tables[names[0]] != nil {
		return fail(s.line, "table %q a second time", names[0])
	}
	t := &facts.Table{Name: names[0]}
	if err := primaryKey(s, t); err != nil {
		return err
	}
	p.tables[t.Name] = t
	if s.block {
		p.table, p.block = t, s.variable
	}
	return nil
}

// primaryKey reads the forms: none (a bigint id), id: :uuid with a default, id: false, primary_key: a name or a list
// of columns that the block declares.
func primaryKey(s statement, t *facts.Table) error {
	name, kind := "id", "bigint"
	if v, ok := s.args.Key("primary_key"); ok {
		names, ok := v.Names()
		switch {
		case !ok || len(names) == 0:
			return s.bad("primary_key", v, "a name or a list of names")
		case v.Kind == ruby.ListValue:
			t.PrimaryKey = names
			return nil
		}
		name = names[0]
	}
	if v, ok := s.args.Key("id"); ok {
		switch {
		case v.Kind == ruby.BoolValue && v.Text == "false":
			t.PrimaryKey = []string{}
			return nil
		case v.Kind == ruby.SymbolValue || v.Kind == ruby.StringValue:
			kind = v.Text
		default:
			return s.bad("id", v, "a type or false")
		}
	}
	c := facts.Column{Name: name, Type: kind}
	if err := firstError(columnDefault(s, &c), s.number("limit", &c.Limit)); err != nil {
		return err
	}
	t.PrimaryKey, t.Columns = []string{name}, []facts.Column{c}
	return nil
}

// columnTypes are the words of Rails' PostgreSQL adapter. A new word is an error: it may be no column at all.
var columnTypes = []string{
	"bigint", "binary", "bit", "bit_varying", "boolean", "box", "cidr", "circle", "citext", "column", "date", "datetime",
	"daterange", "decimal", "enum", "float", "hstore", "inet", "int4range", "int8range", "integer", "interval", "json",
	"jsonb", "line", "lseg", "ltree", "macaddr", "money", "numeric", "numrange", "oid", "path", "point", "polygon", "string",
	"text", "time", "timestamp", "timestamptz", "tsquery", "tsrange", "tstzrange", "tsvector", "uuid", "virtual", "xml",
}

func (p *parser) inTable(s statement) error {
	if s.receiver != p.block || s.block {
		return fail(s.line, "unknown statement %s.%s in the table %q", s.receiver, s.name, p.table.Name)
	}
	switch {
	case s.name == "index":
		return p.tableIndex(s)
	case s.name == "check_constraint":
		return check(s, p.table, s.args.List)
	case slices.Contains(columnTypes, s.name):
		return p.column(s)
	}
	return fail(s.line, "unknown column type or statement %q in the table %q", s.name, p.table.Name)
}

func (p *parser) column(s statement) error {
	c := facts.Column{Type: s.name, Null: true}
	want := 1
	if s.name == "column" {
		want = 2
	}
	names, err := s.names(want)
	if err != nil {
		return err
	}
	c.Name = names[0]
	if want == 2 {
		c.Type = names[1]
	}
	err = firstError(
		s.options("null", "default", "array", "limit", "precision", "scale", "comment", "collation", "enum_type", "as", "stored", "type"),
		s.flag("null", &c.Null), s.flag("array", &c.Array), s.number("limit", &c.Limit),
		s.number("precision", &c.Precision), s.number("scale", &c.Scale), columnDefault(s, &c),
	)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(p.table.Columns, func(o facts.Column) bool { return o.Name == c.Name }) {
		return fail(s.line, "column %q a second time in the table %q", c.Name, p.table.Name)
	}
	p.table.Columns = append(p.table.Columns, c)
	return nil
}

func columnDefault(s statement, c *facts.Column) error {
	v, ok := s.args.Key("default")
	if !ok || v.Kind == ruby.NilValue {
		return nil
	}
	if !v.Literal() {
		return s.bad("default", v, "a literal or a lambda")
	}
	c.Default, c.DefaultSQL = &v.Text, v.Kind == ruby.LambdaValue
	return nil
}
