package drift

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
)

// object is one object as an engine applies it, and where it is written.
type object struct {
	kind, group, namespace, name string

	root      string // that renders it; empty for what none of the application's does
	node      *yaml.Node
	text      []byte
	generated bool   // by a generator of kustomize
	begins    bool   // name is only how the names of its live objects begin
	base      string // the name before kustomize changed it
	file      string
	line      int // of the object's first line
	own       *yaml.Node
	sources   *sources
}

// newObject takes a rendered object. It is written out once, so that the lines of its nodes are those of its text.
func newObject(n *yaml.Node) (*object, error) {
	text, err := yaml.Marshal(n)
	if err != nil {
		return nil, err
	}

	docs, err := node.Documents(text)
	if err != nil {
		return nil, err
	}

	if len(docs) == 0 {
		docs = append(docs, n)
	}

	o := objectOf(docs[0])
	o.text = text

	return o, nil
}

func objectOf(n *yaml.Node) *object {
	group, _, versioned := strings.Cut(node.Text(node.Get(n, "apiVersion")), "/")
	if !versioned {
		group = "" // the core group
	}

	o := &object{
		kind: node.Text(node.Get(n, "kind")), group: group, node: n,
		namespace: node.Text(node.Get(n, "metadata", "namespace")),
	}
	o.name, o.begins = named(n)
	o.base = o.name

	return o
}

// named is an object's name; begins tells that it is only the beginning, and the rest is made up when it is created.
func named(n *yaml.Node) (name string, begins bool) {
	if name = node.Text(node.Get(n, "metadata", "name")); name != "" {
		return name, false
	}

	name = node.Text(node.Get(n, "metadata", "generateName"))

	return name, name != ""
}

// title names it for a message.
func (o *object) title() string { return o.kind + " " + o.base }

// titleOf names the live object of it that is spoken of: with its whole name, where that is generated.
func (o *object) titleOf(l live) string {
	if o.begins {
		return o.kind + " " + l.name()
	}

	return o.title()
}

// first is the place of its first line.
func (o *object) first() Place { return Place{o.file, o.line} }

// is tells an object by its group and kind.
func (o *object) is(group, kind string) bool { return o.group == group && o.kind == kind }

// at is where the value under some steps is written: in the patch that sets it, else in the object's own file; the nearest line above
// it when nothing there sets it.
func (o *object) at(steps ...string) Place {
	_, want, found := node.Find(o.node, steps...)
	if found == len(steps) {
		if p, ok := o.sources.patched(o, steps, want); ok {
			return p
		}
	}

	line, _, depth := node.Find(o.own, steps...)
	if depth == 0 || line == 0 {
		return o.first()
	}

	return Place{o.file, line}
}

// sameNamespace tells that two objects may be in one namespace: one that is not said could be any.
func (o *object) sameNamespace(namespace string) bool {
	return o.namespace == "" || namespace == "" || o.namespace == namespace
}
