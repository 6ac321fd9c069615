package rival

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/goingdark-social/bot/internal/node"
)

// truth is an answer that may be unknown.
type truth int

const (
	no truth = iota
	perhaps
	yes
)

func known(matches, ok bool) truth {
	switch {
	case !ok:
		return perhaps
	case matches:
		return yes
	}

	return no
}

// matches weighs the conditions of a rule, all of which must hold.
func (c *renovateConfig) matches(rule *yaml.Node, p Place, m manager) truth {
	all := c.names(rule, p.Image)

	for i := 0; i+1 < len(rule.Content) && all != no; i += 2 {
		key, list := rule.Content[i].Value, texts(rule.Content[i+1])

		condition := yes

		switch {
		case key == "matchDatasources":
			condition = known(matchList("docker", list))
		case key == "matchManagers":
			condition = known(matchList(m.name, list))
		case key == "matchFileNames" || key == "matchPaths":
			condition = known(matchList(p.File, list))
		case key == "matchUpdateTypes" && !slices.Contains(list, "patch") && !slices.Contains(list, "minor"):
			condition = no // releases of Mastodon are one or the other
		case strings.HasPrefix(key, "match") && !slices.Contains(nameKeys, key):
			condition = perhaps
		}

		all = min(all, condition)
	}

	return all
}

// nameKeys are the conditions on a package's name: what matches, by list (globs and regular expressions), by regular
// expression, by prefix. Renovate takes them together, as alternatives.
var nameKeys = []string{
	"matchPackageNames", "matchDepNames", "packageNames",
	"matchPackagePatterns", "matchDepPatterns", "packagePatterns",
	"matchPackagePrefixes", "matchDepPrefixes",
}

// named is what a rule says of names.
func (c *renovateConfig) named(rule *yaml.Node) []string {
	var all []string
	for _, key := range nameKeys {
		all = append(all, texts(node.Get(rule, key))...)
	}

	return all
}

// names weighs the conditions on the name of the image. A rule without one is about every package.
func (c *renovateConfig) names(rule *yaml.Node, image string) truth {
	if rule.Kind != yaml.MappingNode {
		return no
	}

	excluded := c.namesBy(rule, image, "exclude")
	if excluded == yes {
		return no
	}

	matched := yes
	if len(c.named(rule)) > 0 {
		matched = max(c.namesBy(rule, image, "match"), c.namesBy(rule, image, ""))
	}

	return min(matched, yes-excluded)
}

// namesBy weighs the conditions whose keys begin with a word.
func (c *renovateConfig) namesBy(rule *yaml.Node, image, word string) truth {
	found := no

	for i := 0; i+1 < len(rule.Content); i += 2 {
		kind, ok := strings.CutPrefix(rule.Content[i].Value, word)
		if !ok {
			continue
		}

		list := texts(rule.Content[i+1])

		switch {
		case word == "" && kind == "packageNames", kind == "PackageNames", kind == "DepNames":
			found = max(found, known(matchList(image, list)))
		case word == "" && kind == "packagePatterns", kind == "PackagePatterns", kind == "DepPatterns":
			for _, p := range list {
				found = max(found, known(matchExpression(image, p)))
			}
		case kind == "PackagePrefixes", kind == "DepPrefixes":
			if slices.ContainsFunc(list, func(p string) bool { return strings.HasPrefix(image, p) }) {
				found = yes
			}
		}
	}

	return found
}

// idleRule is the first rule that switches something called Mastodon off and matches none of the images: it means them, and
// does nothing.
func (c *renovateConfig) idleRule(images []string) *yaml.Node {
	for _, rule := range items(node.Get(c.root, "packageRules")) {
		means := slices.ContainsFunc(c.named(rule), func(p string) bool {
			return !strings.HasPrefix(p, "!") && strings.Contains(strings.ToLower(p), "mastodon")
		})

		if !means || !is(node.Get(rule, "enabled"), "false") {
			continue
		}

		if !slices.ContainsFunc(images, func(image string) bool { return c.names(rule, image) != no }) {
			return rule
		}
	}

	return nil
}
