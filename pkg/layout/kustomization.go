package layout

import (
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
)

// Kustomization is one kustomization file and the files and folders of the tree that it names, links resolved.
type Kustomization struct {
	File, Dir string
	Component bool
	// Resources is what is rendered, in order: files and folders under resources, bases and components.
	Resources, Components []string
	// Inputs is every other file it reads: patches, generators' files, values, replacements, transformers, charts.
	Inputs []string
	// Patches is the files among the inputs that are patches.
	Patches []string
	// Remote is what it names outside the tree.
	Remote []string

	// Listing tells that it names resources and does nothing to them.
	Listing bool

	entries []entry
	broken  bool
}

// Broken tells that the file could not be read as a kustomization, so that nothing is known of what it names.
func (k *Kustomization) Broken() bool { return k.broken }

// entry is one path as it stands in a kustomization.
type entry struct {
	path string
	line int
	kind kind
}

type kind int

const (
	resource kind = iota
	component
	patch
	input
	chart // may be missing: helm downloads it
)

func isKustomization(base string) bool {
	return base == "kustomization.yaml" || base == "kustomization.yml" || base == "Kustomization"
}

// parseKustomization reads what a kustomization names. The kustomization comes back even if it is broken: its folder is still one.
func parseKustomization(file string, data []byte) (*Kustomization, error) {
	k := &Kustomization{File: file, Dir: path.Dir(file)}

	docs, err := node.Documents(data)
	if err != nil || len(docs) == 0 {
		k.broken = err != nil

		return k, err
	}

	m := docs[0]
	k.Component = node.TextAt(m, "kind") == "Component"
	k.Listing = !k.Component && onlyKeys(m, "apiVersion", "kind", "metadata", "resources", "bases")

	for _, list := range []struct {
		key  string
		kind kind
	}{
		{"resources", resource},
		{"bases", resource},
		{"components", component},
		{"patchesStrategicMerge", patch},
		{"crds", input},
		{"configurations", input},
		{"generators", input},
		{"transformers", input},
		{"validators", input},
	} {
		k.addAll(node.Get(m, list.key), list.kind)
	}

	for key, kind := range map[string]kind{"patches": patch, "patchesJson6902": patch, "replacements": input} {
		for _, item := range node.Items(node.Get(m, key)) {
			k.add(node.Get(item, "path"), kind)
		}
	}

	k.add(node.Get(node.Get(m, "openapi"), "path"), input)
	k.generators(m)
	k.helm(m)
	slices.SortStableFunc(k.entries, func(a, b entry) int { return a.line - b.line })

	return k, nil
}

func (k *Kustomization) addAll(list *yaml.Node, kind kind) {
	for _, item := range node.Items(list) {
		k.add(item, kind)
	}
}

// add notes a path. What has line breaks is content given inline.
func (k *Kustomization) add(n *yaml.Node, kind kind) {
	if n != nil && n.Kind == yaml.ScalarNode && n.Value != "" && !strings.Contains(n.Value, "\n") {
		k.entries = append(k.entries, entry{path: n.Value, line: n.Line, kind: kind})
	}
}

func (k *Kustomization) generators(m *yaml.Node) {
	for _, key := range []string{"configMapGenerator", "secretGenerator"} {
		for _, g := range node.Items(node.Get(m, key)) {
			for _, f := range node.Items(node.Get(g, "files")) {
				named := *f
				if _, file, found := strings.Cut(f.Value, "="); found {
					named.Value = file
				}

				k.add(&named, input)
			}

			k.addAll(node.Get(g, "envs"), input)
			k.add(node.Get(g, "env"), input)
		}
	}
}

func (k *Kustomization) helm(m *yaml.Node) {
	home := node.TextAt(node.Get(m, "helmGlobals"), "chartHome")
	if home == "" {
		home = "charts"
	}

	for _, key := range []string{"helmCharts", "helmChartInflationGenerator"} {
		for _, c := range node.Items(node.Get(m, key)) {
			k.add(node.Get(c, "valuesFile"), input)
			k.add(node.Get(c, "values"), input)
			k.addAll(node.Get(c, "additionalValuesFiles"), input)

			name := node.TextAt(c, "name") + node.TextAt(c, "chartName")
			if node.TextAt(c, "repo")+node.TextAt(c, "chartRepo") == "" && name != "" {
				k.entries = append(k.entries, entry{path: path.Join(home, name), line: c.Line, kind: chart})
			}
		}
	}
}

func onlyKeys(m *yaml.Node, allowed ...string) bool {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if !slices.Contains(allowed, m.Content[i].Value) {
			return false
		}
	}

	return m.Kind == yaml.MappingNode
}
