package inventory

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
)

// resolvePointer finds the node that holds what a JSON pointer names, and the last step to it.
func resolvePointer(n *yaml.Node, path string) (parent *yaml.Node, last string, err error) {
	if !strings.HasPrefix(path, "/") {
		return nil, "", fmt.Errorf("the path %q does not begin with a slash", path)
	}
	steps := strings.Split(path[1:], "/")
	for i, step := range steps {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		if i == len(steps)-1 {
			return n, step, nil
		}
		if n = enter(n, step); n == nil {
			return nil, "", fmt.Errorf("there is no %s", path)
		}
	}
	return nil, "", fmt.Errorf("there is no %s", path)
}

// enter is the element of a mapping or of a list.
func enter(n *yaml.Node, step string) *yaml.Node {
	switch n.Kind {
	case yaml.MappingNode:
		if at := own(n, step); at >= 0 {
			return node.Deref(n.Content[at+1])
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && 0 <= i && i < len(n.Content) {
			return node.Deref(n.Content[i])
		}
	default:
	}
	return nil
}

// put sets an element, inserts one into a list, or takes one out when the value is nil.
func put(n *yaml.Node, step string, value *yaml.Node, insert bool) error {
	switch n.Kind {
	case yaml.MappingNode:
		putKey(n, step, value)
		return nil
	case yaml.SequenceNode:
		i, err := strconv.Atoi(step)
		switch {
		case step == "-" && insert:
			i = len(n.Content)
		case err != nil || i < 0 || i > len(n.Content) || i == len(n.Content) && !insert:
			return fmt.Errorf("the list has no element %s", step)
		}
		switch {
		case value == nil:
			n.Content = slices.Delete(n.Content, i, i+1)
		case insert:
			n.Content = slices.Insert(n.Content, i, value)
		default:
			n.Content[i] = value
		}
		return nil
	default:
		return fmt.Errorf("%s is in neither a mapping nor a list", step)
	}
}

func putKey(n *yaml.Node, key string, value *yaml.Node) {
	at := own(n, key)
	switch {
	case value == nil:
		without(n, key)
	case at >= 0:
		n.Content[at+1] = value
	default:
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key, Line: value.Line, Column: value.Column}, value)
	}
}
