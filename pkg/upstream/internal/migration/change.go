package migration

import (
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

// changeTable reads change_table :table do |t| … end.
func changeTable(r *reader, i int, s scope) int {
	a := r.args(i)
	table := s.table(r, arg(a, 0))
	end := r.blockEnd(a.End, -1)
	if end < 0 {
		return a.End - 1
	}
	block := r.at(a.End + 2).Text
	for j := a.End + 3; j < end; j++ {
		if r.at(j).Text == block && r.at(j+1).Is(".") && r.at(j+2).Kind == ruby.Ident {
			inner := ruby.ParseArgs(r.tokens, j+3)
			r.change(s, table, r.at(j+2), inner)
			j = max(j+2, inner.End-1)
		}
	}
	return end
}

// change reads one t.something of a change_table.
func (r *reader) change(s scope, table string, name ruby.Token, a ruby.Args) {
	o := facts.Operation{Table: table, Line: name.Line}
	switch name.Text {
	case "index":
		o = indexOperation(r, s, facts.AddIndex, table, arg(a, 0), a, name.Line)
	case "remove_index":
		of := arg(a, 0)
		if v, ok := a.Key("column"); ok {
			of = v
		}
		o = indexOperation(r, s, facts.RemoveIndex, table, of, a, name.Line)
	case "remove":
		o.Kind = facts.RemoveColumn
		for _, v := range a.List {
			o.Columns = append(o.Columns, s.names(r, v)...)
		}
	case "rename":
		o.Kind, o.Columns, o.To = facts.RenameColumn, s.names(r, arg(a, 0)), s.table(r, arg(a, 1))
	case "change", "column":
		o.Kind, o.Columns = facts.ChangeColumn, s.names(r, arg(a, 0))
		if name.Text == "column" {
			o.Kind = facts.AddColumn
		}
		o.Type, _ = s.text(r, arg(a, 1))
		columnOptions(&o, a)
	case "change_default":
		o.Kind, o.Columns = facts.ChangeDefault, s.names(r, arg(a, 0))
	case "change_null":
		o.Kind, o.Columns, o.Null = facts.ChangeNull, s.names(r, arg(a, 0)), new(arg(a, 1).Text == "true")
	case "references", "belongs_to":
		for _, v := range a.List {
			if of, ok := s.text(r, v); ok {
				r.reference(s, table, of, a, name.Line)
			}
		}
		return
	case "timestamps":
		o.Kind, o.Type, o.Columns = facts.AddColumn, "datetime", []string{"created_at", "updated_at"}
		columnOptions(&o, a)
	case "attachment":
		o.Kind, o.Columns = facts.AddColumn, []string{}
		for _, v := range a.List {
			n := s.table(r, v)
			o.Columns = append(o.Columns, n+"_file_name", n+"_content_type", n+"_file_size", n+"_updated_at")
		}
	default: // a type
		o.Kind, o.Type = facts.AddColumn, name.Text
		for _, v := range a.List {
			o.Columns = append(o.Columns, s.names(r, v)...)
		}
		columnOptions(&o, a)
	}
	r.add(o)
}
