package drift

import (
	"fmt"
	"slices"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/severity"
)

func notRendered() Check {
	return Check{
		ID: "not-rendered", Severity: severity.Error, Title: "manifests that nothing applies",
		Doc: `A manifest that lies in a kustomization's folder, names the application's images and is reached by no kustomization is never
applied: it looks like the truth and is not. When it holds the migrate Job and no other one is applied, the database is never
migrated, which is an error; else it is a warning. Where a kustomization can't be built here, because it needs the network, Helm or
a plugin, this check says so (info) and every other one judges the files as they stand; one that kustomize itself refuses is a
warning.`,
		find: findNotRendered,
	}
}

func findNotRendered(in *Input) []Finding {
	out := in.fellBack()
	files := map[string]bool{}

	for _, r := range in.References {
		if r.Form != patch.Container || files[r.File] || in.reaches(r.File) || in.applied(r.File) || in.used(r.File) {
			continue
		}

		files[r.File] = true
		f := Finding{
			Severity: severity.Warning, Place: in.objectAt(r.File, r.Line), Components: in.componentsIn(r.File), Name: r.File,
			Message: "no kustomization lists this file, so it is never applied", Expected: "listed under resources, or gone", Actual: "not rendered",
			Fix: "List it under resources of a kustomization, or delete it.",
		}

		if k := in.governor(r.File); k != nil {
			f.Related = []Place{{k.File, 1}}
		}

		if slices.Contains(r.Components, patch.Migrate) && !slices.ContainsFunc(in.containers, func(c *container) bool { return c.component == inventory.Migrate }) {
			f.Severity = severity.Error
			f.Message = "no kustomization lists this file, so the migrate Job in it never runs"
		}

		out = append(out, f)
	}

	return out
}

// fellBack tells what was not rendered, and why.
func (in *Input) fellBack() []Finding {
	var out []Finding

	for _, why := range in.Fallbacks {
		f := Finding{
			Severity: severity.Info, Place: Place{why.File, why.Line},
			Message: fmt.Sprintf("not rendered here, since %s: the checks fell back to the files as they stand", why.Reason),
			Fix:     "Nothing to do; findings that depend on what was not rendered are left out or only info.",
		}

		if why.Broken {
			f.Severity = severity.Warning
			f.Fix = "Make it build with \"kustomize build\"."
		}

		out = append(out, f)
	}

	return out
}

// used tells that some kustomization reads a file, though no root reaches that kustomization: a component of somebody else's.
func (in *Input) used(file string) bool {
	k := in.governor(file)

	return k != nil && in.tree.Layout.Root(k.Dir).Reaches(file)
}

// objectAt is the first line of the object that a line is in.
func (in *Input) objectAt(file string, line int) Place {
	at := Place{file, 1}

	for _, n := range in.sources.read(file) {
		if n.Line <= line {
			at.Line = n.Line
		}
	}

	return at
}

func (in *Input) componentsIn(file string) []string {
	var out []string

	for _, r := range in.References {
		if r.File == file {
			for _, c := range r.Components {
				out = append(out, string(c))
			}
		}
	}

	return out
}
