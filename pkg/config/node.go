package config

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/goingdark-social/bot/pkg/veil"

	"go.yaml.in/yaml/v3"
)

// Limits that only a hostile file meets: aliases can make a small file mean a very large one.
const (
	maxValues = 50_000
	maxErrors = 100
	maxMerges = 16
)

// place is a node of the file and the path that leads to it. The zero node means that there is none.
type place struct {
	node *yaml.Node
	path string
}

// resolve follows aliases. An alias's target may hold the alias itself: nothing here walks without a bound.
func resolve(n *yaml.Node) *yaml.Node {
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// key returns the place of a mapping's value; where it is missing, a place without node.
func (p place) key(name string) place {
	child := place{path: join(p.path, name)}
	pairs, _ := flatten(p.node, 0)
	for _, pair := range pairs {
		if pair.key.Value == name {
			child.node = pair.value
		}
	}
	return child
}

// has says whether a mapping has the key.
func (p place) has(name string) bool { return p.key(name).node != nil }

// item returns the place of a list's item.
func (p place) item(i int) place {
	child := place{path: p.path + "[" + strconv.Itoa(i) + "]"}
	if n := resolve(p.node); n != nil && n.Kind == yaml.SequenceNode && i < len(n.Content) {
		child.node = n.Content[i]
	}
	return child
}

// or returns the other place where this one has no node, so that a mistake always has a line.
func (p place) or(other place) place {
	if p.node != nil {
		return p
	}
	return place{node: other.node, path: p.path}
}

func join(path, name string) string {
	if path == "" {
		return clip(name)
	}
	return path + "." + clip(name)
}

// pair is an entry of a mapping.
type pair struct{ key, value *yaml.Node }

// flatten lists a mapping's own entries and, before them, those that it merges in (<<); a later entry wins.
// It fails where merges nest deeper than any person's.
func flatten(n *yaml.Node, depth int) ([]pair, bool) {
	n = resolve(n)
	if n == nil || n.Kind != yaml.MappingNode {
		return nil, true
	}
	if depth > maxMerges {
		return nil, false
	}
	var merged, own []pair
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.ShortTag() != "!!merge" {
			own = append(own, pair{k, v})
			continue
		}
		sources := []*yaml.Node{v}
		if r := resolve(v); r.Kind == yaml.SequenceNode {
			sources = r.Content
		}
		for _, s := range sources {
			more, ok := flatten(s, depth+1)
			if merged = append(merged, more...); !ok || len(merged) > maxValues {
				return nil, false
			}
		}
	}
	return append(merged, own...), true
}

// decoder collects the mistakes of one file.
type decoder struct {
	file   string
	errs   Errors
	values int
	full   bool // no more is read or reported
}

// fail reports a mistake at a place.
func (d *decoder) fail(at place, message, hint string) {
	if d.full {
		return
	}
	e := d.mistake(at, message, hint)
	if len(d.errs) == maxErrors {
		d.full = true
		e.Message, e.Hint = "and more mistakes from here on", "mend those above first"
	}
	d.errs = append(d.errs, e)
}

func (d *decoder) mistake(at place, message, hint string) *Error {
	e := &Error{File: d.file, Path: at.path, Message: message, Hint: hint}
	if at.node != nil {
		e.Line, e.Column = at.node.Line, at.node.Column
	}
	return e
}

// enter counts a value; false: stop.
func (d *decoder) enter(at place) bool {
	if d.values++; d.values > maxValues && !d.full {
		d.fail(at, fmt.Sprintf("the file means more than %d values", maxValues), "use fewer aliases")
		d.full = true
	}
	return !d.full
}

// kind says in words what a node is.
func kind(n *yaml.Node) string {
	switch n = resolve(n); n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	default:
	}
	switch n.ShortTag() {
	case "!!str":
		return "a text"
	case "!!int", "!!float":
		return "a number"
	case "!!bool":
		return "true or false"
	case "!!null":
		return "nothing"
	case "!!timestamp":
		return "a date"
	default:
		return "a value with the tag " + quote(n.Tag)
	}
}

// quote shows a value of the file: short, on one line, nothing that a terminal obeys.
func quote(s string) string { return strconv.Quote(cut(veil.Stray(s))) }

// clip is quote without the quotes.
func clip(s string) string {
	q := quote(s)
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}

func cut(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
