package inventory

import (
	"errors"
	"fmt"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
)

// maxNodes bounds a document once its aliases are written out: hostile ones double with every line.
const maxNodes = 1 << 17

var errTooLarge = errors.New("its aliases stand for too much")

// clone copies a node with aliases and merge keys written out, so that a patch changes this object alone.
func clone(n *yaml.Node, budget *int) (*yaml.Node, error) {
	if *budget--; *budget < 0 {
		return nil, errTooLarge
	}
	n = node.Deref(n)
	if n == nil {
		return nil, nil
	}
	out := *n
	out.Content, out.Anchor = nil, ""
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && child.Tag == "!!merge" || n.Kind == yaml.MappingNode && i%2 == 1 && n.Content[i-1].Tag == "!!merge" {
			continue
		}
		c, err := clone(child, budget)
		if err != nil {
			return nil, err
		}
		out.Content = append(out.Content, c)
	}
	return &out, inherit(&out, n, budget)
}

// inherit adds what merge keys bring in and the mapping itself does not have.
func inherit(out, n *yaml.Node, budget *int) error {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Tag != "!!merge" {
			continue
		}
		for _, from := range node.Merged(n.Content[i+1]) {
			whole, err := clone(from, budget)
			if err != nil {
				return err
			}
			node.Pairs(whole, func(key, value *yaml.Node) {
				if own(out, key.Value) < 0 {
					out.Content = append(out.Content, key, value)
				}
			})
		}
	}
	return nil
}

// own is the index of a key that stands in a mapping itself, -1 for none.
func own(n *yaml.Node, key string) int {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return i
		}
	}
	return -1
}

// strategic merges a patch into an object as kustomize does: mappings key by key, the lists of pods by the key that Kubernetes
// gives them, everything else replaced. It returns nil where the patch deletes.
func strategic(object, patch *yaml.Node, builtIn bool) *yaml.Node {
	patch = node.Deref(patch)
	if patch.Kind != yaml.MappingNode {
		return patch
	}
	switch node.Text(node.Get(patch, "$patch")) {
	case "delete":
		return nil
	case "replace":
		return without(patch, "$patch")
	}
	if object == nil || object.Kind != yaml.MappingNode {
		return patch
	}
	node.Pairs(patch, func(key, value *yaml.Node) {
		at := own(object, key.Value)
		var next *yaml.Node
		switch {
		case key.Value == "$patch", node.Deref(value).Tag == "!!null":
		case at < 0:
			next = value
		case builtIn && keyed(key.Value) != "" && node.Deref(value).Kind == yaml.SequenceNode && node.Deref(object.Content[at+1]).Kind == yaml.SequenceNode:
			next = mergeList(node.Deref(object.Content[at+1]), node.Deref(value), keyed(key.Value))
		default:
			next = strategic(node.Deref(object.Content[at+1]), value, builtIn)
		}
		switch {
		case next == nil && at >= 0:
			object.Content = append(object.Content[:at:at], object.Content[at+2:]...)
		case next != nil && at >= 0:
			object.Content[at+1] = next
		case next != nil:
			object.Content = append(object.Content, key, next)
		}
	})
	return object
}

func without(n *yaml.Node, key string) *yaml.Node {
	if at := own(n, key); at >= 0 {
		n.Content = append(n.Content[:at:at], n.Content[at+2:]...)
	}
	return n
}

// keyed is the key by which Kubernetes merges a list of that name, empty for lists that are replaced.
func keyed(list string) string {
	switch list {
	case "containers", "initContainers", "env", "volumes", "imagePullSecrets":
		return "name"
	case "volumeMounts":
		return "mountPath"
	case "ports":
		return "containerPort"
	}
	return ""
}

func mergeList(object, patch *yaml.Node, key string) *yaml.Node {
	for _, item := range patch.Content {
		at := -1
		for i, old := range object.Content {
			if node.Text(node.Get(old, key)) == node.Text(node.Get(item, key)) {
				at = i
			}
		}
		switch {
		case at < 0 && node.Text(node.Get(item, "$patch")) == "":
			object.Content = append(object.Content, item)
		case at < 0:
		default:
			if next := strategic(node.Deref(object.Content[at]), item, true); next == nil {
				object.Content = append(object.Content[:at:at], object.Content[at+1:]...)
			} else {
				object.Content[at] = next
			}
		}
	}
	return object
}

// operation is one of a JSON patch (RFC 6902).
func operation(object, op *yaml.Node) error {
	path := node.Text(node.Get(op, "path"))
	parent, last, err := resolvePointer(object, path)
	if err != nil {
		return err
	}
	switch kind := node.Text(node.Get(op, "op")); kind {
	case "test":
		return nil
	case "add", "replace":
		return put(parent, last, node.Get(op, "value"), kind == "add")
	case "remove":
		return put(parent, last, nil, false)
	default:
		return fmt.Errorf("the operation %q is not applied here", kind)
	}
}
