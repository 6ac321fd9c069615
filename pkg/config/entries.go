package config

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// foreign are the top keys that belong into the other file, and why.
var foreign = map[string]string{
	"applications": "it belongs into the repository's bot.yaml",
	"repositories": notPolicy,
	"schedule":     notPolicy,
	"timeZone":     notPolicy,
	"github":       notPolicy,
	"notify":       notPolicy,
	"database":     notPolicy,
	"server":       notPolicy,
}

const notPolicy = "it belongs into the operator's file: a repository names no target and no secret"

// entries returns the entries of a mapping that are known, each once, and reports the others.
func (d *decoder) entries(at place, names []string, m manner) []pair {
	pairs, ok := flatten(at.node, 0)
	if !ok {
		d.fail(at, "merges (<<) nest too deep or grow too large", "write the values out")
		d.full = true
		return nil
	}
	d.duplicates(at, m)
	index := map[string]int{}
	var known []pair
	for _, p := range pairs {
		if !d.enter(at) {
			return nil
		}
		name := p.key.Value
		if !isText(p.key) || !slices.Contains(names, name) {
			d.unknown(at, p.key, names, m)
			continue
		}
		if i, merged := index[name]; merged {
			known[i] = p
			continue
		}
		index[name] = len(known)
		known = append(known, p)
	}
	return slices.DeleteFunc(known, func(p pair) bool {
		return !d.hasValue(place{p.value, join(at.path, p.key.Value)}, "delete the key to get the default")
	})
}

func (d *decoder) duplicates(at place, m manner) {
	first := map[string]int{}
	n := resolve(at.node)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if line, twice := first[k.Value]; twice && k.Kind == yaml.ScalarNode {
			d.fail(m.place(at, k), "the key is there twice", fmt.Sprintf("it is in line %d already", line))
			continue
		}
		first[k.Value] = k.Line
	}
}

func (d *decoder) unknown(at place, k *yaml.Node, names []string, m manner) {
	hint := suggest(k.Value, names)
	switch {
	case m.private:
		hint = m.hint
	case k.Kind != yaml.ScalarNode:
		d.fail(place{k, at.path}, "a key must be a text, not "+kind(k), "")
		return
	case at.path == "" && foreign[k.Value] != "":
		hint = foreign[k.Value]
	}
	d.fail(m.place(at, k), "unknown key", hint)
}

// place is where a key is; its path names the key unless it may be a secret: token=ghp_… is a key too, for YAML.
func (m manner) place(at place, k *yaml.Node) place {
	const longest = 40
	letters := strings.Trim(strings.ToLower(k.Value), "abcdefghijklmnopqrstuvwxyz_-") == ""
	if m.private || !letters || len(k.Value) > longest {
		return place{k, at.path}
	}
	return place{k, join(at.path, k.Value)}
}

func isText(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" }
