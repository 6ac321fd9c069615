package notes

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/inventory"
)

// factHazards follow from what the target reads.
func (w *writer) factHazards() {
	for _, y := range w.notes.Environment.Yours {
		where := fmt.Sprintf("%s:%d", y.File, y.Line)
		switch y.Problem {
		case Aborts:
			w.hazardf("env-aborts", Error, where, "%s refuses to start while %s is set", w.notes.To, y.Name)
		case Required:
			w.hazardf("env-required", Error, where, "%s does not start without %s, and nothing here sets it", w.notes.To, y.Name)
		case Removed:
			w.hazardf("env-removed", Info, where, "%s no longer reads %s", w.notes.To, y.Name)
		case Unread:
		}
	}
	if floor := w.zeroDowntime(); floor != "" {
		w.hazardf("zero-downtime-floor", Error, w.notes.From, "two phases are only supported from %s on; stop every process and migrate without "+
			"SKIP_POST_DEPLOYMENT_MIGRATIONS, or go to %s first", floor, floor)
	}
}

// zeroDowntime is the oldest release from which two phases work, where the upgrade starts below it.
func (w *writer) zeroDowntime() string {
	if !w.facts() || len(w.jobs(inventory.PhasePre)) == 0 {
		return ""
	}
	floor := w.in.ToFacts.Floor("zero-downtime")
	if floor == nil || floor.Schema == "" || w.in.FromFacts.Schema.Version == "" || len(floor.Schema) != len(w.in.FromFacts.Schema.Version) {
		return ""
	}
	if w.in.FromFacts.Schema.Version >= floor.Schema {
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
			severity := Warning
			if floor.Enforced {
				severity = Error
			}
			w.hazardf("floor-unmet", severity, fmt.Sprintf("%s:%d", store.File, store.VersionLine), "%s asks for %s %s or newer (%s); %s %s states %s",
				w.notes.To, server.name, floor.Version, place(floor.Place), store.Kind, store.Name, store.Version)
		}
	}
}

// workloadHazards are processes that the target needs otherwise: a queue that nobody serves, a probe that will not match.
func (w *writer) workloadHazards() {
	if w.in.ToFacts == nil {
		return
	}
	served, all := map[string]bool{}, false
	var first *inventory.Workload
	for i := range w.inv.Workloads {
		o := &w.inv.Workloads[i]
		if !o.Listed || o.Component != inventory.Sidekiq {
			continue
		}
		if first == nil {
			first = o
		}
		all = all || o.QueuesUnknown || len(o.Queues) == 0
		for _, q := range o.Queues {
			served[q] = true
		}
		w.probes(o)
	}
	if first == nil || all {
		return
	}
	var unserved []string
	for _, q := range w.in.ToFacts.Queues {
		if !served[q.Name] {
			unserved = append(unserved, q.Name)
		}
	}
	if len(unserved) > 0 {
		slices.Sort(unserved)
		w.hazardf("queue-unserved", Error, at(first.Object), "no Sidekiq process here serves %s; jobs put there are never run", strings.Join(unserved, ", "))
	}
}

var titled = regexp.MustCompile(`(?i)\[?s\]?idekiq[\\ ]+(\d+)`)

// probes finds commands that look for a process by its name and version.
func (w *writer) probes(o *inventory.Workload) {
	sidekiq := w.in.ToFacts.Runtime("sidekiq")
	if sidekiq == nil {
		return
	}
	major, _, _ := strings.Cut(sidekiq.Version, ".")
	for _, p := range o.Probes {
		if m := titled.FindStringSubmatch(p.Command); m != nil && m[1] != major {
			w.hazardf("probe-version", Error, fmt.Sprintf("%s:%d", o.File, p.Line), "the %s of %s looks for Sidekiq %s; %s runs Sidekiq %s, and Kubernetes would "+
				"restart it for ever", p.Kind, o.Name, m[1], w.notes.To, major)
		}
	}
}
