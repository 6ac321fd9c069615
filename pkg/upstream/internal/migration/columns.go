package migration

import (
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

// column is a call of the form table, column, type, options.
func column(kind facts.Kind) func(*reader, int, scope) int {
	return func(r *reader, i int, s scope) int {
		a := r.args(i)
		o := facts.Operation{
			Kind: kind, Table: s.table(r, arg(a, 0)), Columns: s.names(r, arg(a, 1)), Line: r.at(i).Line,
		}
		o.Type, _ = s.text(r, arg(a, 2))
		columnOptions(&o, a)
		r.add(o)
		return r.last(a, false)
	}
}

// columnOptions reads null: and default:.
func columnOptions(o *facts.Operation, a ruby.Args) {
	if v, ok := a.Key("null"); ok && v.Kind == ruby.BoolValue {
		o.Null = new(v.Text == "true")
	}
	if v, ok := a.Key("allow_null"); ok && v.Kind == ruby.BoolValue {
		o.Null = new(v.Text == "true")
	}
	if v, ok := a.Key("default"); ok && v.Kind != ruby.NilValue {
		setDefault(o, v)
	}
}

func setDefault(o *facts.Operation, v ruby.Value) {
	o.Default = new(v.Text)
	o.Volatile = v.Kind == ruby.LambdaValue && volatile(v.Text)
}

var functionCall = lazyre.New(`([a-z_]+)\s*\(`)

// volatile says that SQL calls a function that is not known to give one value for the whole statement.
func volatile(sql string) bool {
	stable := " now current_timestamp transaction_timestamp statement_timestamp current_date localtimestamp lower upper coalesce "
	for _, m := range functionCall.FindAllStringSubmatch(strings.ToLower(sql), -1) {
		if !strings.Contains(stable, " "+m[1]+" ") {
			return true
		}
	}
	return false
}

// columns is a call of the form table, column…; n is the argument with the columns, -1 all from the second on, and 0
// says that the second is the name of an index.
func columns(kind facts.Kind, n int) func(*reader, int, scope) int {
	return func(r *reader, i int, s scope) int {
		a := r.args(i)
		o := facts.Operation{Kind: kind, Table: s.table(r, arg(a, 0)), Line: r.at(i).Line}
		switch n {
		case 0:
			o.Index = s.table(r, arg(a, 1))
		case -1:
			for _, v := range a.List[min(1, len(a.List)):] {
				o.Columns = append(o.Columns, s.names(r, v)...)
			}
		default:
			o.Columns = s.names(r, arg(a, n))
		}
		r.add(o)
		return r.last(a, false)
	}
}

// changeDefault is table, column, default or from: … to: ….
func changeDefault(r *reader, i int, s scope) int {
	a := r.args(i)
	o := facts.Operation{
		Kind: facts.ChangeDefault, Table: s.table(r, arg(a, 0)), Columns: s.names(r, arg(a, 1)), Line: r.at(i).Line,
	}
	to, ok := a.Key("to")
	if !ok {
		to = arg(a, 2)
	}
	if to.Kind != ruby.NilValue && to.Tokens != nil {
		setDefault(&o, to)
	}
	// A changed default is for rows to come: no row is rewritten.
	o.Volatile = false
	r.add(o)
	return r.last(a, false)
}

func changeNull(r *reader, i int, s scope) int {
	a := r.args(i)
	o := facts.Operation{
		Kind: facts.ChangeNull, Table: s.table(r, arg(a, 0)), Columns: s.names(r, arg(a, 1)), Line: r.at(i).Line,
	}
	if v := s.resolve(r, arg(a, 2)); v.Kind == ruby.BoolValue {
		o.Null = new(v.Text == "true")
	}
	r.add(o)
	return r.last(a, false)
}

func timestamps(kind facts.Kind) func(*reader, int, scope) int {
	return func(r *reader, i int, s scope) int {
		a := r.args(i)
		o := facts.Operation{
			Kind: kind, Table: s.table(r, arg(a, 0)), Columns: []string{"created_at", "updated_at"}, Line: r.at(i).Line,
		}
		if kind == facts.AddColumn {
			o.Type = "datetime"
			columnOptions(&o, a)
		}
		r.add(o)
		return r.last(a, false)
	}
}

// attachment is Paperclip's: four columns.
func attachment(kind facts.Kind) func(*reader, int, scope) int {
	return func(r *reader, i int, s scope) int {
		a := r.args(i)
		for _, v := range a.List[min(1, len(a.List)):] {
			name := s.table(r, v)
			r.add(facts.Operation{Kind: kind, Table: s.table(r, arg(a, 0)), Columns: []string{
				name + "_file_name", name + "_content_type", name + "_file_size", name + "_updated_at",
			}, Line: r.at(i).Line})
		}
		return r.last(a, false)
	}
}
