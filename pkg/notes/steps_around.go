package notes

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// before is what has to be so before anything changes: the backup first, then what the new release asks of everything around.
func (w *writer) before() {
	w.backup()
	if w.downgrade() {
		w.undoing()
		return
	}
	w.floors()
	w.newSecrets()
	w.specialSteps(Before)
}

// undoing is what a downgrade needs of the database first: the backup, or what can be undone without one.
func (w *writer) undoing() {
	undone := w.undone()
	if len(undone) == 0 {
		return
	}
	source, title := "db/migrate at "+w.notes.From, "Restore the backup from before the upgrade"
	if stuck := w.stuck(); len(stuck) > 0 {
		w.step(Before, "", source, fmt.Sprintf("%s: %s cannot be undone (%s)", title, count(len(stuck), "migration"), some(stuck)))
		return
	}
	var commands []string
	for _, m := range undone {
		commands = append(commands, "bundle exec rails db:migrate:down VERSION="+quote(m.Version))
	}
	w.step(Before, "", source, fmt.Sprintf("%s. Without one: stop web, Sidekiq and streaming, and undo %s in a pod of %s, newest first", title,
		count(len(undone), "migration"), w.notes.From), commands...)
}

// floors are the servers that have to be newer first, or whose version somebody has to look at because the floor rose.
func (w *writer) floors() {
	if w.in.ToFacts == nil {
		return
	}
	for _, server := range w.servers() {
		floor := w.in.ToFacts.Floor(server.name)
		if floor == nil || len(server.stores) == 0 && w.in.Inventory != nil {
			continue
		}
		yours := server.version()
		switch {
		case yours == "" && w.rose(floor):
			w.step(Before, "", place(floor.Place)+" at "+w.notes.To, fmt.Sprintf("See that %s is %s or newer", proper(server.name), floor.Version), asks(server.name))
		case yours != "" && below(yours, floor.Version):
			w.step(Before, "", server.stated(), fmt.Sprintf("Bring %s from %s to %s or newer", proper(server.name), yours, floor.Version))
		}
	}
}

// rose says that the release before asked for less, or that nobody knows what it asked for.
func (w *writer) rose(floor *facts.Floor) bool {
	if w.in.FromFacts == nil {
		return true
	}
	before := w.in.FromFacts.Floor(floor.Name)
	return before == nil || below(before.Version, floor.Version)
}

func proper(server string) string {
	switch server {
	case "postgresql":
		return "PostgreSQL"
	case "redis":
		return "Redis"
	case "elasticsearch":
		return "Elasticsearch"
	}
	return server
}

// newSecrets are variables that the target does not start without while nobody can see what the Secrets here hold.
func (w *writer) newSecrets() {
	if len(w.inv.Opaque) == 0 {
		return
	}
	var names []string
	for _, v := range w.newlyRequired() {
		names = append(names, v.Name)
	}
	if len(names) == 0 {
		return
	}
	need := w.inv.Opaque[0]
	w.step(Before, "", fileLine(need.File, need.Line), fmt.Sprintf("See that %s %s holds %s: %s does not start without", need.Kind, need.Name, list(names), w.notes.To),
		kubectl(inventory.Object{Namespace: w.namespace()}, "describe", strings.ToLower(need.Kind)+"/"+need.Name))
}

// namespace is the one of web.
func (w *writer) namespace() string {
	if web := w.workload(inventory.Web); web != nil {
		return web.Namespace
	}
	return ""
}

// after is how to see that it went well, and what is made anew from the database.
func (w *writer) after() {
	web := w.workload(inventory.Web)
	if web != nil {
		w.step(After, "", at(web.Object), "See that no migration is left", w.exec(web, "bundle", "exec", "rails", "db:abort_if_pending_migrations"))
	}
	if w.downgrade() {
		return
	}
	w.reindex()
	w.specialSteps(After)
	w.cache()
}

// reindex brings the search indexes up to date whose definitions changed.
func (w *writer) reindex() {
	var names, sources []string
	for _, s := range w.search() {
		names, sources = append(names, s.Name), append(sources, s.File)
	}
	special := w.specialIndexes()
	if len(names) == 0 || !slices.ContainsFunc(names, func(n string) bool { return !slices.Contains(special, n) }) {
		return
	}
	run := append([]string{"bin/tootctl", "search", "deploy", "--only"}, names...)
	w.step(After, "", strings.Join(sources, ", "), "Bring the search indexes up to date whose definitions changed; while it runs, search finds less", w.inWeb(run...))
}

// inWeb is a command in a container of web, where one is known.
func (w *writer) inWeb(words ...string) string {
	if web := w.workload(inventory.Web); web != nil {
		return w.exec(web, words...)
	}
	for i, word := range words {
		words[i] = quote(word)
	}
	return strings.Join(words, " ")
}

// search are the index definitions that changed, where search is on or nobody knows whether it is.
func (w *writer) search() []facts.Search {
	if !w.facts() || !w.searches() {
		return nil
	}
	before := map[string]string{}
	for _, s := range w.in.FromFacts.Search {
		before[s.Name] = s.Digest
	}
	return slices.DeleteFunc(slices.Clone(w.in.ToFacts.Search), func(s facts.Search) bool { return before[s.Name] == s.Digest })
}

// searches says that the repository has a server for search, or was not looked at.
func (w *writer) searches() bool { return w.in.Inventory == nil || len(w.inv.Search) > 0 }

// cache is about entries that another version of Rails wrote.
func (w *writer) cache() {
	if !w.facts() {
		return
	}
	before, after := w.in.FromFacts.Runtime("rails"), w.in.ToFacts.Runtime("rails")
	if before == nil || after == nil || minor(before.Version) == minor(after.Version) {
		return
	}
	w.step(After, "", place(after.Place)+" at "+w.notes.To, fmt.Sprintf("Only if pages fail or show what is old: clear the cache, which Rails %s wrote and %s reads; the instance "+
		"is slower until it is full again", before.Version, after.Version), w.inWeb("bin/tootctl", "cache", "clear"))
}

// minor is the first two numbers of a version: 8.0 of 8.0.2.1.
func minor(version string) string {
	first, rest, _ := strings.Cut(version, ".")
	second, _, _ := strings.Cut(rest, ".")
	return first + "." + second
}
