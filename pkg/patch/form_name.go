package patch

import (
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/patch/internal/source"
)

// versionIn finds one of the application's versions inside a name: the span of it, with dots or dashes, with a v or without.
func (m *mentions) versionIn(name string) (from, to int, found bool) {
	dotted := strings.ReplaceAll(name, "-", ".")

	for _, v := range m.on {
		core := withoutV(v.String())
		if !strings.Contains(dotted, strings.ReplaceAll(core, "-", ".")) {
			continue // as nearly every name: no pattern is made for it
		}

		pattern := regexp.MustCompile(`(?:^|[-._])(v?` + strings.ReplaceAll(regexp.QuoteMeta(core), `\.`, `[.-]`) + `)(?:$|[-._])`)

		if at := pattern.FindStringSubmatchIndex(name); at != nil {
			return at[2], at[3], true
		}
	}

	return 0, 0, false
}

// objectNames collects the names of Mastodon's own objects that carry a version.
func (m *mentions) objectNames(p *page, _ *source.Doc, n *yaml.Node) {
	if p.isKustomization() || !isObject(n) || p.others(n) {
		return
	}

	for _, key := range []string{"name", "generateName"} {
		name := node.TextAt(n, "metadata", key)
		if _, _, found := m.versionIn(name); found && !slices.Contains(m.names, name) && m.own(p, n, name) {
			m.names = append(m.names, name)
		}
	}
}

// own tells an object that runs the application's images, or is named after Mastodon.
func (m *mentions) own(p *page, n *yaml.Node, name string) bool {
	return ownName.MatchString(name) || slices.ContainsFunc(p.objects, func(o *object) bool {
		return o.name == node.TextAt(n, "metadata", "name") && slices.ContainsFunc(o.containers, func(c *container) bool { return c.reference != nil })
	})
}

// namesIn finds the names wherever they stand, and the suffix or prefix that a kustomization gives to all.
func (m *mentions) namesIn(p *page, d *source.Doc, n *yaml.Node) {
	if p.isKustomization() {
		for _, key := range []string{"nameSuffix", "namePrefix"} {
			if affix := node.Get(n, key); affix != nil {
				if from, to, found := m.versionIn(affix.Value); found {
					m.add(p, d, affix, from, to, Name)
				}
			}
		}
	}

	m.namesBelow(p, d, n, map[*yaml.Node]bool{})
}

func (m *mentions) namesBelow(p *page, d *source.Doc, n *yaml.Node, seen map[*yaml.Node]bool) {
	if n == nil || seen[n] || n.Kind == yaml.AliasNode {
		return
	}

	seen[n] = true

	if n.Kind == yaml.ScalarNode {
		m.namesWithin(p, d, n)
	}

	for _, c := range n.Content {
		m.namesBelow(p, d, c, seen)
	}
}

// namesWithin finds each name inside a value where it is no part of a longer one.
func (m *mentions) namesWithin(p *page, d *source.Doc, n *yaml.Node) {
	for _, name := range m.names {
		from, to, _ := m.versionIn(name)

		for start := 0; ; {
			i := strings.Index(n.Value[start:], name)
			if i < 0 {
				break
			}

			at := start + i
			start = at + len(name)

			if apart(n.Value, at, start) && !inComment(n.Value, at) {
				m.add(p, d, n, at+from, at+to, Name)
			}
		}
	}
}

func apart(s string, from, to int) bool {
	word := func(c byte) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-'
	}

	return (from == 0 || !word(s[from-1])) && (to == len(s) || !word(s[to]))
}
