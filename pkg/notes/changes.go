package notes

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// big are the tables of Mastodon that grow with every post that an instance sees.
var big = []string{"accounts", "conversations", "media_attachments", "mentions", "notifications", "status_stats", "statuses"}

// Change is what one migration does to one table.
type Change struct {
	// Migration is the name of its file.
	Migration string `json:"migration"`
	Phase     Phase  `json:"phase"` // Pre or Post
	// Table is empty when the migration names none that can be read.
	Table string `json:"table"`
	// Does is what it does, in words: "add index (account_id)".
	Does string `json:"does"`
	// Lock is the table lock of the worst of it, in PostgreSQL's words; "rows" for the rows that are changed, empty for none.
	Lock string `json:"lock"`
	// Rewrite says that the table is written anew, for which it needs its own size in free space.
	Rewrite bool `json:"rewrite"`
	Risk    Risk `json:"risk"`
	// Big are the big tables of Mastodon that wait or are read whole, sorted: the table, or one that a foreign key leads to.
	Big []string `json:"big"`
	// Irreversible says that the migration cannot be undone by its own code.
	Irreversible bool   `json:"irreversible"`
	Source       string `json:"source"`
}

// changes judges what the new migrations do, by operation.
func (w *writer) changes() {
	if !w.facts() {
		return
	}
	m := w.notes.Migrations
	for i := range w.in.ToFacts.Migrations {
		migration := &w.in.ToFacts.Migrations[i]
		name := path.Base(migration.File)
		phase := Pre
		if migration.Phase == facts.Post {
			phase = Post
		}
		fresh := (slices.Contains(m.Pre, name) || slices.Contains(m.Post, name)) && !slices.Contains(m.Renamed, name)
		if fresh {
			w.notes.Changes = append(w.notes.Changes, w.changesOf(migration, name, phase)...)
		}
	}
}

// measure notes the sizes of the tables that the changes name.
func (w *writer) measure() {
	w.notes.Rows = map[string]int64{}
	for _, c := range w.notes.Changes {
		for _, table := range append([]string{c.Table}, c.Big...) {
			if rows, known := w.in.Rows[table]; known {
				w.notes.Rows[table] = rows
			}
		}
	}
}

// changesOf are a migration's changes, a table each, in the order in which it first names them.
func (w *writer) changesOf(m *facts.Migration, name string, phase Phase) []Change {
	var out []Change
	does := map[string][]facts.Operation{}
	for i, op := range m.Operations {
		e := context{&w.in.FromFacts.Schema, m, i}.held(op)
		at := slices.IndexFunc(out, func(c Change) bool { return c.Table == op.Table })
		if at < 0 {
			at = len(out)
			out = append(out, Change{
				Migration: name, Phase: phase, Table: op.Table, Risk: Brief, Irreversible: m.Irreversible, Big: []string{},
				Source: fileLine(m.File, op.Line),
			})
		}
		c := &out[at]
		c.Big = append(c.Big, w.touched(op, e)...)
		does[op.Table] = append(does[op.Table], op)
		if e.risk.rank() > c.Risk.rank() || e.risk == c.Risk && strength(e.lock) > strength(c.Lock) {
			c.Risk, c.Lock, c.Source = e.risk, e.lock, fileLine(m.File, op.Line)
		}
		c.Rewrite = c.Rewrite || e.rewrite
	}
	for i := range out {
		out[i].Does, out[i].Big = phrase(does[out[i].Table]), sorted(out[i].Big)
	}
	return out
}

// strength orders locks by how much they keep out.
func strength(lock string) int {
	return slices.Index([]string{noLock, rowLocks, shareUpdateExclusive, share, shareRowExclusive, accessExclusive}, lock)
}

// touched are the big tables that an operation holds up, or reads whole.
func (w *writer) touched(op facts.Operation, e effect) []string {
	var out []string
	if e.risk == Brief {
		return nil
	}
	for _, table := range []string{op.Table, op.To} {
		exists := w.in.FromFacts.Schema.Table(table) != nil
		if exists && w.isBig(table) && (table == op.Table || op.Kind == facts.AddForeignKey) {
			out = append(out, table)
		}
	}
	return out
}

// phrase says what operations on one table do, those of one kind together.
func phrase(ops []facts.Operation) string {
	var kinds []string
	of := map[string][]string{}
	for _, op := range ops {
		kind := doing(op)
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
		if what := object(op); what != "" && !slices.Contains(of[kind], what) {
			of[kind] = append(of[kind], what)
		}
	}
	for i, kind := range kinds {
		kinds[i] = strings.TrimSpace(kind + " " + strings.Join(of[kind], ", "))
	}
	return strings.Join(kinds, "; ")
}

