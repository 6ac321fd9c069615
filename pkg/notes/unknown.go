package notes

import (
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/pkg/inventory"
)

// unknowns say what the notes do not say, and how to find out.
func (w *writer) unknowns() {
	add := func(what, how string) { w.notes.Unknown = append(w.notes.Unknown, Unknown{What: what, How: how}) }
	if !w.facts() && !w.same() {
		missing := w.notes.To
		if w.in.FromFacts == nil {
			missing = w.notes.From
		}
		add("Migrations, schema, variables, runtimes and security fixes: the source of "+missing+" was not read",
			"bot notes "+quote(w.notes.From)+" "+quote(w.notes.To)+" --upstream "+quote(w.in.Source))
	}
	if w.in.Inventory == nil {
		add("This repository's own Jobs, backups and databases: no repository was looked at", "bot notes … --path DIR")
	} else {
		w.unknownObjects(add)
	}
	if len(w.notes.Releases) == 0 && !w.same() && !w.downgrade() {
		add("Which releases lie between: no tag and no changelog was read", "bot releases")
	}
	add("What the database holds: how long a migration takes depends on the size of its tables, and which of them have run is not read here",
		"bundle exec rails db:migrate:status")
}

func (w *writer) unknownObjects(add func(what, how string)) {
	for _, server := range w.servers() {
		for _, store := range server.stores {
			if store.By == "external" {
				add(fmt.Sprintf("The version of %s: it runs elsewhere (%s, set in %s)", server.name, store.Name, at(store.Object)), asks(server.name))
			} else if store.Version == "" && store.Listed {
				add(fmt.Sprintf("The version of %s: %s states none", server.name, at(store.Object)), asks(server.name))
			}
		}
	}
	if w.inv.Engine == inventory.EngineUnknown {
		add("What applies this repository: no Argo CD Application and no Flux Kustomization is in it, so hooks are not counted on",
			"kubectl get applications.argoproj.io,kustomizations.kustomize.toolkit.fluxcd.io -A")
	}
	for _, o := range w.inv.Opaque {
		add(fmt.Sprintf("What %s %s sets: its keys are not in this repository (%s:%d)", o.Kind, o.Name, o.File, o.Line), "kubectl describe "+quote(strings.ToLower(o.Kind)+"/"+o.Name))
	}
	for _, p := range w.inv.Problems {
		add(fmt.Sprintf("What %s:%d holds: %s", p.File, p.Line, p.Message), "kubectl create --dry-run=client -f "+quote(p.File))
	}
}

func asks(server string) string {
	switch server {
	case "postgresql":
		return "psql -Atc 'show server_version'"
	case "redis":
		return "redis-cli info server"
	default:
		return "curl -s http://$ES_HOST:$ES_PORT"
	}
}
