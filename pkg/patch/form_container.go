package patch

import (
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/patch/internal/source"
)

// containers finds images in the pods of objects of any kind: every mapping in a list called containers, initContainers or
// ephemeralContainers at any depth, volumes that are images, and image fields of custom resources.
type containers struct{}

func (containers) find(p *page) {
	if p.isKustomization() {
		return
	}

	for _, d := range p.docs {
		w := containerWalk{page: p, doc: d, seen: map[*yaml.Node]bool{}, form: Container, objects: &p.objects}
		w.node(d.Root, nil)
	}
}

// containerWalk visits each node once, so that aliases of aliases end.
type containerWalk struct {
	page    *page
	doc     *source.Doc
	seen    map[*yaml.Node]bool
	form    Form
	objects *[]*object
	survey  bool // only see what there is
}

func (w *containerWalk) node(n *yaml.Node, in *object) {
	n = node.Deref(n)
	if n == nil || n.Kind == yaml.ScalarNode || w.seen[n] {
		return
	}

	w.seen[n] = true

	if n.Kind == yaml.SequenceNode {
		for _, item := range n.Content {
			w.node(item, in)
		}

		return
	}

	if isObject(n) {
		if in = newObject(n); in.engine() {
			return // what it says about images is said in other forms
		}

		*w.objects = append(*w.objects, in)
	}

	for k, v := range source.Pairs(n) {
		w.field(k.Value, node.Deref(v), in)
	}
}

func (w *containerWalk) field(key string, v *yaml.Node, in *object) {
	switch {
	case in == nil && !slices.Contains(containerLists, key):
	case slices.Contains(containerLists, key):
		for _, item := range node.Items(v) {
			w.container(in, item, key)
		}

		return
	case key == "image" && v != nil && v.Kind == yaml.ScalarNode:
		w.image(&container{object: in, name: in.name, image: v.Value}, v)
	case key == "image":
		if reference := node.Get(v, "reference"); reference != nil && reference.Kind == yaml.ScalarNode {
			w.image(&container{object: in, name: in.name, image: reference.Value}, reference)
		}
	}

	w.node(v, in)
}

func (w *containerWalk) container(in *object, item *yaml.Node, list string) {
	if in == nil {
		in = &object{labels: map[string]string{}} // a fragment that is no object by itself
		*w.objects = append(*w.objects, in)
	}

	if image := node.Get(item, "image"); image != nil && image.Kind == yaml.ScalarNode {
		w.image(newContainer(in, item, list), image)
	}

	w.seen[item] = true // a sidecar's own image field was read just now

	for k, v := range source.Pairs(item) {
		if k.Value != "image" {
			w.node(v, in)
		}
	}
}

func (w *containerWalk) image(c *container, n *yaml.Node) {
	c.object.add(c)

	if w.survey || !w.page.mayName(n.Value) {
		return
	}

	if c.list == "" && w.page.names.canonical(n.Value) != "" {
		return // a custom resource that names an image without a version names a repository: Flux's ImageRepository does
	}

	text, err := w.doc.Scalar(n)
	if err != nil {
		w.page.lost(err)

		return
	}

	w.page.podImages[n] = true

	if c.reference = w.page.image(w.form, text); c.reference != nil {
		c.reference.Components = addComponents(c.reference.Components, c.components(c.reference.streaming)...)
	}
}
