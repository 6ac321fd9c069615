package schemarb

import (
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

var indexOptions = []string{"name", "unique", "where", "order", "opclass", "using", "nulls_not_distinct", "include", "length", "comment"}

// tableIndex is t.index columns, options.
func (p *parser) tableIndex(s statement) error {
	if len(s.args.List) != 1 {
		return fail(s.line, "index with %d arguments, want its columns", len(s.args.List))
	}
	i, err := index(s, s.args.List[0])
	if err != nil {
		return err
	}
	p.table.Indexes = append(p.table.Indexes, i)
	return nil
}

// addIndex is add_index table, columns, options; upstream has it on materialized views.
func (p *parser) addIndex(s statement) error {
	if len(s.args.List) != 2 {
		return fail(s.line, "add_index with %d arguments, want a table and its columns", len(s.args.List))
	}
	to, err := p.target(s, s.args.List[0].Text)
	if err != nil {
		return err
	}
	i, err := index(s, s.args.List[1])
	if err != nil {
		return err
	}
	*to = append(*to, i)
	return nil
}

// index reads the columns, a list, or the SQL of an expression, a string.
func index(s statement, columns ruby.Value) (facts.Index, error) {
	var i facts.Index
	switch names, ok := columns.Names(); {
	case !ok:
		return i, fail(s.line, "%s: columns are %s, want a list of names or SQL", s.name, columns.Text)
	case columns.Kind == ruby.ListValue:
		i.Columns = names
	default:
		i.Columns, i.Expression = []string{}, names[0]
	}
	err := firstError(
		s.options(indexOptions...), s.text("name", &i.Name), s.flag("unique", &i.Unique), s.text("where", &i.Where),
		s.text("using", &i.Using), s.flag("nulls_not_distinct", &i.NullsNotDistinct), s.list("include", &i.Include),
		s.byColumn("order", &i.Order), s.byColumn("opclass", &i.OperatorClass),
	)
	if err == nil && i.Name == "" {
		err = fail(s.line, "%s without a name", s.name)
	}
	return i, err
}

func (p *parser) addForeignKey(s statement) error {
	names, err := s.names(2)
	if err != nil {
		return err
	}
	t := p.tables[names[0]]
	if t == nil {
		return fail(s.line, "add_foreign_key on %q, which is no table above it", names[0])
	}
	valid := true
	f := facts.ForeignKey{To: names[1], Column: singular(names[1]) + "_id"}
	err = firstError(
		s.options("column", "name", "on_delete", "on_update", "primary_key", "validate", "deferrable"),
		s.text("column", &f.Column), s.text("name", &f.Name), s.text("on_delete", &f.OnDelete),
		s.text("on_update", &f.OnUpdate), s.text("primary_key", &f.PrimaryKey), s.flag("validate", &valid),
	)
	f.NotValidated = !valid
	t.ForeignKeys = append(t.ForeignKeys, f)
	return err
}

func (p *parser) addCheck(s statement) error {
	if len(s.args.List) != 2 || p.tables[s.args.List[0].Text] == nil {
		return fail(s.line, "add_check_constraint wants a table above it and an expression")
	}
	return check(s, p.tables[s.args.List[0].Text], s.args.List[1:])
}

func check(s statement, t *facts.Table, args []ruby.Value) error {
	if len(args) != 1 || args[0].Kind != ruby.StringValue {
		return fail(s.line, "%s wants one SQL expression", s.name)
	}
	valid := true
	c := facts.Check{Expression: args[0].Text}
	err := firstError(s.options("name", "validate"), s.text("name", &c.Name), s.flag("validate", &valid))
	c.NotValidated = !valid
	t.Checks = append(t.Checks, c)
	return err
}
