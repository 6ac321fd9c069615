package config

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// shape is how a node of the file becomes a T, and the JSON Schema that says the same.
type shape[T any] struct {
	schema *Schema
	decode func(d *decoder, at place, into *T)
}

// key is an entry of a mapping that becomes a part of a T.
type key[T any] struct {
	name     string
	required bool
	schema   *Schema
	decode   func(d *decoder, at place, into *T)
}

// field is the entry of that name; of finds the part of T that it fills.
func field[T, V any](name, doc string, s shape[V], of func(*T) *V) key[T] {
	schema := *s.schema
	schema.Description = doc
	return key[T]{name: name, schema: &schema, decode: func(d *decoder, at place, into *T) { s.decode(d, at, of(into)) }}
}

// must makes an entry required.
func (k key[T]) must() key[T] {
	k.required = true
	return k
}

// def states the default as the file would spell it. A test holds it against the truth.
func (k key[T]) def(value any) key[T] {
	k.schema.Default = value
	return k
}

// otherwise says in words what holds without the entry.
func (k key[T]) otherwise(words string) key[T] {
	k.schema.absent = words
	return k
}

// like gives an example, as the file would spell it. A test reads every one.
func (k key[T]) like(sample string) key[T] {
	k.schema.sample = sample
	return k
}

// manner is how a mapping talks about mistakes in it.
type manner struct {
	private bool   // what is wrong may be a secret, and is not shown
	hint    string // what to write
}

// object is a mapping with those entries and no others.
func object[T any](keys ...key[T]) shape[T] { return mapping(manner{}, keys...) }

func mapping[T any](m manner, keys ...key[T]) shape[T] {
	schema := &Schema{Type: "object", kind: "mapping", AdditionalProperties: new(false)}
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
		schema.Properties = append(schema.Properties, property{k.name, k.schema})
		if k.required {
			schema.Required = append(schema.Required, k.name)
		}
	}
	return shape[T]{schema: schema, decode: func(d *decoder, at place, into *T) {
		if !d.enter(at) || !d.isMapping(at, m) {
			return
		}
		for _, p := range d.entries(at, names, m) {
			keys[slices.Index(names, p.key.Value)].decode(d, place{p.value, join(at.path, p.key.Value)}, into)
		}
		for _, k := range keys {
			if k.required && !at.has(k.name) {
				d.fail(at, k.name+" is missing", m.hint)
			}
		}
	}}
}

// checked adds a rule about several entries, which runs after them. It sees zero values where entries are wrong.
func (s shape[T]) checked(rule func(d *decoder, at place, v *T)) shape[T] {
	return shape[T]{schema: s.schema, decode: func(d *decoder, at place, into *T) {
		s.decode(d, at, into)
		if n := resolve(at.node); n != nil && n.Kind == yaml.MappingNode {
			rule(d, at, into)
		}
	}}
}

// constrained adds to the schema what a rule says.
func (s shape[T]) constrained(add func(*Schema)) shape[T] {
	schema := *s.schema
	add(&schema)
	return shape[T]{schema: &schema, decode: s.decode}
}

// optional is a part that may be absent; initial is what it starts from when it is not.
func optional[T any](s shape[T], initial T) shape[*T] {
	return shape[*T]{schema: s.schema, decode: func(d *decoder, at place, into **T) {
		v := initial
		s.decode(d, at, &v)
		*into = &v
	}}
}

// list is a list whose items start from what initial returns. An empty list is not nil.
func list[T any](item shape[T], initial func() T) shape[[]T] {
	schema := &Schema{Type: "array", kind: "list of " + item.schema.kind, Items: item.schema}
	return shape[[]T]{schema: schema, decode: func(d *decoder, at place, into *[]T) {
		if !d.enter(at) {
			return
		}
		n := resolve(at.node)
		if n.Kind != yaml.SequenceNode {
			d.fail(at, "must be a list, not "+kind(n), "write [ ] around it, or a - before each item")
			return
		}
		*into = make([]T, 0, min(len(n.Content), maxErrors))
		for i := range n.Content {
			if d.full {
				return
			}
			v := initial()
			if child := at.item(i); d.hasValue(child, "delete the item") {
				item.decode(d, child, &v)
			}
			*into = append(*into, v)
		}
	}}
}

// set is a list of distinct scalars, at least as many as said.
func set[T any](item shape[T], least int) shape[[]T] {
	l := list(item, func() (zero T) { return zero })
	l.schema.UniqueItems = true
	if least > 0 {
		l.schema.MinItems = &least
	}
	return shape[[]T]{schema: l.schema, decode: func(d *decoder, at place, into *[]T) {
		l.decode(d, at, into)
		n := resolve(at.node)
		if n.Kind != yaml.SequenceNode {
			return
		}
		if len(n.Content) < least {
			d.fail(at, "is empty", "delete the key to get the default")
		}
		lines := map[string]int{}
		for i, c := range n.Content {
			if c = resolve(c); c.Kind != yaml.ScalarNode {
				continue
			}
			if line, twice := lines[c.Value]; twice {
				d.fail(at.item(i), fmt.Sprintf("%s is listed twice", quote(c.Value)), fmt.Sprintf("it is in line %d already", line))
			}
			lines[c.Value] = c.Line
		}
	}}
}

func (d *decoder) isMapping(at place, m manner) bool {
	n := resolve(at.node)
	if n.Kind == yaml.MappingNode {
		return true
	}
	d.fail(at, "must be a mapping (key: value), not "+kind(n), m.hint)
	return false
}

// hasValue refuses null: key: with nothing behind it is a slip, and so is key: #ops.
func (d *decoder) hasValue(at place, hint string) bool {
	n := resolve(at.node)
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!null" {
		return true
	}
	d.fail(at, "has no value", hint+"; a value that starts with # needs quotes")
	return false
}
