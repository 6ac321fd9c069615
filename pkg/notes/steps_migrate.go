package notes

import (
	"fmt"

	"github.com/goingdark-social/bot/pkg/inventory"
)

// runs is the engine's name where it acts on a hook of this Job by itself.
func (w *writer) runs(j inventory.Job) string {
	if w.inv.Honours(j) {
		return engineName(w.inv.Engine)
	}
	return ""
}

// jobs are the migrate Jobs of a phase that are applied at all.
func (w *writer) jobs(phase inventory.Phase) []inventory.Job {
	var out []inventory.Job
	for _, j := range w.inv.MigrateJobs {
		if j.Listed && j.Phase == phase {
			out = append(out, j)
		}
	}
	return out
}

// nothing says that the migrations are known and there are none of a phase.
func (w *writer) nothing(names []string) bool {
	return w.notes.Migrations.Known && w.notes.Migrations.Fresh(names) == 0
}

func (w *writer) pre() {
	idle := w.nothing(w.notes.Migrations.Pre)
	for _, j := range w.jobs(inventory.PhasePre) {
		if j.Init {
			continue // with the pods, see inits
		}
		w.migrate(Pre, j, "the pre-deployment migrations", idle)
	}
	for _, j := range w.jobs(inventory.PhaseSingle) {
		if !j.Init {
			what := "every migration at once, post-deployment ones among them"
			if w.nothing(w.notes.Migrations.Post) {
				what = "the migrations"
			}
			w.migrate(Pre, j, what, idle && w.nothing(w.notes.Migrations.Post))
		}
	}
	if len(w.jobs(inventory.PhasePre))+len(w.jobs(inventory.PhaseSingle)) == 0 && !idle {
		w.step(Pre, "", w.whole(), "Run the pre-deployment migrations in a pod of the new image"+w.lacking(),
			"SKIP_POST_DEPLOYMENT_MIGRATIONS=true bundle exec rails db:migrate")
	}
}

func (w *writer) post() {
	idle := w.nothing(w.notes.Migrations.Post)
	jobs := w.jobs(inventory.PhasePost)
	for _, j := range jobs {
		w.migrate(Post, j, "the post-deployment migrations", idle)
	}
	if len(jobs)+len(w.jobs(inventory.PhaseSingle)) > 0 || idle {
		return
	}
	title, command := "Run the post-deployment migrations"+w.lacking(), "bundle exec rails db:migrate"
	if web := w.workload(inventory.Web); web != nil {
		command = w.exec(web, "bundle", "exec", "rails", "db:migrate")
	}
	w.step(Post, "", w.whole(), title, command)
}

// inits are init containers that migrate: they run with the pods, whatever the phase should be.
func (w *writer) inits() {
	for _, j := range append(w.jobs(inventory.PhasePre), w.jobs(inventory.PhaseSingle)...) {
		if j.Init {
			w.step(Rollout, j.Kind, at(j.Object), fmt.Sprintf("Init container %s of %s %s migrates with every new pod", j.Container, j.Kind, j.Name))
		}
	}
}

// migrate is one Job's step: watched where the engine runs it, started by hand where nothing does.
func (w *writer) migrate(phase Phase, j inventory.Job, what string, idle bool) {
	if idle {
		what = "the migrate Job, which finds nothing to do"
	}
	name := "job/" + j.Name
	if by := w.runs(j); by != "" {
		w.step(phase, by, at(j.Object), fmt.Sprintf("%s runs %s (hook %s of Job %s)", by, what, j.Hook, j.Name),
			kubectl(j.Object, "logs", "--follow", name))
		return
	}
	if idle {
		return
	}
	title := fmt.Sprintf("Run %s: Job %s", what, j.Name)
	switch {
	case j.Hook != "" && w.inv.Engine == inventory.EngineUnknown:
		w.step(phase, "", at(j.Object), title+", whose hook "+j.Hook+" Argo CD acts on; with another engine start it yourself",
			kubectl(j.Object, "logs", "--follow", name))
	case j.GeneratedName:
		w.step(phase, "", at(j.Object), title+", from a checkout of this branch", kubectl(j.Object, "create", "-f", j.File))
	case len(generated(j)) > 0:
		w.step(phase, "", at(j.Object), title+", as kustomize renders it: the names it needs are generated",
			kubectl(j.Object, "delete", name, "--ignore-not-found"))
	default:
		w.step(phase, "", at(j.Object), title+", from a checkout of this branch",
			kubectl(j.Object, "replace", "--force", "-f", j.File),
			kubectl(j.Object, "wait", "--for=condition=complete", "--timeout=1h", name))
	}
}
