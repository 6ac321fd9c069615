package drift

import (
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/internal/node"
)

// comparison is how a fragment stands against a part of a document.
type comparison struct {
	good int // values that are the same
	far  int // how different the others are; what is missing weighs most
	bad  []mismatch
}

// mismatch is one value or key of the notes that the manifest does not have.
type mismatch struct {
	path string     // of keys in the fragment, as a person writes it
	note *yaml.Node // in the notes
	have *yaml.Node // in the manifest, nil when there is none
	line int        // in the manifest: of the value, else of what should hold it
	hush bool       // it stands in a Secret
}

// compare holds a fragment against the documents of a file: at their roots, or against every part of them when it does not start
// there. The best comes back.
func compare(f *yaml.Node, docs []*yaml.Node) comparison {
	if f == nil {
		return comparison{}
	}

	var all []comparison

	rooted := false

	for _, d := range docs {
		if starts(f, d) {
			rooted = true

			all = append(all, against(f, d))
		}
	}

	if !rooted {
		for _, d := range docs {
			below(d, func(n *yaml.Node) {
				if n.Kind == f.Kind && (n.Kind == yaml.SequenceNode || starts(f, n)) {
					all = append(all, against(f, n))
				}
			})
		}
	}

	if len(all) == 0 {
		return comparison{bad: []mismatch{{path: title(f), note: f, line: docs[0].Line}}}
	}

	best := slices.MinFunc(all, func(a, b comparison) int {
		if (len(a.bad) == 0) != (len(b.bad) == 0) {
			return len(a.bad) - len(b.bad)
		}

		if a.good != b.good {
			return b.good - a.good
		}

		return a.far - b.far
	})

	for i, m := range best.bad {
		best.bad[i].hush = strings.HasPrefix(m.path, "secretGenerator") || slices.ContainsFunc(docs, func(d *yaml.Node) bool {
			return node.Text(node.Get(d, "kind")) == "Secret"
		})
	}

	return best
}

// starts tells that a fragment begins where a document does: they have a key in common.
func starts(f, doc *yaml.Node) bool {
	found := false

	node.Pairs(f, func(key, value *yaml.Node) {
		have := node.Get(doc, key.Value)
		found = found || have != nil && (have.Kind == value.Kind || value.Tag == "!!null")
	})

	return found
}

func below(n *yaml.Node, f func(*yaml.Node)) {
	f(n)

	for _, c := range n.Content {
		if c = node.Deref(c); c != nil && c.Kind != yaml.ScalarNode {
			below(c, f)
		}
	}
}

// title names a fragment by its first key.
func title(n *yaml.Node) string {
	if n.Kind == yaml.MappingNode && len(n.Content) > 0 {
		return n.Content[0].Value
	}

	return strings.Trim(node.Identity(n, 0), "[]")
}

func against(f, have *yaml.Node) comparison {
	var c comparison

	c.match("", f, have)

	return c
}

// match compares what stands under one path.
func (c *comparison) match(path string, f, have *yaml.Node) {
	f, have = node.Deref(f), node.Deref(have)

	switch {
	case f == nil || f.Tag == "!!null":
		c.good++
	case f.Kind != have.Kind:
		c.miss(path, f, have)
	case f.Kind == yaml.MappingNode:
		c.mapping(path, f, have)
	case f.Kind == yaml.SequenceNode:
		c.sequence(path, f, have)
	case f.Value == have.Value:
		c.good++
	default:
		c.far += 10 + distance(short(f.Value), short(have.Value))
		c.bad = append(c.bad, mismatch{path: path, note: f, have: have, line: have.Line})
	}
}

// short keeps the cost of comparing long texts down.
func short(s string) string { return s[:min(len(s), 80)] }

func (c *comparison) miss(path string, f, below *yaml.Node) {
	c.far += 1000 * leaves(f)
	c.bad = append(c.bad, mismatch{path: path, note: f, line: below.Line})
}

