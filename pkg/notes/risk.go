package notes

import (
	"slices"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// Risk is what a change does to an instance that is up while it runs.
type Risk string

// The risks, the worst last. What a migration does counts, not what it says about how long it takes.
const (
	Brief     Risk = "brief"    // a lock for a moment, whatever the table's size
	Slow      Risk = "slow"     // as long as the table is big, while everything goes on
	Uncertain Risk = "unknown"  // not told by the migration's text
	Blocking  Risk = "blocking" // as long as the table is big, while writers or everybody wait
)

func (r Risk) rank() int { return slices.Index([]Risk{Brief, Slow, Uncertain, Blocking}, r) }

// PostgreSQL's locks, as its manual calls them (chapter Explicit Locking).
const (
	noLock               = ""
	rowLocks             = "rows"
	shareUpdateExclusive = "SHARE UPDATE EXCLUSIVE" // reads and writes go on
	share                = "SHARE"                  // reads go on
	shareRowExclusive    = "SHARE ROW EXCLUSIVE"    // reads go on
	accessExclusive      = "ACCESS EXCLUSIVE"       // nothing goes on
)

// effect is what one operation takes.
type effect struct {
	lock    string
	rewrite bool // the table is written anew: needs its size in free space
	risk    Risk
}

// context is what an operation's effect depends on beside itself.
type context struct {
	from      *facts.Schema // the tables before
	migration *facts.Migration
	position  int // of the operation in the migration
}

// held is the effect of an operation until its migration ends: in a transaction a lock that is taken for a moment stays while
// what comes after it takes its time.
func (c context) held(op facts.Operation) effect {
	e := c.judge(op)
	if !c.migration.Transaction || e.risk != Brief && e.risk != Slow || !slices.Contains([]string{share, shareRowExclusive, accessExclusive}, e.lock) {
		return e
	}
	for i, later := range c.migration.Operations[c.position+1:] {
		next := context{c.from, c.migration, c.position + 1 + i}.judge(later)
		if next.risk == Slow || next.risk == Blocking {
			e.risk = Blocking
		}
	}
	return e
}

// judge tells the effect of an operation on PostgreSQL 12 and newer. A table that the upgrade itself creates is empty, and
// nobody waits for it.
func (c context) judge(op facts.Operation) effect {
	if op.Table != "" && c.from.Table(op.Table) == nil && op.Kind != facts.UpdateView && op.Kind != facts.CreateView {
		if op.Kind == facts.Data {
			return effect{noLock, false, Slow}
		}
		return effect{noLock, false, Brief}
	}
	switch op.Kind {
	case facts.AddColumn, facts.ChangeColumn, facts.ChangeNull, facts.ChangeDefault, facts.RemoveColumn, facts.RenameColumn:
		return c.column(op)
	case facts.AddIndex, facts.RemoveIndex, facts.RenameIndex, facts.Reindex:
		return index(op)
	case facts.AddForeignKey, facts.ValidateForeignKey, facts.AddCheck, facts.ValidateCheck, facts.RemoveForeignKey, facts.RemoveCheck:
		return constraint(op)
	case facts.CreateTable, facts.CreateView, facts.UpdateView, facts.Extension, facts.Function:
		return effect{noLock, false, Brief}
	case facts.DropTable, facts.RenameTable, facts.DropView:
		return effect{accessExclusive, false, Brief}
	case facts.Data:
		if c.migration.Transaction {
			return effect{rowLocks, false, Slow} // changed rows stay locked until the migration ends
		}
		return effect{noLock, false, Slow}
	case facts.SQL, facts.Other:
	}
	return effect{noLock, false, Uncertain}
}

func (c context) column(op facts.Operation) effect {
	brief := effect{accessExclusive, false, Brief}
	switch op.Kind {
	case facts.AddColumn:
		if op.Volatile {
			return effect{accessExclusive, true, Blocking}
		}
	case facts.ChangeColumn:
		if c.retypes(op) {
			return effect{accessExclusive, true, Blocking}
		}
	case facts.ChangeNull:
		if op.Null != nil && !*op.Null && !c.vouched(op.Table) {
			return effect{accessExclusive, false, Blocking}
		}
	default:
	}
	return brief
}

// retypes says that a column's rows have to be written anew: text of any length is stored alike, other types are not.
func (c context) retypes(op facts.Operation) bool {
	if op.Type == "" {
		return false
	}
	table := c.from.Table(op.Table)
	text := []string{"string", "text", "citext"}
	for _, name := range op.Columns {
		i := slices.IndexFunc(table.Columns, func(col facts.Column) bool { return col.Name == name })
		if i < 0 {
			continue // added by this upgrade, with nothing in it
		}
		if before := table.Columns[i].Type; before != op.Type && (!slices.Contains(text, before) || op.Type != "text") {
			return true
		}
	}
	return false
}

// vouched says that a constraint of the table was validated earlier in the same migration: PostgreSQL takes its word and
// reads no row.
func (c context) vouched(table string) bool {
	return slices.ContainsFunc(c.migration.Operations[:c.position], func(op facts.Operation) bool {
		return op.Kind == facts.ValidateCheck && op.Table == table
	})
}

func index(op facts.Operation) effect {
	switch {
	case op.Kind == facts.RenameIndex, op.Kind == facts.RemoveIndex && op.Concurrent:
		return effect{shareUpdateExclusive, false, Brief}
	case op.Kind == facts.RemoveIndex:
		return effect{accessExclusive, false, Brief}
	case op.Concurrent:
		return effect{shareUpdateExclusive, false, Slow}
	default:
		return effect{share, false, Blocking}
	}
}

func constraint(op facts.Operation) effect {
	switch op.Kind {
	case facts.AddForeignKey:
		if op.NotValidated {
			return effect{shareRowExclusive, false, Brief}
		}
		return effect{shareRowExclusive, false, Blocking} // both tables, while every row is checked
	case facts.AddCheck:
		if !op.NotValidated {
			return effect{accessExclusive, false, Blocking}
		}
	case facts.ValidateForeignKey, facts.ValidateCheck:
		return effect{shareUpdateExclusive, false, Slow}
	default:
	}
	return effect{accessExclusive, false, Brief}
}
