package drift

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/drift/render"
	"github.com/goingdark-social/bot/pkg/layout"
)

// sources finds where in the files something rendered is written.
type sources struct {
	tree    render.Tree
	docs    map[string][]*yaml.Node
	patches []patchDoc
	makers  []generator
}

// patchDoc is one patch, of a file or inline, in the order of kustomize.
type patchDoc struct {
	file   string
	shift  int // lines of the file before the patch's first
	n      *yaml.Node
	target *yaml.Node
}

// generator is one entry of a ConfigMap or Secret generator.
type generator struct {
	kind, name string
	file, dir  string
	n          *yaml.Node
	hashed     bool
}

func newSources(tree render.Tree, roots []string) *sources {
	s := &sources{tree: tree, docs: map[string][]*yaml.Node{}}
	seen := map[string]bool{}

	for _, dir := range roots {
		for _, file := range tree.Layout.Root(dir).Files() {
			k, ok := tree.Layout.Kustomization(path.Dir(file))
			if ok && k.File == file && !seen[file] {
				seen[file] = true
				s.kustomization(k)
			}
		}
	}

	return s
}

// read parses a file once. One that can't be read has no documents: the scan reports it.
func (s *sources) read(file string) []*yaml.Node {
	if docs, ok := s.docs[file]; ok {
		return docs
	}

	data, err := fs.ReadFile(s.tree.FS, file)
	if err != nil {
		data = nil
	}

	docs, _ := node.Documents(data)

	var out []*yaml.Node

	for _, d := range docs {
		if items := node.Items(node.Get(d, "items")); strings.HasSuffix(node.Text(node.Get(d, "kind")), "List") && len(items) > 0 {
			out = append(out, items...)
		} else {
			out = append(out, d)
		}
	}

	s.docs[file] = out

	return out
}

// kustomization takes the patches and generators of one.
func (s *sources) kustomization(k *layout.Kustomization) {
	for _, m := range s.read(k.File) {
		for _, key := range []string{"patchesStrategicMerge", "patchesJson6902", "patches"} {
			for _, item := range node.Items(node.Get(m, key)) {
				s.patch(k.Dir, k.File, item)
			}
		}

		plain := node.Truth(node.Get(m, "generatorOptions", "disableNameSuffixHash"))

		for key, kind := range map[string]string{"configMapGenerator": "ConfigMap", "secretGenerator": "Secret"} {
			for _, g := range node.Items(node.Get(m, key)) {
				s.makers = append(s.makers, generator{
					kind: kind, name: node.Text(node.Get(g, "name")), file: k.File, dir: k.Dir, n: g,
					hashed: !plain && !node.Truth(node.Get(g, "options", "disableNameSuffixHash")),
				})
			}
		}
	}
}

func (s *sources) patch(dir, file string, item *yaml.Node) {
	target := node.Get(item, "target")
	name, inline := item, node.Get(item, "patch")

	if item.Kind == yaml.MappingNode {
		name = node.Get(item, "path")
	} else if strings.Contains(item.Value, "\n") {
		name, inline = nil, item
	}

	if p := node.Text(name); p != "" {
		for _, d := range s.read(path.Join(dir, p)) {
			s.patches = append(s.patches, patchDoc{path.Join(dir, p), 0, d, target})
		}

		return
	}

	docs, err := node.Documents([]byte(node.Text(inline)))
	if err != nil || inline == nil {
		return // kustomize refuses it
	}

	shift := inline.Line - 1
	if inline.Style == yaml.LiteralStyle || inline.Style == yaml.FoldedStyle {
		shift = inline.Line
	}

	for _, d := range docs {
		s.patches = append(s.patches, patchDoc{file, shift, d, target})
	}
}

// matches tells that a patch may change an object.
func (p patchDoc) matches(o *object) bool {
	kind, name := node.Text(node.Get(p.target, "kind")), node.Text(node.Get(p.target, "name"))

	if p.n.Kind == yaml.MappingNode && p.target == nil {
		kind, name = node.Text(node.Get(p.n, "kind")), node.Text(node.Get(p.n, "metadata", "name"))
	}

	return (kind == "" || kind == o.kind) && (name == "" || name == o.base || name == o.name)
}

// patched finds the last patch that sets what an object has under some steps.
func (s *sources) patched(o *object, steps []string, want *yaml.Node) (Place, bool) {
	if s == nil {
		return Place{}, false
	}

	for _, p := range slices.Backward(s.patches) {
		if !p.matches(o) {
			continue
		}

		if p.n.Kind == yaml.SequenceNode {
			if line := operation(p.n, steps, want); line > 0 {
				return Place{p.file, p.shift + line}, true
			}

			continue
		}

		if line, have, found := node.Find(p.n, steps...); found == len(steps) && same(have, want) {
			return Place{p.file, p.shift + line}, true
		}
	}

	return Place{}, false
}

// same tells that two values do not contradict each other: scalars are equal, of the rest only the kind is.
func same(a, b *yaml.Node) bool {
	return a != nil && b != nil && a.Kind == b.Kind && (a.Kind != yaml.ScalarNode || a.Value == b.Value)
}

// operation finds the line of a JSON patch that sets a value: by its path, or as an item whose name the steps end with.
func operation(ops *yaml.Node, steps []string, want *yaml.Node) int {
	last := steps[len(steps)-1]

	for _, op := range slices.Backward(node.Items(ops)) {
		value := node.Get(op, "value")
		at := node.Text(node.Get(op, "path"))

		switch {
		case value == nil:
		case at == "/"+strings.Join(steps, "/") && same(value, want):
			return op.Line
		case strings.HasPrefix(last, "[") && node.Identity(value, -1) == last:
			return op.Line
		}
	}

	return 0
}

// locate finds the object's own document, or the generator that makes it.
func (s *sources) locate(o *object) {
	o.sources = s

	if o.generated {
		if g := s.generator(o); g != nil {
			o.base, o.file, o.line = g.name, g.file, g.n.Line
		}

		return
	}

	var candidates []*yaml.Node

	for _, d := range s.read(o.file) {
		if node.Text(node.Get(d, "kind")) == o.kind {
			candidates = append(candidates, d)
		}
	}

	for _, exact := range []bool{true, false} {
		for _, d := range candidates {
			name, _ := named(d)
			if name == o.name || !exact && (len(candidates) == 1 || name != "" && strings.Contains(o.name, name)) {
				o.own, o.line = d, d.Line

				if name != "" {
					o.base = name
				}

				return
			}
		}
	}
}

// generator finds the entry that makes an object: the one with the longest name in the object's.
func (s *sources) generator(o *object) *generator {
	var best *generator

	for i, g := range s.makers {
		if g.kind == o.kind && strings.Contains(o.name, g.name) && (best == nil || len(g.name) >= len(best.name)) {
			best = &s.makers[i]
		}
	}

	return best
}

// keyAt is where a key of a ConfigMap or Secret is written.
func (o *object) keyAt(key string) Place {
	if !o.generated {
		for _, section := range []string{"data", "stringData"} {
			if _, _, found := node.Find(o.node, section, key); found == 2 {
				return o.at(section, key)
			}
		}

		return o.first()
	}

	// An overlay's generator may add to one of the base: what stands deeper in the folders gives way.
	place := o.first()

	for _, g := range o.sources.makers {
		if g.kind != o.kind || g.name != o.base {
			continue
		}

		for _, e := range o.sources.tree.Entries(g.dir, g.n) {
			if e.Key == key && (node.Text(node.Get(o.node, "data", key)) == e.Value || place == o.first()) {
				place = Place{e.File, e.Line}
			}
		}
	}

	return place
}
