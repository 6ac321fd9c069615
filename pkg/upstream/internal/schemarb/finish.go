package schemarb

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

func (p *parser) createView(s statement) error {
	names, err := s.names(1)
	if err != nil {
		return err
	}
	v := &facts.View{Name: names[0]}
	sql, ok := s.args.Key("sql_definition")
	if !ok || sql.Kind != ruby.StringValue {
		return fail(s.line, "create_view without the text of its SQL")
	}
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(sql.Text), " ")))
	v.Digest = hex.EncodeToString(sum[:6])
	p.views[v.Name] = v
	return firstError(s.options("materialized", "sql_definition", "version"), s.flag("materialized", &v.Materialized))
}

// finish sorts what was read.
func (p *parser) finish() (facts.Schema, error) {
	if !p.done {
		return facts.Schema{}, fail(1, "no complete ActiveRecord::Schema[…].define … end")
	}
	out := p.schema
	slices.Sort(out.Extensions)
	for _, t := range p.tables {
		slices.SortFunc(t.Columns, func(a, b facts.Column) int { return strings.Compare(a.Name, b.Name) })
		slices.SortFunc(t.Checks, func(a, b facts.Check) int { return strings.Compare(a.Name, b.Name) })
		slices.SortFunc(t.ForeignKeys, func(a, b facts.ForeignKey) int {
			return strings.Compare(a.Column+" "+a.To+" "+a.Name, b.Column+" "+b.To+" "+b.Name)
		})
		sortIndexes(t.Indexes)
		out.Tables = append(out.Tables, *t)
	}
	for _, v := range p.views {
		sortIndexes(v.Indexes)
		out.Views = append(out.Views, *v)
	}
	slices.SortFunc(out.Tables, func(a, b facts.Table) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(out.Views, func(a, b facts.View) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

func sortIndexes(list []facts.Index) {
	slices.SortFunc(list, func(a, b facts.Index) int { return strings.Compare(a.Name, b.Name) })
}

// singular undoes the plural of a table's name the way Rails does for the names that a foreign key without a column
// can have; anything else is wrong by a letter at worst and never changes between releases.
func singular(table string) string {
	switch {
	case strings.HasSuffix(table, "ies"):
		return strings.TrimSuffix(table, "ies") + "y"
	case strings.HasSuffix(table, "sses"), strings.HasSuffix(table, "xes"), strings.HasSuffix(table, "ches"), strings.HasSuffix(table, "tuses"):
		return strings.TrimSuffix(table, "es")
	default:
		return strings.TrimSuffix(table, "s")
	}
}
