package migration

import (
	"slices"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

// statements are the calls that are operations: Rails' own, then upstream's helpers. Each adds what it finds and
// returns the last token it used up.
var statements = map[string]func(r *reader, i int, s scope) int{
	"create_table":                          simple(facts.CreateTable),
	"create_join_table":                     joinTable,
	"drop_table":                            simple(facts.DropTable),
	"rename_table":                          rename(facts.RenameTable, 1),
	"change_table":                          changeTable,
	"add_column":                            column(facts.AddColumn),
	"add_column_with_default":               column(facts.AddColumn),
	"change_column":                         column(facts.ChangeColumn),
	"remove_column":                         columns(facts.RemoveColumn, 1),
	"remove_columns":                        columns(facts.RemoveColumn, -1),
	"rename_column":                         rename(facts.RenameColumn, 2),
	"change_column_default":                 changeDefault,
	"change_column_null":                    changeNull,
	"add_timestamps":                        timestamps(facts.AddColumn),
	"remove_timestamps":                     timestamps(facts.RemoveColumn),
	"add_reference":                         reference,
	"add_belongs_to":                        reference,
	"remove_reference":                      removeReference,
	"remove_belongs_to":                     removeReference,
	"add_attachment":                        attachment(facts.AddColumn),
	"remove_attachment":                     attachment(facts.RemoveColumn),
	"add_index":                             addIndex,
	"remove_index":                          removeIndex,
	"rename_index":                          rename(facts.RenameIndex, 1),
	"add_foreign_key":                       foreignKey(facts.AddForeignKey),
	"remove_foreign_key":                    foreignKey(facts.RemoveForeignKey),
	"validate_foreign_key":                  foreignKey(facts.ValidateForeignKey),
	"add_check_constraint":                  constraint(facts.AddCheck),
	"remove_check_constraint":               constraint(facts.RemoveCheck),
	"validate_check_constraint":             constraint(facts.ValidateCheck),
	"create_view":                           simple(facts.CreateView),
	"update_view":                           simple(facts.UpdateView),
	"replace_view":                          simple(facts.UpdateView),
	"drop_view":                             simple(facts.DropView),
	"enable_extension":                      named(facts.Extension),
	"disable_extension":                     named(facts.Extension),
	"execute":                               execute,
	"exec_query":                            execute,
	"exec_insert":                           execute,
	"update_column_in_batches":              simple(facts.Data),
	"add_concurrent_index":                  concurrently(addIndex),
	"remove_concurrent_index":               concurrently(removeIndex),
	"update_index":                          updateIndex,
	"add_concurrent_foreign_key":            foreignKey(facts.AddForeignKey),
	"change_column_type_concurrently":       concurrently(column(facts.ChangeColumn)),
	"rename_column_concurrently":            concurrently(rename(facts.RenameColumn, 2)),
	"remove_concurrent_index_by_name":       concurrently(columns(facts.RemoveIndex, 0)),
	"cleanup_concurrent_column_type_change": columns(facts.RemoveColumn, 1),
	"cleanup_concurrent_column_rename":      columns(facts.RemoveColumn, 1),
}

// args reads the arguments of the call at i.
func (r *reader) args(i int) ruby.Args { return ruby.ParseArgs(r.tokens, i+1) }

// last is the last token of a call with those arguments, its block included when skip is set.
func (r *reader) last(a ruby.Args, skip bool) int {
	if skip {
		return r.blockEnd(a.End, a.End-1)
	}
	return a.End - 1
}

func arg(a ruby.Args, n int) ruby.Value {
	if n < len(a.List) {
		return a.List[n]
	}
	return ruby.Value{}
}

// simple is a call whose first argument is a table and whose block, if any, says nothing that the schema does not.
func simple(kind facts.Kind) func(*reader, int, scope) int {
	return func(r *reader, i int, s scope) int {
		a := r.args(i)
		o := facts.Operation{Kind: kind, Table: s.table(r, arg(a, 0)), Line: r.at(i).Line}
		if kind == facts.Data {
			o.Columns = s.names(r, arg(a, 1))
		}
		r.add(o)
		return r.last(a, true)
	}
}

func named(kind facts.Kind) func(*reader, int, scope) int {
	return func(r *reader, i int, s scope) int {
		a := r.args(i)
		name, _ := s.text(r, arg(a, 0))
		r.add(facts.Operation{Kind: kind, Index: name, Line: r.at(i).Line})
		return r.last(a, false)
	}
}

func joinTable(r *reader, i int, s scope) int {
	a := r.args(i)
	names := []string{s.table(r, arg(a, 0)), s.table(r, arg(a, 1))}
	slices.Sort(names)
	o := facts.Operation{Kind: facts.CreateTable, Table: names[0] + "_" + names[1], Line: r.at(i).Line}
	if v, ok := a.Key("table_name"); ok {
		o.Table = s.table(r, v)
	}
	r.add(o)
	return r.last(a, true)
}

// rename reads table, …, old, new; at is the argument with the old name.
func rename(kind facts.Kind, at int) func(*reader, int, scope) int {
	return func(r *reader, i int, s scope) int {
		a := r.args(i)
		o := facts.Operation{Kind: kind, Table: s.table(r, arg(a, 0)), Line: r.at(i).Line}
		switch kind {
		case facts.RenameTable:
			o.To = s.table(r, arg(a, 1))
		case facts.RenameIndex:
			o.Index, o.To = s.table(r, arg(a, 1)), s.table(r, arg(a, 2))
		default:
			o.Columns, o.To = s.names(r, arg(a, at-1)), s.table(r, arg(a, at))
		}
		r.add(o)
		return r.last(a, false)
	}
}

// concurrently marks what the call adds as not blocking writes.
func concurrently(f func(*reader, int, scope) int) func(*reader, int, scope) int {
	return func(r *reader, i int, s scope) int {
		before := len(r.out)
		end := f(r, i, s)
		for n := before; n < len(r.out); n++ {
			r.out[n].Concurrent = true
		}
		return end
	}
}
