package layout

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/weigh"
)

// parse gives the top node of each document.
func parse(data []byte) (docs []*yaml.Node, err error) {
	if err := weigh.Check(data); err != nil {
		return nil, err
	}

	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the YAML parser gave up: %v", r)
		}
	}()

	for decoder := yaml.NewDecoder(bytes.NewReader(data)); ; {
		var n yaml.Node

		switch err := decoder.Decode(&n); {
		case errors.Is(err, io.EOF):
			return docs, nil
		case err != nil:
			return docs, err
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

func get(m *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		m = child(deref(m), key)
	}

	return m
}

func child(m *yaml.Node, key string) *yaml.Node {
	if m == nil || m.Kind != yaml.MappingNode {
		return nil
	}

	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			return deref(m.Content[i+1])
		}
	}

	return nil
}

func value(m *yaml.Node, keys ...string) string {
	if n := get(m, keys...); n != nil && n.Kind == yaml.ScalarNode {
		return n.Value
	}

	return ""
}

func items(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}

	list := make([]*yaml.Node, 0, len(n.Content))
	for _, c := range n.Content {
		list = append(list, deref(c))
	}

	return list
}
