package notes

import (
	"fmt"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// factHazards follow from what the target reads.
func (w *writer) factHazards() {
	for _, y := range w.notes.Environment.Yours {
		where := fmt.Sprintf("%s:%d", y.File, y.Line)
		switch y.Problem {
		case Aborts:
			w.hazardf("env-aborts", severity.Error, where, "%s refuses to start while %s is set", w.notes.To, y.Name)
		case Required:
			w.hazardf("env-required", severity.Error, where, "%s does not start without %s, and nothing here sets it", w.notes.To, y.Name)
		case Removed:
			w.hazardf("env-removed", severity.Info, where, "%s no longer reads %s", w.notes.To, y.Name)
		case Unread:
		}
	}
	if floor := w.zeroDowntime(); floor != "" {
		w.hazardf("zero-downtime-floor", severity.Error, place(w.in.ToFacts.Floor("zero-downtime").Place)+" at "+w.notes.To, "two phases are only supported from %s on, and "+
			"migrating with SKIP_POST_DEPLOYMENT_MIGRATIONS set aborts below it; go to %s first, or stop every process and migrate without the variable", floor, floor)
	}
}

// zeroDowntime is the oldest release from which two phases work, where the upgrade starts below it and would have two. The
// code compares schema versions; where the one before is not known, the release's own number has to do.
func (w *writer) zeroDowntime() string {
	if w.in.ToFacts == nil || w.downgrade() || w.in.Inventory != nil && len(w.jobs(inventory.PhasePre)) == 0 {
		return ""
	}
	floor := w.in.ToFacts.Floor("zero-downtime")
	if floor == nil {
		return ""
	}
	if w.in.FromFacts != nil && w.in.FromFacts.Schema.Version != "" && len(floor.Schema) == len(w.in.FromFacts.Schema.Version) {
		if w.in.FromFacts.Schema.Version >= floor.Schema {
			return ""
		}
		return floor.Version
	}
	if order, ok := version.Compare(w.base, version.Parse("v"+floor.Version)); !ok || order >= 0 {
		return ""
	}
	return floor.Version
}

// serverHazards are servers of this repository that are too old for the target.
func (w *writer) serverHazards() {
	if w.in.ToFacts == nil {
		return
	}
	for _, server := range w.servers() {
		floor := w.in.ToFacts.Floor(server.name)
		if floor == nil {
			continue
		}
		for _, store := range server.stores {
			if !store.Listed || store.Product != server.name || store.Version == "" || !below(store.Version, floor.Version) {
				continue
			}
			level := severity.Warning
			if floor.Enforced {
				level = severity.Error
			}
			w.hazardf("floor-unmet", level, stated(store), "%s asks for %s %s or newer (%s at %s%s); %s %s states %s", w.notes.To, proper(server.name),
				floor.Version, place(floor.Place), w.notes.To, refused(floor), store.Kind, store.Name, store.Version)
		}
	}
}

func refused(floor *facts.Floor) string {
	if floor.Enforced {
		return ", which refuses less"
	}
	return ""
}