func (c *comparison) mapping(path string, f, have *yaml.Node) {
	node.Pairs(f, func(key, value *yaml.Node) {
		at := key.Value
		if path != "" {
			at = path + "." + at
		}

		if v := node.Get(have, key.Value); v != nil {
			c.match(at, value, v)
		} else {
			c.far += 1000 * leaves(value)
			c.miss(at, key, have)
		}
	})
}

func (c *comparison) sequence(path string, f, have *yaml.Node) {
	theirs := node.Items(have)
	same := len(node.Items(f)) == len(theirs)

	for i, item := range node.Items(f) {
		identity := node.Identity(item, i)
		at := path + identity

		switch other := pair(item, identity, theirs); {
		case other != nil && strings.HasSuffix(identity, "=]") && path != "":
			c.match(strings.Trim(identity, "[=]"), item, other)
		case other != nil:
			c.match(strings.TrimPrefix(at, "."), item, other)
		case same && item.Kind == yaml.ScalarNode && theirs[i].Kind == yaml.ScalarNode && !contains(f, theirs[i].Value):
			c.match(at, item, theirs[i])
		default:
			c.miss(or(describe(item), at), item, have)
		}
	}
}

// pair finds the item of a list that one of the notes stands for.
func pair(item *yaml.Node, identity string, theirs []*yaml.Node) *yaml.Node {
	for _, other := range theirs {
		if item.Kind == yaml.ScalarNode && other.Kind == yaml.ScalarNode && item.Value == other.Value {
			return other
		}
	}

	for i, other := range theirs {
		if item.Kind == other.Kind && strings.Contains(identity, "=") && node.Identity(other, i) == identity {
			return other
		}
	}

	if item.Kind == yaml.ScalarNode || strings.Contains(identity, "=") {
		return nil
	}

	var best *yaml.Node

	score := comparison{}

	for _, other := range theirs {
		if c := against(item, other); other.Kind == item.Kind && c.good > 0 && (best == nil || len(c.bad) < len(score.bad)) {
			best, score = other, c
		}
	}

	return best
}

func contains(list *yaml.Node, value string) bool { return slices.Contains(node.Texts(list), value) }

// describe names an item that is missing: by its identity or its value.
func describe(item *yaml.Node) string {
	if item.Kind == yaml.ScalarNode {
		return item.Value
	}

	if id := node.Identity(item, -1); strings.Contains(id, "=") {
		return strings.Trim(id, "[]")
	}

	return ""
}

// leaves counts the values of a fragment.
func leaves(n *yaml.Node) int {
	if n = node.Deref(n); n == nil {
		return 0
	}

	if n.Kind == yaml.ScalarNode {
		return 1
	}

	sum := 0

	for i, c := range n.Content {
		if n.Kind == yaml.SequenceNode || i%2 == 1 {
			sum += leaves(c)
		}
	}

	return sum
}

var (
	secretName = lazyre.New(`(?i)(PASS|SECRET|TOKEN|PRIVATE|_KEY|KEY_BASE|_SALT)`)
	notSecret  = lazyre.New(`(?i)(_PATH|_FILE|KEY_PREFIX|secretKey|secretName|secretKeyRef|SecretRef|remoteRef)`)
)

// secret tells that what differs may be a secret's value.
func (m mismatch) secret() bool {
	if m.note.Kind != yaml.ScalarNode || m.have == nil {
		return false
	}

	name, _, keyed := strings.Cut(m.note.Value, "=")
	if m.hush || userinfo.MatchString(m.have.Value) || keyed && secretName.MatchString(name) && !notSecret.MatchString(name) {
		return true
	}

	return secretName.MatchString(m.path) && !notSecret.MatchString(m.path)
}

// shown is a value fit to be printed.
func (m mismatch) shown(n *yaml.Node) string {
	switch {
	case m.secret():
		return "a secret that is not shown"
	case n.Kind == yaml.ScalarNode:
		return strings.TrimPrefix(n.Value, m.path+"=") // KEY=value is called KEY
	case n.Kind == yaml.SequenceNode:
		return fmt.Sprintf("a list of %d", len(n.Content))
	default:
		return "a map"
	}
}
