package notes

import (
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/severity"
)

// jobHazards are about one migrate Job.
func (w *writer) jobHazards(j inventory.Job) {
	where := at(j.Object)
	if !j.Listed {
		w.hazardf("not-rendered", severity.Warning, where, "no kustomization lists %s; Job %s is never applied", j.File, j.Name)
		return
	}
	w.phaseHazards(j, where)
	engine := engineName(w.inv.Engine)
	switch {
	case j.Kind != "Job", j.TTL, j.Replace, j.GeneratedName, w.inv.Honours(j):
	case j.Hook == "":
		w.hazardf("job-immutable", severity.Error, where, "Job %s has a fixed name and its image changes; Kubernetes refuses to change a Job that exists. "+
			"Give it a hook, ttlSecondsAfterFinished or a name that changes", j.Name)
	case w.inv.Engine != inventory.EngineUnknown:
		w.hazardf("hook-ignored", severity.Error, fileLine(j.HookFile, j.HookLine), "%s does not act on the hook %s of Job %s: the Job is an ordinary "+
			"object, runs beside the roll-out, and cannot be changed while it exists", engine, j.Hook, j.Name)
	}
	w.orderHazard(j)
	w.poolerHazard(j, where)
}

// orderHazard is about a Job that runs before a sync and needs what only the sync brings.
func (w *writer) orderHazard(j inventory.Job) {
	if !w.inv.Honours(j) || !j.Before() {
		return
	}
	var hashed, fixed []string
	var where inventory.Need
	for _, need := range generated(j) {
		name := need.Kind + " " + need.Name
		switch {
		case need.Fixed:
			fixed = append(fixed, name)
		default:
			hashed = append(hashed, name)
		}
		if where.File == "" {
			where = need
		}
	}
	if len(hashed) > 0 {
		w.hazardf("hook-order", severity.Warning, fileLine(where.File, where.Line), "Job %s runs before the sync and needs %s, whose names carry a hash: when their content "+
			"changes too, the new ones only arrive with the sync, and the Job waits for them for ever", j.Name, strings.Join(hashed, ", "))
	}
	if len(fixed) > 0 {
		w.hazardf("hook-order", severity.Info, fileLine(where.File, where.Line), "Job %s runs before the sync and reads %s as it was: what changes in it arrives with the sync",
			j.Name, strings.Join(fixed, ", "))
	}
}

// generated are the needs of a Job whose names only rendering tells.
func generated(j inventory.Job) []inventory.Need {
	return slices.DeleteFunc(slices.Clone(j.Needs), func(n inventory.Need) bool {
		return n.MadeBy != "configMapGenerator" && n.MadeBy != "secretGenerator"
	})
}

// phaseHazards are about what a Job runs, and when.
func (w *writer) phaseHazards(j inventory.Job, where string) {
	post, known := w.notes.Migrations.Fresh(w.notes.Migrations.Post), w.notes.Migrations.Known
	switch {
	case j.Init && !w.nothing(w.notes.Migrations.Pre):
		w.hazardf("migrate-init", severity.Warning, where, "%s %s migrates in an init container: the new code of the first pod migrates while old pods serve, "+
			"and every pod tries", j.Kind, j.Name)
	case j.Phase == inventory.PhaseSingle && known && post > 0:
		w.hazardf("migrate-single-phase", severity.Error, where, "Job %s runs %s ahead of the roll-out, while the old code still serves", j.Name, count(post, "post-deployment migration"))
	case j.Phase == inventory.PhaseSingle && !known:
		w.hazardf("migrate-single-phase", severity.Warning, where, "Job %s runs post-deployment migrations, if there are any, ahead of the roll-out, while the old code still serves", j.Name)
	}
}

// poolerHazard is about migrations through a pooler that hands a session's connection to others between transactions.
func (w *writer) poolerHazard(j inventory.Job, where string) {
	for _, p := range w.inv.Poolers {
		host, _, _ := strings.Cut(j.Host, ".")
		name := p.Name
		if p.By == "zalando" {
			name += "-pooler"
		}
		switch {
		case !p.Listed || host != name || p.Mode == "session":
		case p.Mode == "":
			w.hazardf("migrate-through-pooler", severity.Info, where, "Job %s connects to the pooler %s, whose mode is not stated; in transaction mode migrations fail or "+
				"run unprotected", j.Name, host)
		default:
			w.hazardf("migrate-through-pooler", severity.Warning, where, "Job %s connects to the pooler %s in %s mode: the advisory lock by which Rails keeps migrations "+
				"apart does not hold there. Use the database's own host", j.Name, host, p.Mode)
		}
	}
}
