package drift

import (
	"net/url"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/internal/node"
)

// variable is one environment variable of a container.
type variable struct {
	name, value string
	known       bool // the value is in the tree and no secret
	place       Place
	holder      *object // that holds it: the container's, or a ConfigMap or what makes a Secret
	given       bool    // by an operator, which nobody asked for that name
}

// environment works out what a container's process sees: what it takes whole first, later ones over earlier ones, then its own.
func (in *Input) environment(c *container) {
	c.env = map[string]variable{}

	for _, from := range node.Items(node.Get(c.node, "envFrom")) {
		prefix := node.Text(node.Get(from, "prefix"))

		for _, ref := range []struct{ key, kind string }{{"configMapRef", "ConfigMap"}, {"secretRef", "Secret"}} {
			name := node.Text(node.Get(from, ref.key, "name"))
			if name == "" {
				continue
			}

			keys, whole := in.keysOf(ref.kind, name, c.object)
			if !whole {
				c.opaque = append(c.opaque, ref.kind+" "+name)
			}

			for _, v := range keys {
				v.name = prefix + v.name
				c.env[v.name] = v
			}
		}
	}

	for i, item := range node.Items(node.Get(c.node, "env")) {
		v := variable{name: node.Text(node.Get(item, "name")), holder: c.object, place: c.at("env", node.Identity(item, i))}
		if from := node.Get(item, "valueFrom"); from == nil {
			v.value, v.known = node.Text(node.Get(item, "value")), true
		} else {
			v.value, v.known = in.valueOf(from, c.object)
		}

		c.env[v.name] = v
	}
}

// valueOf follows a reference to a key of a ConfigMap. What a Secret or the cluster fills in is not known.
func (in *Input) valueOf(from *yaml.Node, user *object) (string, bool) {
	ref := node.Get(from, "configMapKeyRef")
	if ref == nil {
		return "", false
	}

	keys, _ := in.keysOf("ConfigMap", node.Text(node.Get(ref, "name")), user)
	i := slices.IndexFunc(keys, func(v variable) bool { return v.name == node.Text(node.Get(ref, "key")) })

	if i < 0 {
		return "", false
	}

	return keys[i].value, keys[i].known
}

// keysOf lists what a ConfigMap or Secret holds, and tells whether that is all of it. Several objects may make one Secret.
func (in *Input) keysOf(kind, name string, user *object) (keys []variable, whole bool) {
	if kind == "Secret" {
		for _, m := range in.secrets(name, user) {
			for _, key := range m.keys {
				keys = append(keys, variable{name: key, place: m.at(key), holder: m.object, given: m.place == nil})
			}

			whole = whole || m.whole
		}

		return keys, whole
	}

	for _, o := range in.around(user) {
		if o.kind != "ConfigMap" || o.group != "" || o.name != name {
			continue
		}

		node.Pairs(node.Get(o.node, "data"), func(key, value *yaml.Node) {
			keys = append(keys, variable{name: key.Value, value: value.Value, known: true, place: o.keyAt(key.Value), holder: o})
		})

		return keys, true
	}

	return nil, false
}

// get is a variable's value; empty when it is not set or not known.
func (c *container) get(name string) string { return c.env[name].value }

// on tells a switch that is known to be on, as Mastodon reads them: only the word true counts.
func (c *container) on(name string) bool { return c.env[name].value == "true" }

// maybe tells that a variable could be set by what the tree does not tell.
func (c *container) maybe(name string) bool {
	_, set := c.env[name]

	return set || len(c.opaque) > 0
}

// absent tells that a variable is surely not set, or set to nothing.
func (c *container) absent(name string) bool {
	v, set := c.env[name]

	return !set && len(c.opaque) == 0 || v.known && v.value == ""
}

var (
	inShell   = lazyre.New(`\$\{?([A-Za-z_][A-Za-z0-9_]*)`)
	inValue   = lazyre.New(`\$\(([A-Za-z_][A-Za-z0-9_]*)\)`)
	inCommand = lazyre.New(`(?:^|[\s;&|(])([A-Z_][A-Z0-9_]*)=("[^"]*"|'[^']*'|[^\s;&|]*)`)
)

// uses are the variables that the container's own words name: $(X) in a value, $X in a command or a probe.
func (c *container) uses() map[string]bool {
	out := map[string]bool{}

	var visit func(n *yaml.Node)

	visit = func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode {
			for _, pattern := range []*lazyre.Regexp{inValue, inShell} {
				for _, m := range pattern.FindAllStringSubmatch(n.Value, -1) {
					out[m[1]] = true
				}
			}
		}

		for _, child := range n.Content {
			visit(child)
		}
	}
	visit(c.node)

	for _, v := range c.env { // and those that come in whole
		for _, m := range inValue.FindAllStringSubmatch(v.value, -1) {
			out[m[1]] = true
		}
	}

	return out
}

// inline is what a command sets for itself: "DB_HOST=db bundle exec …".
func (c *container) inline(name string) (string, bool) {
	value, found := "", false

	for _, m := range inCommand.FindAllStringSubmatch(c.command, -1) {
		if m[1] == name {
			value, found = strings.Trim(m[2], `"'`), true
		}
	}

	return value, found
}

// hostOf takes host and port off a database's or a server's address.
func hostOf(address string) (host, port string) {
	u, err := url.Parse(address)
	if err != nil {
		return "", ""
	}

	return u.Hostname(), u.Port()
}
