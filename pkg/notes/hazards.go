package notes

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/version"
)

func (w *writer) hazardf(id string, s severity.Level, source, format string, args ...any) {
	w.notes.Hazards = append(w.notes.Hazards, Hazard{ID: id, Severity: s, Message: fmt.Sprintf(format, args...), Source: source})
}

// hazards are what can go wrong between these two releases, then what can in this repository.
func (w *writer) hazards() {
	w.wayHazards()
	w.lostHazards()
	w.supportHazard()
	w.changeHazards()
	w.factHazards()
	w.specialHazards()
	for _, j := range w.inv.MigrateJobs {
		w.jobHazards(j)
	}
	w.backupHazards()
	w.serverHazards()
	w.workloadHazards()
}

// wayHazards are about the distance and the direction.
func (w *writer) wayHazards() {
	n := &w.notes
	way := n.From + "..." + n.To
	if w.downgrade() {
		w.hazardf("downgrade", severity.Error, way, "%s is older than %s. The database keeps what newer migrations did to it%s; code that "+
			"does not know it may fail or lose data. Restore the backup taken before the upgrade instead", n.To, n.From, w.counted())
	}
	if skipped := w.skipped(); len(skipped) > 0 {
		w.hazardf("skipped-lines", severity.Warning, way, "this skips %s. Mastodon asks that one release of each line is deployed, its "+
			"post-deployment migrations included, before the next", lines(skipped))
	}
	if _, ok := w.order(); !ok {
		w.hazardf("not-comparable", severity.Warning, way, "%s and %s are not of one ascent, so nothing tells which is newer", n.From, n.To)
	}
	if w.in.To.Kind() == version.Prerelease {
		w.hazardf("prerelease", severity.Info, n.To, "%s is a pre-release", n.To)
	}
	if len(n.On) > 1 {
		w.hazardf("mixed-versions", severity.Warning, strings.Join(n.On, ", "), "several versions were in use; the change ends in %s everywhere. "+
			"Migrations are counted from the oldest, %s", n.To, n.From)
	}
	if !n.Migrations.Known {
		w.hazardf("migrations-unknown", severity.Warning, way, "whether this release migrates the database, and how, is not known here; treat it as if it did")
	}
}

func (w *writer) counted() string {
	if known := w.notes.Migrations; known.Known {
		return fmt.Sprintf(" (%s)", count(len(known.Undone), "migration"))
	}
	return ""
}

// skipped are the lines between what is in use and the target. Inside one major version minors follow each other; across
// majors only the releases that are known tell which lines there are.
func (w *writer) skipped() []version.Line {
	from, to := w.base.Line(), w.in.To.Line()
	if _, ok := w.order(); !ok || w.downgrade() {
		return nil
	}
	var out []version.Line
	if from.Major == to.Major {
		for minor := from.Minor + 1; minor < to.Minor; minor++ {
			out = append(out, version.Line{Major: to.Major, Minor: minor})
		}
		return out
	}
	for _, r := range slices.Backward(w.notes.Releases) {
		line := version.Parse(r.Version).Line()
		if line.Compare(from) > 0 && line.Compare(to) < 0 && (len(out) == 0 || out[len(out)-1] != line) {
			out = append(out, line)
		}
	}
	return out
}

func lines(list []version.Line) string {
	var out []string
	for _, l := range list {
		out = append(out, l.String())
	}
	return strings.Join(out, ", ")
}

// backupHazards are about there being no way back.
func (w *writer) backupHazards() {
	if w.in.Inventory == nil {
		return
	}
	for _, b := range w.inv.Backups {
		if b.Listed && b.Suspended {
			w.hazardf("backup-suspended", severity.Warning, at(b.Object), "%s %s is suspended and backs nothing up", b.Kind, b.Name)
		}
	}
	if len(w.backups()) == 0 {
		source := w.whole()
		for _, db := range w.inv.Databases {
			if db.Listed {
				source = at(db.Object)
				break
			}
		}
		w.hazardf("backup-missing", severity.Warning, source, "no object of this repository backs the database up")
	}
}
