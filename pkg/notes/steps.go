package notes

import (
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/pkg/inventory"
)

// steps are what is done, in order, for the objects that this repository has.
func (w *writer) steps() {
	w.before()
	merged := w.hooked()
	if merged {
		w.merge(Pre)
	}
	if !w.downgrade() {
		w.pre()
	}
	if !merged {
		w.merge(Rollout)
	}
	w.inits()
	w.rollout()
	if !w.downgrade() {
		w.post()
	}
	w.after()
}

func (w *writer) step(phase Phase, by, source, title string, commands ...string) {
	w.notes.Steps = append(w.notes.Steps, Step{Title: title, Command: strings.Join(commands, "\n"), Phase: phase, By: by, Source: source})
}

func at(o inventory.Object) string { return fmt.Sprintf("%s:%d", o.File, o.Line) }

func engineName(e inventory.Engine) string {
	switch e {
	case inventory.EngineArgoCD:
		return "Argo CD"
	case inventory.EngineFlux:
		return "Flux"
	default:
		return ""
	}
}

// hooked says that merging starts the first phase: an engine runs a hook, and nothing is left to do by hand before.
func (w *writer) hooked() bool {
	hooked := false
	for _, j := range append(w.jobs(inventory.PhasePre), w.jobs(inventory.PhaseSingle)...) {
		if j.Init {
			continue
		}
		if w.runs(j) == "" || !j.Before() {
			return false
		}
		hooked = true
	}
	return hooked && !w.downgrade()
}

// merge is the step that sets everything else off.
func (w *writer) merge(phase Phase) {
	title, source := "Merge this change", w.whole()
	applier, known := w.inv.Applies()
	switch {
	case known:
		title += "; " + engineName(applier.Engine) + " applies it"
		source = at(applier.Object)
	case w.in.Inventory != nil:
		title += " and apply it as you always do"
	}
	w.step(phase, "", source, title)
}

// workload is the first one of a component that is applied.
func (w *writer) workload(c inventory.Component) *inventory.Workload {
	for i := range w.inv.Workloads {
		if o := &w.inv.Workloads[i]; o.Listed && o.Component == c {
			return o
		}
	}
	return nil
}

func (w *writer) exec(o *inventory.Workload, words ...string) string {
	target := strings.ToLower(o.Kind) + "/" + o.Name
	return kubectl(o.Object, append([]string{"exec", target, "-c", o.Container, "--"}, words...)...)
}

// rollout moves web, sidekiq and streaming in one go: they speak to each other through Redis and the database.
func (w *writer) rollout() {
	var names, places, commands []string
	seen := map[string]bool{}
	for _, c := range []inventory.Component{inventory.Web, inventory.Sidekiq, inventory.Streaming} {
		for _, o := range w.inv.Workloads {
			target := strings.ToLower(o.Kind) + "/" + o.Name
			if !o.Listed || o.Component != c || seen[target] {
				continue
			}
			seen[target] = true
			names, places = append(names, o.Name), append(places, at(o.Object))
			switch o.Kind {
			case "Deployment", "StatefulSet", "DaemonSet":
				commands = append(commands, kubectl(o.Object, "rollout", "status", "--timeout=15m", target))
			}
		}
	}
	if len(names) == 0 {
		w.step(Rollout, "", w.whole(), "Roll out web, sidekiq and streaming together")
		return
	}
	engine := engineName(w.inv.Engine)
	title := "See the new pods come up"
	if engine != "" {
		title = engine + " rolls the new pods out"
	}
	title += ": " + strings.Join(names, ", ")
	if why := w.streaming(); why != "" && w.workload(inventory.Streaming) != nil {
		title += "; " + why
	}
	w.step(Rollout, engine, strings.Join(places, ", "), title, commands...)
}

// whole is the source of what a repository lacks.
func (w *writer) whole() string {
	if w.in.Inventory == nil {
		return "no repository was looked at"
	}
	return "no object of this repository"
}

// lacking ends a title: nothing in the repository does the step.
func (w *writer) lacking() string {
	if w.in.Inventory == nil {
		return ""
	}
	return "; no object of this repository does"
}
