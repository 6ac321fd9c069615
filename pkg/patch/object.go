package patch

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/patch/internal/source"
)

// object is one Kubernetes object of a page, or a part of one in a patch, and the containers in it.
type object struct {
	apiVersion, kind, name, namespace string
	labels                            map[string]string
	containers                        []*container
	counts                            map[string]int // of them, by list
}

// container is whatever names an image inside an object.
type container struct {
	object    *object
	name      string
	list      string // the key of the list that it stands in; "" for an image field outside of such lists
	index     int    // in that list
	image     string // as it stands
	command   string // command and args, a space between
	reference *Reference
	bare      bool        // nothing but an image is known of it
	as        []Component // of what is no container but decides some
}

// decider notes a reference that stands in no pod but decides what some run, so that it counts as one.
func (p *page) decider(r *Reference) {
	o := &object{labels: map[string]string{}}
	o.containers = []*container{{object: o, image: r.Image, reference: r, as: r.Components}}
	p.objects = append(p.objects, o)
}

// containerLists are the keys under which pods of all kinds carry containers.
var containerLists = []string{"containers", "initContainers", "ephemeralContainers"}

func newObject(m *yaml.Node) *object {
	o := &object{
		apiVersion: node.TextAt(m, "apiVersion"), kind: node.TextAt(m, "kind"),
		name: node.TextAt(m, "metadata", "name"), namespace: node.TextAt(m, "metadata", "namespace"), labels: map[string]string{},
	}

	for _, from := range [][]string{{"metadata", "labels"}, {"spec", "template", "metadata", "labels"}} {
		for k, v := range source.Pairs(node.Get(m, from...)) {
			o.labels[k.Value] = node.TextAt(v)
		}
	}

	return o
}

// engine tells an object that makes Argo CD or Flux render something.
func (o *object) engine() bool {
	group, _, _ := strings.Cut(o.apiVersion, "/")

	switch o.kind {
	case "Application", "ApplicationSet":
		return group == "argoproj.io"
	case "Kustomization", "HelmRelease":
		return strings.HasSuffix(group, "toolkit.fluxcd.io")
	default:
		return false
	}
}

// add notes a container, with its place in its list.
func (o *object) add(c *container) {
	if o.counts == nil {
		o.counts = map[string]int{}
	}

	c.index = o.counts[c.list]
	o.counts[c.list]++
	o.containers = append(o.containers, c)
}

// isObject tells a mapping that says what it is. Somebody who forgot the apiVersion still gave it a name.
func isObject(m *yaml.Node) bool {
	return node.TextAt(m, "kind") != "" && (node.TextAt(m, "apiVersion") != "" || node.Get(m, "metadata") != nil)
}

func newContainer(o *object, m *yaml.Node, list string) *container {
	c := &container{object: o, list: list, name: node.TextAt(m, "name"), image: node.TextAt(m, "image")}

	var words []string

	for _, key := range []string{"command", "args"} {
		for _, word := range node.Items(node.Get(m, key)) {
			words = append(words, word.Value)
		}
	}

	c.command = strings.Join(words, " ")

	return c
}
