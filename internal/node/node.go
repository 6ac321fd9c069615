package node

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/weigh"
)

// MaxDepth bounds how far merge keys and aliases are followed, and lists of lists; real files have one level, a hostile one has a loop.
const MaxDepth = 8

// Documents parses a YAML or JSON file into the roots of its documents, empty ones left out. What was read before an error comes
// back with it.
func Documents(data []byte) (out []*yaml.Node, err error) {
	if err := weigh.Check(data); err != nil {
		return nil, err
	}

	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the YAML parser gave up: %v", r)
		}
	}()

	for dec := yaml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))); ; {
		var doc yaml.Node

		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return out, nil
		}

		if err != nil {
			return out, err
		}

		if len(doc.Content) > 0 && doc.Content[0].Tag != "!!null" {
			out = append(out, doc.Content[0])
		}
	}
}

// Get returns the value under a path of keys; nil when there is none.
func Get(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		_, n = child(n, key, 0)
	}

	return Deref(n)
}

// Entry returns a key of a mapping and its value as they stand; nil when there is none.
func Entry(n *yaml.Node, key string) (at, value *yaml.Node) { return child(n, key, 0) }

func child(n *yaml.Node, key string, depth int) (at, value *yaml.Node) {
	n = Deref(n)
	if n == nil || n.Kind != yaml.MappingNode || depth > MaxDepth {
		return nil, nil
	}

	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i], n.Content[i+1]
		}
	}

	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Tag != "!!merge" {
			continue
		}

		for _, m := range Merged(n.Content[i+1]) {
			if at, value := child(m, key, depth+1); value != nil {
				return at, value
			}
		}
	}

	return nil, nil
}

// Merged are the mappings that a merge key's value brings in: one, or a list of them.
func Merged(value *yaml.Node) []*yaml.Node {
	if list := Deref(value); list != nil && list.Kind == yaml.SequenceNode {
		return list.Content
	}

	return []*yaml.Node{value}
}

// Deref follows an alias to what it stands for.
func Deref(n *yaml.Node) *yaml.Node {
	for range MaxDepth {
		if n == nil || n.Kind != yaml.AliasNode {
			return n
		}

		n = n.Alias
	}

	return nil
}

// Text is a scalar's value, empty for null and for anything else.
func Text(n *yaml.Node) string {
	if n = Deref(n); n == nil || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return ""
	}

	return n.Value
}

// TextAt is Text under a path of keys.
func TextAt(n *yaml.Node, keys ...string) string { return Text(Get(n, keys...)) }

// Line is where a node stands, 0 for none.
func Line(n *yaml.Node) int {
	if n == nil {
		return 0
	}

	return n.Line
}

// Items are a list's elements, none for anything else.
func Items(n *yaml.Node) []*yaml.Node {
	if n = Deref(n); n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}

	out := make([]*yaml.Node, 0, len(n.Content))
	for _, item := range n.Content {
		if item = Deref(item); item != nil {
			out = append(out, item)
		}
	}

	return out
}

// Texts are the scalars of a list.
func Texts(n *yaml.Node) []string {
	var out []string
	for _, item := range Items(n) {
		out = append(out, Text(item))
	}

	return out
}

// Pairs calls f with each key and value that stands in a mapping itself.
func Pairs(n *yaml.Node, f func(key, value *yaml.Node)) {
	if n = Deref(n); n == nil || n.Kind != yaml.MappingNode {
		return
	}

	for i := 0; i+1 < len(n.Content); i += 2 {
		if value := Deref(n.Content[i+1]); value != nil {
			f(n.Content[i], value)
		}
	}
}

// Truth is a boolean that people write in many ways.
func Truth(n *yaml.Node) bool {
	b, err := strconv.ParseBool(strings.ToLower(Text(n)))

	return err == nil && b
}

// Number is an integer, or what is given for none.
func Number(n *yaml.Node, none int) int {
	i, err := strconv.Atoi(Text(n))
	if err != nil {
		return none
	}

	return i
}
