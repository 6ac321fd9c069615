package notes

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// way says how to stop on the way, and how to go back.
func (w *writer) way() {
	w.notes.Back = w.back()
	if w.notes.Verdict == TwoPhase {
		w.notes.Stop = w.stop()
	}
}

func (w *writer) back() string {
	n := &w.notes
	switch n.Verdict {
	case NoMigrations:
		return "Revert the commit at any time."
	case PreOnly:
		return "Revert the commit: migrations ahead of the roll-out are made so that the old code runs on. The schema stays as it is." + w.taken(Pre)
	case TwoPhase:
		return "Revert the commit as long as the post-deployment migrations have not run." + w.taken(Pre) + " After them the old code no longer fits the " +
			"database, and only the backup leads back, without what was written since." + w.taken(Post)
	case Downgrade:
		return w.undo()
	case Undecided:
	}
	return "Until the migrations are known, count on the backup alone."
}

// taken says what the migrations of a phase take away from the code before them.
func (w *writer) taken(phase Phase) string {
	var gone []string
	for _, m := range w.fresh(phase) {
		for _, op := range m.Operations {
			table := w.in.FromFacts.Schema.Table(op.Table)
			switch {
			case table == nil:
			case op.Kind == facts.DropTable, op.Kind == facts.RenameTable:
				gone = append(gone, op.Table)
			case op.Kind == facts.RemoveColumn, op.Kind == facts.RenameColumn:
				for _, column := range op.Columns {
					gone = append(gone, op.Table+"."+column)
				}
			}
		}
	}
	if len(gone) == 0 {
		return ""
	}
	when := " Gone for the old code from then on: "
	if phase == Post {
		when = " They take away "
	}
	return when + some(sorted(gone)) + "."
}

// fresh are the migrations of a phase that will run.
func (w *writer) fresh(phase Phase) []facts.Migration {
	names, kind := w.notes.Migrations.Pre, facts.Pre
	if phase == Post {
		names, kind = w.notes.Migrations.Post, facts.Post
	}
	var out []facts.Migration
	for _, m := range w.in.ToFacts.Migrations {
		name := path.Base(m.File)
		if m.Phase == kind && slices.Contains(names, name) && !slices.Contains(w.notes.Migrations.Renamed, name) {
			out = append(out, m)
		}
	}
	return out
}

// undo is how a downgrade can be had at all.
func (w *writer) undo() string {
	n := &w.notes
	if n.Migrations.Known && len(n.Migrations.Undone) == 0 {
		return "Going back is what this change does, and the database is the same on both sides."
	}
	safe := "The backup from before the upgrade is the way back, without what was written since. "
	if !n.Migrations.Known {
		return safe + "Which migrations stand in the way is not known."
	}
	if stuck := w.stuck(); len(stuck) > 0 {
		return safe + fmt.Sprintf("%s cannot be undone: %s.", count(len(stuck), "migration"), some(stuck))
	}
	return safe + fmt.Sprintf("Without one, %s can be undone by the code of %s, newest first, while every process is stopped; what they hold is lost with "+
		"them.", count(len(n.Migrations.Undone), "migration"), n.From)
}

// undone are the migrations that a downgrade leaves behind, newest first.
func (w *writer) undone() []facts.Migration {
	var out []facts.Migration
	if !w.facts() {
		return nil
	}
	for _, m := range w.in.FromFacts.Migrations {
		if slices.Contains(w.notes.Migrations.Undone, path.Base(m.File)) {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b facts.Migration) int { return strings.Compare(b.Version, a.Version) })
	return out
}

// stuck are those of them that say that they cannot be undone.
func (w *writer) stuck() []string {
	var out []string
	for _, m := range w.undone() {
		if m.Irreversible {
			out = append(out, path.Base(m.File))
		}
	}
	return out
}

// stop is how to have a rest between the phases, where something would start the second by itself.
func (w *writer) stop() string {
	const rest = "Between the phases the instance can stay for days."
	singles := slices.DeleteFunc(w.jobs(inventory.PhaseSingle), func(j inventory.Job) bool { return j.Init })
	if len(singles) > 0 {
		j := singles[0]
		return fmt.Sprintf("Not as it is: Job %s (%s) runs both phases in one go. Set SKIP_POST_DEPLOYMENT_MIGRATIONS in it, to any value, and run the rest "+
			"when the new pods are up.", j.Name, at(j.Object))
	}
	for _, j := range w.jobs(inventory.PhasePost) {
		switch by := w.runs(j); {
		case by != "":
			return fmt.Sprintf("%s %s runs the second phase as soon as the new pods are up (hook %s of Job %s). To stop before it, take %s out of this change "+
				"and bring it back when you are ready.", rest, by, j.Hook, j.Name, j.File)
		case w.inv.Engine != inventory.EngineUnknown:
			return fmt.Sprintf("%s applies Job %s (%s) with everything else and waits for nothing. To stop before the second phase, take %s out of this change and "+
				"bring it back when the new pods are up.", engineName(w.inv.Engine), j.Name, at(j.Object), j.File)
		}
	}
	return rest + " Nothing starts the second phase but you: leave its step for later."
}
