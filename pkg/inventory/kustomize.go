package inventory

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
)

// graph is which kustomization reaches which files and folders.
type graph struct {
	given     map[string]bool     // every file handed in
	dirs      map[string]bool     // folders with a kustomization
	namespace map[string]string   // what a folder's kustomization sets
	parents   map[string][]string // file or folder → folders whose kustomization names it
	patches   map[string]bool     // files that change objects and are none
	applied   map[string]bool     // those of them that are part of the objects by now

	transforms map[string]*transform // what a folder's kustomization changes
	resolved   map[string]string     // the namespaces that are known by now
}

func newGraph(files []string) graph {
	g := graph{
		given: map[string]bool{}, dirs: map[string]bool{}, namespace: map[string]string{},
		parents: map[string][]string{}, patches: map[string]bool{}, applied: map[string]bool{},
		transforms: map[string]*transform{}, resolved: map[string]string{},
	}
	for _, file := range files {
		g.given[file] = true
		if isKustomization(file) {
			g.dirs[path.Dir(file)] = true
		}
	}
	return g
}

func isKustomization(file string) bool {
	switch path.Base(file) {
	case "kustomization.yaml", "kustomization.yml", "Kustomization":
		return true
	}
	return false
}

// kustomization takes what a kustomization reaches, the namespace it sets and the configuration it generates.
func (t *taker) kustomization(fsys fs.FS, file string, n *yaml.Node) {
	dir, g := path.Dir(file), t.kustomize
	if ns := node.Text(node.Get(n, "namespace")); ns != "" {
		g.namespace[dir] = ns
	}
	for _, key := range []string{"resources", "bases", "components", "crds"} {
		for _, item := range node.Items(node.Get(n, key)) {
			g.reach(dir, node.Text(item))
		}
	}
	for _, key := range []string{"patches", "patchesStrategicMerge", "patchesJson6902"} {
		for _, item := range node.Items(node.Get(n, key)) {
			name := node.Text(item)
			if name == "" {
				name = node.Text(node.Get(item, "path"))
			}
			if name != "" && !strings.Contains(name, "\n") {
				g.reach(dir, name)
				g.patches[path.Join(dir, name)] = true
			}
		}
	}
	t.transforming(file, n)
	plain := node.Truth(node.Get(n, "generatorOptions", "disableNameSuffixHash"))
	for _, item := range node.Items(node.Get(n, "configMapGenerator")) {
		t.generator(fsys, dir, file, "ConfigMap", "configMapGenerator", item, plain)
	}
	for _, item := range node.Items(node.Get(n, "secretGenerator")) {
		t.generator(fsys, dir, file, "Secret", "secretGenerator", item, plain)
	}
}

func (g graph) reach(dir, name string) {
	if name == "" || strings.Contains(name, "://") {
		return
	}
	target := path.Join(dir, name)
	g.parents[target] = append(g.parents[target], dir)
}

// listed says that a file is applied, as far as kustomizations tell.
func (g graph) listed(file string) bool {
	if len(g.parents[file]) > 0 {
		return true
	}
	for dir := path.Dir(file); ; dir = path.Dir(dir) {
		if g.dirs[dir] {
			return false
		}
		if dir == "." || dir == "/" {
			return true
		}
	}
}

// namespaceOf is what the outermost kustomizations that reach a file set; empty when none does or two disagree.
func (g graph) namespaceOf(target string) string {
	if known, ok := g.resolved[target]; ok {
		return known
	}
	g.resolved[target] = "" // for the time being: a loop, which kustomize refuses itself
	var found []string
	for _, dir := range g.parents[target] {
		ns := g.namespaceOf(dir)
		if ns == "" {
			ns = g.namespace[dir]
		}
		if ns != "" && !slices.Contains(found, ns) {
			found = append(found, ns)
		}
	}
	if len(found) != 1 {
		return ""
	}
	g.resolved[target] = found[0]
	return found[0]
}

// placeAll completes every object by what the kustomizations say about its file.
func (t *taker) placeAll() {
	inv := t.inv
	for i := range inv.MigrateJobs {
		t.placed(&inv.MigrateJobs[i].Object)
	}
	for i := range inv.Workloads {
		t.placed(&inv.Workloads[i].Object)
	}
	for i := range inv.Backups {
		t.placed(&inv.Backups[i].Object)
	}
	for i := range inv.Appliers {
		t.placed(&inv.Appliers[i].Object)
	}
	for _, stores := range [][]Store{inv.Databases, inv.Poolers, inv.Redis, inv.Search} {
		for i := range stores {
			t.placed(&stores[i].Object)
		}
	}
}

func (t *taker) placed(o *Object) {
	o.Listed = t.kustomize.listed(o.File)
	if ns := t.kustomize.namespaceOf(o.File); ns != "" {
		o.Namespace = ns
	}
}
