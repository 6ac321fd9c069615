package drift

import (
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/severity"
)

func jobImmutable() Check {
	return Check{
		ID: "job-immutable", Severity: severity.Error, Title: "a migrate Job that cannot be applied twice",
		Doc: `A Job's pod template is immutable. With a fixed name the next release changes its image, and applying it fails, unless the engine
replaces it: as a hook (Argo CD, which honours its own annotations and Helm's, in kustomize trees too), by a TTL, an option to
replace or force it, a generated name or one that carries the version. Flux and kubectl honour no hooks. Where nothing tells the
engine, it speaks only of what fails with all of them.`,
		find: findImmutable,
	}
}

func findImmutable(in *Input) []Finding {
	var out []Finding

	for _, j := range in.Effective.MigrateJobs {
		if j.Init || j.Kind != "Job" || j.TTL || j.GeneratedName || in.replaced(j) || in.versioned(j) {
			continue
		}

		if j.Hook != "" && in.Engine != inventory.EngineFlux {
			continue
		}

		f := Finding{
			Place: Place{j.File, j.Line}, Components: []string{"migrate"}, Name: j.Name,
			Message:  fmt.Sprintf("Job %s keeps its name when its image changes, and a Job's template is immutable", j.Name),
			Expected: "a hook, a TTL, an option to replace it, or a name that changes", Actual: "a fixed name",
			Fix: "Make it a hook of Argo CD (argocd.argoproj.io/hook), or set ttlSecondsAfterFinished.",
		}

		if in.Engine == inventory.EngineFlux {
			f.Fix = "Annotate it with kustomize.toolkit.fluxcd.io/force: enabled, or set ttlSecondsAfterFinished."
		}

		if j.Hook != "" {
			f.Message += "; Flux does not honour its hook"
			f.Related = []Place{{j.File, j.HookLine}}
		}

		out = append(out, f)
	}

	return out
}

// replaced tells that the engine is told to replace or force the Job, by itself or by what applies it.
func (in *Input) replaced(j inventory.Job) bool {
	if j.Replace {
		return true
	}

	for _, o := range in.appliers() {
		if node.Truth(node.Get(o, "spec", "force")) {
			return true
		}

		for _, option := range node.Texts(node.Get(o, "spec", "syncPolicy", "syncOptions")) {
			if option == "Replace=true" || option == "Force=true" {
				return true
			}
		}
	}

	return false
}

// appliers are the engine's objects that apply the application.
func (in *Input) appliers() []*yaml.Node {
	var out []*yaml.Node

	for _, dir := range in.Application.Roots {
		for _, named := range in.tree.Layout.Root(dir).Objects {
			for _, n := range in.sources.read(named.File) {
				if n.Line == named.Line {
					out = append(out, n)
				}
			}
		}
	}

	return out
}

// versioned tells a name that carries the version, so that it changes with the release.
func (in *Input) versioned(j inventory.Job) bool {
	_, tag := splitImage(j.Image)
	plain := strings.NewReplacer(".", "", "-", "", "v", "")
	version := plain.Replace(tag)

	return version != "" && strings.ContainsAny(version, "0123456789") && strings.Contains(plain.Replace(j.Name), version)
}
