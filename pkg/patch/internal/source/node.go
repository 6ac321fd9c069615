package source

import (
	"iter"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Deref follows aliases to the node that they stand for.
func Deref(n *yaml.Node) *yaml.Node {
	for range 100 { // an anchor can't alias itself, but a program-made tree might
		if n == nil || n.Kind != yaml.AliasNode {
			return n
		}

		n = n.Alias
	}

	return nil
}

// Get is the value of a key of a mapping, aliases followed, its own keys before those of merged mappings; nil when there is none.
func Get(m *yaml.Node, key string) *yaml.Node { return get(m, key, 0) }

func get(m *yaml.Node, key string, depth int) *yaml.Node {
	m = Deref(m)
	if m == nil || m.Kind != yaml.MappingNode || depth > 20 {
		return nil
	}

	for k, v := range Pairs(m) {
		if k.Value == key {
			return Deref(v)
		}
	}

	for k, v := range Pairs(m) {
		if k.Tag != "!!merge" && k.Value != "<<" {
			continue
		}

		for _, from := range merged(v) {
			if found := get(from, key, depth+1); found != nil {
				return found
			}
		}
	}

	return nil
}

func merged(v *yaml.Node) []*yaml.Node {
	v = Deref(v)
	if v != nil && v.Kind == yaml.SequenceNode {
		return v.Content
	}

	return []*yaml.Node{v}
}

// At is Get along a path of keys.
func At(n *yaml.Node, keys ...string) *yaml.Node {
	n = Deref(n)
	for _, key := range keys {
		n = Get(n, key)
	}

	return n
}

// Value is a scalar's value at a path of keys, "" when there is none.
func Value(n *yaml.Node, keys ...string) string {
	if n = At(n, keys...); n != nil && n.Kind == yaml.ScalarNode {
		return n.Value
	}

	return ""
}

// Pairs is the keys and values of a mapping as they stand, nothing followed; nothing for another node.
func Pairs(m *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(*yaml.Node, *yaml.Node) bool) {
		if m == nil || m.Kind != yaml.MappingNode {
			return
		}

		for i := 0; i+1 < len(m.Content); i += 2 {
			if !yield(m.Content[i], m.Content[i+1]) {
				return
			}
		}
	}
}

// Items is the items of a sequence, aliases followed; nothing for another node.
func Items(n *yaml.Node) []*yaml.Node {
	n = Deref(n)
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}

	items := make([]*yaml.Node, 0, len(n.Content))
	for _, c := range n.Content {
		items = append(items, Deref(c))
	}

	return items
}
