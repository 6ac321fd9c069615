package render

import (
	"bytes"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
)

// deprecated are the fields that kustomize warns about and that have a successor.
var deprecated = []string{"bases", "imageTags", "patchesJson6902", "patchesStrategicMerge", "commonLabels"}

// prepare readies the copy of a kustomization: the root notes where objects come from, and fields that kustomize warns about on
// stderr are put the way that "kustomize edit fix" would. What can't be parsed stays, for kustomize to refuse.
func prepare(data []byte, root bool, has func(string) bool) []byte {
	if !root && !slices.ContainsFunc(deprecated, func(key string) bool { return bytes.Contains(data, []byte(key)) }) {
		return data
	}

	docs, err := node.Documents(data)
	if err != nil || len(docs) != 1 || docs[0].Kind != yaml.MappingNode {
		return data
	}

	m := docs[0]
	changed := modern(m, has)

	if root {
		changed = true

		appendTo(m, "buildMetadata", scalar("originAnnotations"))
	}

	if !changed {
		return data
	}

	out, err := yaml.Marshal(m)
	if err != nil {
		return data
	}

	return out
}

// modern moves deprecated fields to those that follow them.
func modern(m *yaml.Node, has func(string) bool) bool {
	changed := false
	move := func(old, to string, convert func(*yaml.Node) *yaml.Node) {
		for _, item := range node.Items(node.Get(m, old)) {
			appendTo(m, to, convert(item))
		}

		changed = changed || node.Get(m, old) != nil
		remove(m, old)
	}
	same := func(n *yaml.Node) *yaml.Node { return n }

	move("bases", "resources", same)
	move("imageTags", "images", same)
	move("patchesJson6902", "patches", same)
	move("patchesStrategicMerge", "patches", func(n *yaml.Node) *yaml.Node {
		key := "patch"
		if !strings.Contains(n.Value, "\n") && has(n.Value) {
			key = "path"
		}

		return mapping(scalar(key), n)
	})

	if labels := node.Get(m, "commonLabels"); labels != nil {
		remove(m, "commonLabels")
		appendTo(m, "labels", mapping(scalar("pairs"), labels, scalar("includeSelectors"), &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"}))

		changed = true
	}

	return changed
}

func appendTo(m *yaml.Node, key string, item *yaml.Node) {
	list := node.Get(m, key)
	if list == nil || list.Kind != yaml.SequenceNode {
		remove(m, key)

		list = &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		m.Content = append(m.Content, scalar(key), list)
	}

	list.Content = append(list.Content, item)
}

func scalar(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
}

func mapping(pairs ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: pairs}
}
