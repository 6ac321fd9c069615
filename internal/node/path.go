package node

import (
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// A step is a key of a mapping, or in brackets an item of a list: [name=web] by a key of its own, [KEY=] by the start of a scalar,
// [3] by its place.

// identities are the keys by which Kubernetes tells the items of a list apart, the surest first.
var identities = []string{"name", "key", "secretKey", "id", "mountPath", "containerPort"}

// Find walks as far along the steps as a node has them. It gives the line of the last step that was found, 0 for none, the value
// there, and how many steps were found.
func Find(n *yaml.Node, steps ...string) (line int, value *yaml.Node, found int) {
	for i, step := range steps {
		at, next := take(n, step)
		if next == nil {
			return line, Deref(n), i
		}

		line, n = at.Line, next
	}

	return line, Deref(n), len(steps)
}

// take does one step: where it stands, and what is there.
func take(n *yaml.Node, step string) (at, value *yaml.Node) {
	if !strings.HasPrefix(step, "[") {
		return child(n, step, 0)
	}

	inner := step[1 : len(step)-1]
	key, want, keyed := strings.Cut(inner, "=")

	for i, item := range Items(n) {
		switch index, err := strconv.Atoi(inner); {
		case err == nil && index == i,
			err != nil && item.Kind == yaml.MappingNode && keyed && Text(Get(item, key)) == want,
			err != nil && item.Kind == yaml.ScalarNode && strings.HasPrefix(item.Value, key+"="):
			return item, item
		}
	}

	return nil, nil
}

// Identity is what tells an item of a list apart from its neighbours: [name=web], [KEY=] or [3].
func Identity(item *yaml.Node, index int) string {
	item = Deref(item)

	for _, key := range identities {
		if v := Text(Get(item, key)); v != "" && item.Kind == yaml.MappingNode {
			return "[" + key + "=" + v + "]"
		}
	}

	if key, _, ok := strings.Cut(Text(item), "="); ok && variable(key) {
		return "[" + key + "=]"
	}

	return "[" + strconv.Itoa(index) + "]"
}

// variable tells a name that an environment variable may have.
func variable(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		return r != '_' && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '.'
	}) < 0
}

// PathAt gives the steps to what stands on a line: the deepest key or item that begins there; none when nothing does.
func PathAt(root *yaml.Node, line int) []string {
	var best []string

	walk(root, nil, func(at int, path []string) {
		if at == line && len(path) >= len(best) {
			best = append([]string(nil), path...)
		}
	})

	return best
}

func walk(n *yaml.Node, path []string, visit func(line int, path []string)) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			below := append(path, n.Content[i].Value) //nolint:gocritic // a longer path shares its start with the next
			visit(n.Content[i].Line, below)
			walk(n.Content[i+1], below, visit)
		}
	case yaml.SequenceNode:
		for i, item := range n.Content {
			below := append(path, Identity(item, i)) //nolint:gocritic // see above
			visit(item.Line, below)
			walk(item, below, visit)
		}
	default:
	}
}
