package migration

import (
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

// addIndex is table, columns or SQL, options.
func addIndex(r *reader, i int, s scope) int {
	a := r.args(i)
	r.add(indexOperation(r, s, facts.AddIndex, s.table(r, arg(a, 0)), arg(a, 1), a, r.at(i).Line))
	return r.last(a, false)
}

func removeIndex(r *reader, i int, s scope) int {
	a := r.args(i)
	of := arg(a, 1)
	if v, ok := a.Key("column"); ok {
		of = v
	}
	r.add(indexOperation(r, s, facts.RemoveIndex, s.table(r, arg(a, 0)), of, a, r.at(i).Line))
	return r.last(a, false)
}

func indexOperation(r *reader, s scope, kind facts.Kind, table string, of ruby.Value, a ruby.Args, line int) facts.Operation {
	o := facts.Operation{Kind: kind, Table: table, Columns: s.names(r, of), Line: line}
	if v, ok := a.Key("name"); ok {
		o.Index, _ = s.text(r, v)
	}
	if v, ok := a.Key("unique"); ok && v.Text == "true" {
		o.Unique = kind == facts.AddIndex
	}
	if v, ok := a.Key("algorithm"); ok && v.Text == "concurrently" {
		o.Concurrent = true
	}
	return o
}

// updateIndex is upstream's helper: it builds the new index concurrently and then puts it in the old one's place.
func updateIndex(r *reader, i int, s scope) int {
	a := r.args(i)
	o := indexOperation(r, s, facts.AddIndex, s.table(r, arg(a, 0)), arg(a, 2), a, r.at(i).Line)
	o.Index, o.Concurrent = s.table(r, arg(a, 1)), true
	r.add(o)
	return r.last(a, false)
}

func foreignKey(kind facts.Kind) func(*reader, int, scope) int {
	return func(r *reader, i int, s scope) int {
		a := r.args(i)
		o := facts.Operation{Kind: kind, Table: s.table(r, arg(a, 0)), To: s.table(r, arg(a, 1)), Line: r.at(i).Line}
		if v, ok := a.Key("to_table"); ok {
			o.To = s.table(r, v)
		}
		if v, ok := a.Key("column"); ok {
			o.Columns = s.names(r, v)
		}
		if v, ok := a.Key("name"); ok {
			o.Index, _ = s.text(r, v)
		}
		if v, ok := a.Key("validate"); ok {
			o.NotValidated = kind == facts.AddForeignKey && v.Text == "false"
		}
		// The helper adds the key without checking rows, and validates it in a second step.
		if r.at(i).Text == "add_concurrent_foreign_key" {
			o.Concurrent = true
		}
		r.add(o)
		return r.last(a, false)
	}
}

func constraint(kind facts.Kind) func(*reader, int, scope) int {
	return func(r *reader, i int, s scope) int {
		a := r.args(i)
		o := facts.Operation{Kind: kind, Table: s.table(r, arg(a, 0)), Line: r.at(i).Line}
		if v, ok := a.Key("name"); ok {
			o.Index, _ = s.text(r, v)
		}
		if v, ok := a.Key("validate"); ok {
			o.NotValidated = kind == facts.AddCheck && v.Text == "false"
		}
		r.add(o)
		return r.last(a, false)
	}
}

// reference is table, name, options: a column, by default an index, and a foreign key if asked for.
func reference(r *reader, i int, s scope) int {
	a := r.args(i)
	table := s.table(r, arg(a, 0))
	for _, v := range a.List[min(1, len(a.List)):] {
		if name, ok := s.text(r, v); ok {
			r.reference(s, table, name, a, r.at(i).Line)
		}
	}
	return r.last(a, false)
}

func (r *reader) reference(s scope, table, name string, a ruby.Args, line int) {
	o := facts.Operation{Kind: facts.AddColumn, Table: table, Columns: []string{name + "_id"}, Type: "bigint", Line: line}
	if v, ok := a.Key("type"); ok {
		o.Type, _ = s.text(r, v)
	}
	columnOptions(&o, a)
	if v, ok := a.Key("polymorphic"); ok && v.Text != "false" {
		o.Columns = append(o.Columns, name+"_type")
	}
	r.add(o)
	if v, ok := a.Key("index"); !ok || v.Text != "false" {
		r.add(indexOperation(r, s, facts.AddIndex, table, ruby.Value{Kind: ruby.StringValue, Text: name + "_id"}, ruby.Args{Pairs: v.Pairs}, line))
	}
	v, ok := a.Key("foreign_key")
	if !ok || v.Text == "false" {
		return
	}
	f := facts.Operation{Kind: facts.AddForeignKey, Table: table, To: plural(name), Columns: []string{name + "_id"}, Line: line}
	options := ruby.Args{Pairs: v.Pairs}
	if to, ok := options.Key("to_table"); ok {
		f.To = s.table(r, to)
	}
	if valid, ok := options.Key("validate"); ok {
		f.NotValidated = valid.Text == "false"
	}
	r.add(f)
}

func removeReference(r *reader, i int, s scope) int {
	a := r.args(i)
	name, _ := s.text(r, arg(a, 1))
	r.add(facts.Operation{Kind: facts.RemoveColumn, Table: s.table(r, arg(a, 0)), Columns: []string{name + "_id"}, Line: r.at(i).Line})
	return r.last(a, false)
}
