package rival

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/goingdark-social/bot/internal/node"
)

// renovateConfig is one configuration of Renovate, with what its presets are known to add.
type renovateConfig struct {
	root *yaml.Node
	// preset is the first preset that lies outside of the tree and of Renovate itself, nil for none.
	preset *yaml.Node
	// builtIn are the presets that are part of Renovate.
	builtIn []string
}

func newRenovateConfig(root *yaml.Node) *renovateConfig {
	c := &renovateConfig{root: root}

	for _, n := range items(node.Get(root, "extends")) {
		if isBuiltIn(node.Text(n)) {
			c.builtIn = append(c.builtIn, node.Text(n))
		} else if c.preset == nil {
			c.preset = node.Deref(n)
		}
	}

	return c
}

// isBuiltIn tells a preset that comes with Renovate: it has no source before ">" and no scope, and its group is one of its own.
func isBuiltIn(preset string) bool {
	group, _, ok := strings.Cut(preset, ":")

	return ok && !strings.ContainsAny(group, ">/@")
}

// off tells the built-in presets that leave images alone.
func (c *renovateConfig) off() bool {
	return slices.ContainsFunc(c.builtIn, func(p string) bool { return p == "docker:disable" || p == ":onlyNpm" })
}

// manager is a part of Renovate that reads files of one kind.
type manager struct {
	name string
	line int
	// uncertain: it reads the file, but what it finds there is not known.
	uncertain bool
}

// defaults are the managers that read images without being told where: their names and the files they read.
func defaults() map[string][]string {
	return map[string][]string{
		"kustomize":      {`/(^|/)kustomization\.ya?ml$/`},
		"helm-values":    {`/(^|/)values\.ya?ml$/`},
		"docker-compose": {`/(^|/)(?:docker-)?compose[^/]*\.ya?ml$/`},
		"dockerfile":     {`/(^|/)(Dockerfile|Containerfile)[^/]*$/`},
	}
}

// told are the managers that read images where the configuration says so.
var told = []string{"ansible", "argocd", "crossplane", "flux", "helmfile", "kubernetes", "tekton", "woodpecker"}

// readers are the managers that read a file.
func (c *renovateConfig) readers(file string) []manager {
	var all []manager

	if c.off() {
		return nil
	}

	add := func(name string, patterns []string) {
		settings := node.Get(c.root, name)
		if is(node.Get(settings, "enabled"), "false") || !c.admits(name) {
			return
		}

		if slices.ContainsFunc(append(patterns, patternsOf(settings)...), reads(file)) {
			all = append(all, manager{name: name, line: line(settings)})
		}
	}

	known := defaults()
	for _, name := range slices.Sorted(slices.Values(append(slices.Clone(told), "kustomize", "helm-values", "docker-compose", "dockerfile"))) {
		add(name, known[name])
	}

	for _, key := range []string{"customManagers", "regexManagers"} {
		for _, custom := range items(node.Get(c.root, key)) {
			if slices.ContainsFunc(patternsOf(custom), reads(file)) && c.admits("custom.regex", "regex") {
				all = append(all, manager{name: "custom.regex", line: line(custom), uncertain: true})
			}
		}
	}

	return all
}

// admits tells whether enabledManagers, if it is there, lists one of the names.
func (c *renovateConfig) admits(names ...string) bool {
	enabled := texts(node.Get(c.root, "enabledManagers"))

	return len(enabled) == 0 || slices.ContainsFunc(names, func(n string) bool { return slices.Contains(enabled, n) })
}

// patternsOf are the files that a manager is told to read. fileMatch is the older name, of bare regular expressions.
func patternsOf(settings *yaml.Node) []string {
	patterns := texts(node.Get(settings, "managerFilePatterns"))
	for _, p := range texts(node.Get(settings, "fileMatch")) {
		patterns = append(patterns, "/"+p+"/")
	}

	return patterns
}

// reads tells whether a pattern matches a file; one that cannot be read matches nothing, in Renovate too.
func reads(file string) func(string) bool {
	return func(pattern string) bool {
		matches, known := matchOne(file, pattern)

		return matches && known
	}
}

// recommended are the presets that bring Renovate's own list of paths to ignore.
var recommended = []string{"config:recommended", "config:base", "config:best-practices", ":ignoreModulesAndTests"}

// ignoresPath is the setting that keeps Renovate from a file, nil for none.
func (c *renovateConfig) ignoresPath(file string) *yaml.Node {
	if key, list := node.Entry(c.root, "includePaths"); key != nil && len(texts(list)) > 0 && !slices.ContainsFunc(texts(list), holds(file)) {
		return key
	}

	key, list := node.Entry(c.root, "ignorePaths")
	if key != nil {
		if slices.ContainsFunc(texts(list), holds(file)) {
			return key
		}

		return nil
	}

	if !slices.ContainsFunc(c.builtIn, func(p string) bool { return slices.Contains(recommended, p) }) {
		return nil
	}

	for _, dir := range []string{"node_modules", "bower_components", "vendor", "examples", "__tests__", "test", "tests", "__fixtures__"} {
		if strings.Contains("/"+file, "/"+dir+"/") {
			return node.Get(c.root, "extends")
		}
	}

	return nil
}

// holds tells whether a path of Renovate's names a file: as a part of its name, or as a glob.
func holds(file string) func(string) bool {
	return func(p string) bool {
		matches, known := matchExpression(file, globExpression(p, false))

		return strings.Contains(file, p) || matches && known
	}
}
