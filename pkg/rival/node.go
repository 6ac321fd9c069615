package rival

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"
)

// maxConfiguration is the size above which an updater's configuration is not read, in bytes: real ones have a few kilobytes.
const maxConfiguration = 256 << 10

// documents gives the top node of each YAML document up to the first that cannot be read.
func documents(data []byte) (docs []*yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("not YAML: %w", fmt.Errorf("the parser gave up: %v", r))
		}
	}()

	for decoder := yaml.NewDecoder(bytes.NewReader(data)); ; {
		var n yaml.Node

		switch err := decoder.Decode(&n); {
		case errors.Is(err, io.EOF):
			return docs, nil
		case err != nil:
			return docs, fmt.Errorf("not YAML: %w", err)
		}

		if len(n.Content) == 1 {
			docs = append(docs, n.Content[0])
		}
	}
}

func deref(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		return n.Alias
	}

	return n
}

// get is the value at a path of keys, nil where there is none.
func get(n *yaml.Node, path ...string) *yaml.Node {
	for _, key := range path {
		_, n = entry(n, key)
	}

	return deref(n)
}

// entry is one key of a mapping and its value.
func entry(n *yaml.Node, name string) (key, value *yaml.Node) {
	if n = deref(n); n == nil || n.Kind != yaml.MappingNode {
		return nil, nil
	}

	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}

	return nil, nil
}

// text is a scalar's value, "" for anything else.
func text(n *yaml.Node) string {
	if n = deref(n); n != nil && n.Kind == yaml.ScalarNode && n.ShortTag() != "!!null" {
		return n.Value
	}

	return ""
}

// items are those of a list, or the one that stands in the place of a list.
func items(n *yaml.Node) []*yaml.Node {
	switch n = deref(n); {
	case n == nil:
		return nil
	case n.Kind == yaml.SequenceNode:
		return n.Content
	}

	return []*yaml.Node{n}
}

// texts are the scalars of a list.
func texts(n *yaml.Node) []string {
	var all []string

	for _, item := range items(n) {
		if s := text(item); s != "" {
			all = append(all, s)
		}
	}

	return all
}

// line is where a node stands, 1 where there is none.
func line(n *yaml.Node) int {
	if n == nil {
		return 1
	}

	return max(n.Line, 1)
}

// is tells whether a scalar is the boolean.
func is(n *yaml.Node, word string) bool {
	n = deref(n)

	return n != nil && n.Kind == yaml.ScalarNode && n.ShortTag() == "!!bool" && n.Value == word
}