func doing(op facts.Operation) string {
	out := strings.ReplaceAll(string(op.Kind), "_", " ")
	switch {
	case op.Kind == facts.Data:
		return "change rows"
	case op.Kind == facts.Other:
		return "not known"
	case op.Kind == facts.SQL:
		return "SQL of its own"
	case op.Kind == facts.ChangeNull && op.Null != nil && !*op.Null:
		return "forbid NULL in"
	case op.Kind == facts.ChangeNull:
		return "allow NULL in"
	case op.Concurrent:
		out += " concurrently"
	case op.NotValidated:
		out += " without checking rows"
	case op.Volatile:
		out += " with a default for each row"
	}
	return out
}

// object is what of the table an operation is about.
func object(op facts.Operation) string {
	switch op.Kind {
	case facts.AddIndex, facts.RemoveIndex:
		if len(op.Columns) == 0 {
			return op.Index
		}
		return "(" + strings.Join(op.Columns, ", ") + ")"
	case facts.AddForeignKey, facts.ValidateForeignKey:
		if len(op.Columns) == 0 {
			return "to " + op.To
		}
		return fmt.Sprintf("(%s) to %s", strings.Join(op.Columns, ", "), op.To)
	case facts.RenameColumn, facts.RenameTable, facts.RenameIndex:
		return strings.TrimSpace(strings.Join(op.Columns, ", ") + " to " + op.To)
	case facts.ChangeColumn:
		return strings.TrimSpace(strings.Join(op.Columns, ", ") + " " + op.Type)
	default:
		if len(op.Columns) > 0 {
			return strings.Join(op.Columns, ", ")
		}
		return op.Index
	}
}

// changeHazards are what the migrations do to tables that an instance cannot spare.
func (w *writer) changeHazards() {
	var slow []string
	for _, c := range w.notes.Changes {
		if len(c.Big) == 0 {
			continue
		}
		switch c.Risk {
		case Blocking:
			w.hazardf("table-blocked", severity.Warning, c.Source, "%s on %s under the lock %s: %s %s until every row of %s is read. Try it on a copy of the "+
				"database first", c.Does, c.Table, c.Lock, waits(c), list(w.notes.sizedAll(c.Big)), c.Table)
		case Slow, Uncertain:
			slow = append(slow, c.Big...)
		case Brief:
		}
	}
	if slow = sorted(slow); len(slow) > 0 {
		w.hazardf("table-slow", severity.Info, "db/migrate at "+w.notes.To, "migrations read or change %s row by row or build indexes on them; the instance goes on, "+
			"and the migrate Job takes as long as the tables are big", list(w.notes.sizedAll(slow)))
	}
	w.unreadHazard()
	w.oldCodeHazards()
}

func waits(c Change) string {
	switch {
	case c.Rewrite:
		return "the table is written anew beside itself, and everybody waits for"
	case c.Lock == accessExclusive:
		return "everybody waits for"
	default:
		return "writers wait for"
	}
}

func (w *writer) unreadHazard() {
	var names []string
	for _, c := range w.notes.Changes {
		if c.Risk == Uncertain {
			names = append(names, c.Migration)
		}
	}
	if names = sorted(names); len(names) > 0 {
		w.hazardf("migration-unread", severity.Info, "db/migrate at "+w.notes.To, "what %s does is not told by its text; read it", list(names))
	}
}

// oldCodeHazards are migrations ahead of the roll-out that take away what the code that still serves may use.
func (w *writer) oldCodeHazards() {
	if !w.facts() {
		return
	}
	gone := []facts.Kind{facts.DropTable, facts.RenameTable, facts.RemoveColumn, facts.RenameColumn}
	for _, m := range w.in.ToFacts.Migrations {
		if name := path.Base(m.File); m.Phase == facts.Post || !slices.Contains(w.notes.Migrations.Pre, name) || slices.Contains(w.notes.Migrations.Renamed, name) {
			continue
		}
		for _, op := range m.Operations {
			if slices.Contains(gone, op.Kind) && w.in.FromFacts.Schema.Table(op.Table) != nil {
				w.hazardf("old-code", severity.Info, fileLine(m.File, op.Line), "ahead of the roll-out, %s: %s; requests and jobs of %s that use it fail until the "+
					"new code is up", strings.TrimSpace(doing(op)+" "+object(op)), op.Table, w.notes.From)
			}
		}
	}
}
