package drift

import (
	"slices"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/drift/render"
	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/rival"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// Input is everything that the checks of one application judge by. [Prepare] makes one.
type Input struct {
	Application patch.Application
	References  []patch.Reference // of the application
	Policy      config.Application
	Now         time.Time

	// Facts are those of the release in use, nil when unknown.
	Facts *facts.Facts
	// Previous are those of the newest release of the line before, nil when unknown or not asked for.
	Previous *facts.Facts

	// Outside is what is published and what runs, filled in by whoever asked; [Input.Used] and [Input.Kinds] say what to ask for.
	Outside Outside

	// Effective is the inventory of what the application's roots render, every place put back to the file it comes from.
	Effective *inventory.Inventory
	// Elsewhere is the inventory of the files that the roots do not reach.
	Elsewhere *inventory.Inventory
	// Rivals are the other updaters that the tree is set up for.
	Rivals []rival.Rival
	// Engine applies the application.
	Engine inventory.Engine
	// Fallbacks are the roots that were not rendered.
	Fallbacks []render.Fallback

	tree       render.Tree
	files      []string  // of the whole tree
	foreign    []string  // of other applications
	objects    []*object // as an engine applies them
	elsewhere  []*object // of the files that the roots do not reach
	containers []*container
	sources    *sources
}

// reaches tells whether rendering the application reads a file.
func (in *Input) reaches(file string) bool {
	return slices.ContainsFunc(in.Application.Roots, func(dir string) bool { return in.tree.Layout.Root(dir).Reaches(file) })
}

// around are the objects that another one sees: of its root and from elsewhere, in its namespace.
func (in *Input) around(user *object) []*object {
	var out []*object

	for _, o := range slices.Concat(in.objects, in.elsewhere) {
		if (o.root == user.root || o.root == "") && o.sameNamespace(user.namespace) {
			out = append(out, o)
		}
	}

	return out
}

// workers are the containers that run for good, in the order of the objects.
func (in *Input) workers(components ...inventory.Component) []*container {
	var out []*container

	for _, c := range in.containers {
		if !c.init && slices.Contains(components, c.component) {
			out = append(out, c)
		}
	}

	return out
}

// migrations are the containers that migrate the database.
func (in *Input) migrations() []*container {
	return slices.DeleteFunc(slices.Clone(in.containers), func(c *container) bool { return c.component != inventory.Migrate })
}

// accept drops the findings that the policy accepts, and says of those whose time is over that they were.
func (in *Input) accept(list []Finding) []Finding {
	out := list[:0]

	for _, f := range list {
		accepted := false

		for _, a := range in.Policy.Drift.Accept {
			if a.Check != f.Check || a.Name != "" && a.Name != f.Name {
				continue
			}

			if a.Until.IsZero() || !in.Now.After(a.Until) {
				accepted = true

				break
			}

			f.Message = strings.TrimSuffix(f.Message, ".") + "; it was accepted until " + a.Until.Format(time.DateOnly) + " (" + a.Reason + ")"
		}

		if !accepted {
			out = append(out, f)
		}
	}

	return out
}
