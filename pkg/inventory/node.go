package inventory

import (
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// maxMerge bounds how far merge keys are followed; real files have one level, a hostile one has a loop.
const maxMerge = 8

// get returns the value of a key, along a path of keys; nil when there is none. Aliases and merge keys are followed.
func get(n *yaml.Node, path ...string) *yaml.Node {
	for _, key := range path {
		n = child(n, key, 0)
	}
	return deref(n)
}

func child(n *yaml.Node, key string, depth int) *yaml.Node {
	n = deref(n)
	if n == nil || n.Kind != yaml.MappingNode || depth > maxMerge {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Tag != "!!merge" {
			continue
		}
		for _, from := range merged(n.Content[i+1]) {
			if v := child(from, key, depth+1); v != nil {
				return v
			}
		}
	}
	return nil
}

// merged are the mappings that a merge key brings in: one, or a list of them.
func merged(n *yaml.Node) []*yaml.Node {
	if n = deref(n); n != nil && n.Kind == yaml.SequenceNode {
		return n.Content
	}
	return []*yaml.Node{n}
}

// deref follows an alias to what it stands for.
func deref(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// text is a scalar's value, empty for anything else.
func text(n *yaml.Node) string {
	if n = deref(n); n == nil || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return ""
	}
	return n.Value
}

func line(n *yaml.Node) int {
	if n == nil {
		return 0
	}
	return n.Line
}

// items are a sequence's elements, none for anything else.
func items(n *yaml.Node) []*yaml.Node {
	if n = deref(n); n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}

// pairs calls f with each key and value of a mapping that stands in it itself.
func pairs(n *yaml.Node, f func(key, value *yaml.Node)) {
	if n = deref(n); n == nil || n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		f(n.Content[i], n.Content[i+1])
	}
}

// truth is a boolean that people write in many ways.
func truth(n *yaml.Node) bool {
	b, err := strconv.ParseBool(strings.ToLower(text(n)))
	return err == nil && b
}

// number is an integer, or what is given for none.
func number(n *yaml.Node, none int) int {
	i, err := strconv.Atoi(text(n))
	if err != nil {
		return none
	}
	return i
}
