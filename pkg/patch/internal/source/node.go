package source

import (
	"iter"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

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
