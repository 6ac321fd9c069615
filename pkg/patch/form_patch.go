package patch

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/patch/internal/source"
)

// patches is what of a patch names images: the containers of a strategic merge patch, and the operations of a JSON patch.
type patches struct {
	objects    []*object
	operations []operation
}

// operation is one operation of a JSON patch that sets an image or a container with one.
type operation struct {
	list  string // containers, initContainers, …
	index int    // -1 when it adds one
	set   *container
}

// patchEntry is one entry under patches: of a kustomization, or of what has the same field.
type patchEntry struct {
	file   string // a file of its own; "" when it is inline
	inline *patches
	target *selector
}

// selector chooses objects by anchored patterns; an empty field chooses any.
type selector struct{ kind, name *regexp.Regexp }

func newSelector(n *yaml.Node) *selector {
	if n == nil {
		return nil
	}

	return &selector{kind: anchored(node.TextAt(n, "kind")), name: anchored(node.TextAt(n, "name"))}
}

func anchored(pattern string) *regexp.Regexp {
	if pattern == "" {
		return nil
	}

	compiled, err := regexp.Compile("^(?:" + pattern + ")$")
	if err != nil {
		return regexp.MustCompile("^" + regexp.QuoteMeta(pattern) + "$")
	}

	return compiled
}

func (s *selector) chooses(o *object) bool {
	return (s.kind == nil || s.kind.MatchString(o.kind)) && (s.name == nil || s.name.MatchString(o.name))
}

// patchEntries reads patches, patchesStrategicMerge and patchesJson6902.
func (p *page) patchEntries(d *source.Doc, m *yaml.Node) []patchEntry {
	var entries []patchEntry

	for _, item := range node.Items(node.Get(m, "patchesStrategicMerge")) {
		entries = append(entries, p.patchEntry(d, item, item.Value, nil))
	}

	for _, key := range []string{"patches", "patchesJson6902"} {
		for _, item := range node.Items(node.Get(m, key)) {
			entries = append(entries, p.patchEntry(d, node.Get(item, "patch"), node.TextAt(item, "path"), newSelector(node.Get(item, "target"))))
		}
	}

	return entries
}

func (p *page) patchEntry(d *source.Doc, inline *yaml.Node, file string, target *selector) patchEntry {
	e := patchEntry{target: target}
	if strings.Contains(file, "\n") {
		file = ""
	}

	if file != "" {
		e.file = path.Join(path.Dir(p.path), file)

		return e
	}

	e.inline = &patches{}

	switch {
	case inline == nil:
	case inline.Kind != yaml.ScalarNode: // Flux once took the operations as a list
		p.patch(e.inline, d, inline)
	case p.mayName(inline.Value):
		if text, err := d.Scalar(inline); err != nil {
			p.lost(err)
		} else {
			p.inlinePatch(e.inline, text)
		}
	}

	return e
}

// inlinePatch reads a patch that stands in a string.
func (p *page) inlinePatch(into *patches, text source.Text) {
	docs, err := source.ParseYAML(text)
	if err != nil {
		p.unparsable("the patch names", err)
	}

	for _, d := range docs {
		p.patch(into, d, d.Root)
	}
}

// patch reads one patch: a list is JSON's, a mapping is a strategic merge.
func (p *page) patch(into *patches, d *source.Doc, root *yaml.Node) {
	w := containerWalk{page: p, doc: d, seen: map[*yaml.Node]bool{}, form: KustomizePatch, objects: &into.objects}

	if root.Kind != yaml.SequenceNode {
		w.node(root, nil)

		return
	}

	for _, item := range node.Items(root) {
		if op := node.TextAt(item, "op"); op == "replace" || op == "add" {
			w.operation(into, node.TextAt(item, "path"), node.Get(item, "value"))
		}
	}
}

var imagePath = lazyre.New(`/(containers|initContainers|ephemeralContainers)(?:/(\d+|-))?(/image)?$`)

func (w *containerWalk) operation(into *patches, path string, value *yaml.Node) {
	m := imagePath.FindStringSubmatch(path)

	switch {
	case value == nil:
	case m == nil && strings.HasSuffix(path, "/image") && value.Kind == yaml.ScalarNode:
		w.image(&container{object: &object{labels: map[string]string{}}, image: value.Value}, value)
	case m == nil:
		w.node(value, &object{labels: map[string]string{}})
	default:
		index, err := strconv.Atoi(m[2])
		if err != nil {
			index = -1
		}

		for _, set := range w.set(value, m[1]) {
			into.operations = append(into.operations, operation{list: m[1], index: index, set: set})
		}
	}
}

// set reads the value of an operation: an image, a container, or a list of them.
func (w *containerWalk) set(value *yaml.Node, list string) []*container {
	o := &object{labels: map[string]string{}}

	switch value.Kind {
	case yaml.ScalarNode:
		w.image(&container{object: o, list: list, image: value.Value, bare: true}, value)
	case yaml.MappingNode:
		w.container(o, value, list)
	default:
		for _, item := range node.Items(value) {
			w.container(o, item, list)
		}
	}

	return o.containers
}

// apply sets the images of the pods that a patch changes.
func (x *patches) apply(pods []*pod, target *selector) {
	for _, o := range x.objects {
		for _, c := range o.containers {
			for _, p := range pods {
				if p.patchedBy(o, c, target) {
					p.set(c)
				}
			}
		}
	}

	for _, op := range x.operations {
		for _, p := range pods {
			if target != nil && target.chooses(p.object) && p.list == op.list && p.index == op.index {
				p.set(op.set)
			}
		}
	}
}

// patchedBy tells whether a strategic merge patch reaches a container: its object by the target or by kind and name, and the
// container by its name.
func (p *pod) patchedBy(o *object, c *container, target *selector) bool {
	if target != nil && !target.chooses(p.object) || target == nil && (p.object.kind != o.kind || p.object.name != o.name) {
		return false
	}

	return p.name == c.name && p.list == c.list
}

// set gives a container another image.
func (p *pod) set(c *container) {
	is := newPod(c)
	p.spelling, p.tag, p.digest, p.named, p.decided = is.spelling, is.tag, is.digest, is.named, is.decided

	if c.reference != nil {
		c.reference.matched = append(c.reference.matched, p)
	}
}
