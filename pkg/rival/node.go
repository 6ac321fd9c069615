package rival

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/goingdark-social/bot/internal/node"
)

// maxConfiguration is the size above which an updater's configuration is not read, in bytes: real ones have a few kilobytes.
const maxConfiguration = 256 << 10

// documents gives the top node of each YAML document up to the first that cannot be read.
func documents(data []byte) ([]*yaml.Node, error) {
	docs, err := node.Documents(data)
	if err != nil {
		err = fmt.Errorf("not YAML: %w", err)
	}

	return docs, err
}

// items are those of a list, or the one that stands in the place of a list.
func items(n *yaml.Node) []*yaml.Node {
	switch n = node.Deref(n); {
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
		if s := node.Text(item); s != "" {
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
	n = node.Deref(n)

	return n != nil && n.Kind == yaml.ScalarNode && n.ShortTag() == "!!bool" && n.Value == word
}
