package inventory

import (
	"fmt"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
)

// applier takes the objects by which an engine is told what to apply.
func (t *taker) applier(o Object, n *yaml.Node) {
	group, _, _ := strings.Cut(o.APIVersion, "/")
	add := func(e Engine, at *yaml.Node) {
		t.inv.Appliers = append(t.inv.Appliers, Applier{Object: o, Engine: e, Path: folder(node.Text(at))})
	}
	switch group + " " + o.Kind {
	case "argoproj.io Application":
		if source := node.Get(n, "spec", "source"); source != nil {
			add(EngineArgoCD, node.Get(source, "path"))
		}
		for _, source := range node.Items(node.Get(n, "spec", "sources")) {
			add(EngineArgoCD, node.Get(source, "path"))
		}
	case "argoproj.io ApplicationSet":
		add(EngineArgoCD, node.Get(n, "spec", "template", "spec", "source", "path"))
	case "kustomize.toolkit.fluxcd.io Kustomization":
		add(EngineFlux, node.Get(n, "spec", "path"))
	case "helm.toolkit.fluxcd.io HelmRelease":
		t.release(o, n)
	}
}

// release takes a HelmRelease of Flux: it applies a chart, of this repository when the chart's name is a folder of it. What a
// chart makes of its values is not known without rendering it, which matters when it makes Mastodon.
func (t *taker) release(o Object, n *yaml.Node) {
	chart := node.Text(node.Get(n, "spec", "chart", "spec", "chart"))
	a := Applier{Object: o, Engine: EngineFlux, Helm: true}
	if kind := node.Text(node.Get(n, "spec", "chart", "spec", "sourceRef", "kind")); kind == "GitRepository" || kind == "" && strings.HasPrefix(chart, "./") {
		a.Path = folder(chart)
	}
	ours := strings.Contains(path.Base(chart), "mastodon") || t.valued(node.Get(n, "spec", "values"))
	if a.Path == "" && !ours {
		return // somebody else's software
	}
	t.inv.Appliers = append(t.inv.Appliers, a)
	if ours {
		t.problem(o.File, o.Line, fmt.Sprintf("HelmRelease %s: the objects that its chart makes are not known without rendering it", o.Name))
	}
}

// valued says that a chart's values name an image of Mastodon.
func (t *taker) valued(values *yaml.Node) bool {
	repository := node.Text(node.Get(values, "image", "repository"))
	return repository != "" && t.mastodon(repository)
}

// folder cleans a path as engines write it ("./k8s/apps"); empty for none and for a template's.
func folder(p string) string {
	if p == "" || strings.ContainsAny(p, "{}") {
		return ""
	}
	return path.Clean(strings.TrimLeft(strings.TrimPrefix(p, "./"), "/"))
}

// Applies is the object that applies the migrate Jobs and workloads: the one whose path is deepest and holds one of them,
// else the first one where all are of one engine. False where there is none, or two engines and no path tells.
func (inv *Inventory) Applies() (Applier, bool) {
	best := -1
	kinds := map[Engine]bool{}
	for i, a := range inv.Appliers {
		kinds[a.Engine] = true
		if a.Path != "" && (best < 0 || len(a.Path) > len(inv.Appliers[best].Path)) && holdsOurs(inv, a.Path) {
			best = i
		}
	}
	if best < 0 && len(kinds) == 1 {
		best = 0
	}
	if best < 0 {
		return Applier{}, false
	}
	return inv.Appliers[best], true
}

func engine(inv *Inventory) Engine {
	if a, ok := inv.Applies(); ok {
		return a.Engine
	}
	return EngineUnknown
}

func holdsOurs(inv *Inventory, dir string) bool {
	under := func(file string) bool { return dir == "." || strings.HasPrefix(file, dir+"/") }
	for _, w := range inv.Workloads {
		if under(w.File) {
			return true
		}
	}
	for _, j := range inv.MigrateJobs {
		if under(j.File) {
			return true
		}
	}
	return false
}
