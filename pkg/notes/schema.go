package notes

import (
	"slices"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// schema is the difference of two schemas as they are, which need not be what the migrations between them say.
func (w *writer) schema() {
	if !w.facts() {
		return
	}
	from, to := &w.in.FromFacts.Schema, &w.in.ToFacts.Schema
	out := &w.notes.Schema
	out.TablesAdded, out.TablesRemoved = minus(tables(to), tables(from)), minus(tables(from), tables(to))
	for i := range to.Tables {
		after := &to.Tables[i]
		before := from.Table(after.Name)
		if before == nil {
			continue
		}
		// Nearly all tables are the same on both sides: their names are compared before any list is made.
		if !slices.EqualFunc(after.Columns, before.Columns, func(a, b facts.Column) bool { return a.Name == b.Name }) {
			out.ColumnsAdded = append(out.ColumnsAdded, minus(columns(after), columns(before))...)
			out.ColumnsRemoved = append(out.ColumnsRemoved, minus(columns(before), columns(after))...)
		}
		if !slices.EqualFunc(after.Indexes, before.Indexes, func(a, b facts.Index) bool { return a.Name == b.Name }) {
			out.IndexesAdded = append(out.IndexesAdded, minus(indexes(after), indexes(before))...)
			out.IndexesRemoved = append(out.IndexesRemoved, minus(indexes(before), indexes(after))...)
		}
	}
	for _, list := range []*[]string{&out.ColumnsAdded, &out.ColumnsRemoved, &out.IndexesAdded, &out.IndexesRemoved} {
		slices.Sort(*list)
	}
}

func tables(s *facts.Schema) []string {
	var out []string
	for i := range s.Tables {
		out = append(out, s.Tables[i].Name)
	}
	return out
}

func columns(t *facts.Table) []string {
	var out []string
	for _, c := range t.Columns {
		out = append(out, t.Name+"."+c.Name)
	}
	return out
}

func indexes(t *facts.Table) []string {
	var out []string
	for _, i := range t.Indexes {
		out = append(out, t.Name+"."+i.Name)
	}
	return out
}

// minus are the elements of a that b has not, sorted.
func minus(a, b []string) []string {
	if slices.Equal(a, b) {
		return nil
	}
	in := make(map[string]bool, len(b))
	for _, v := range b {
		in[v] = true
	}
	var out []string
	for _, v := range a {
		if !in[v] {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
