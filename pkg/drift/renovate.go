package drift

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/pkg/drift/internal/node"
	"github.com/goingdark-social/bot/pkg/patch"
)

// renovateFiles are where Renovate looks, in its order; the first that is there counts.
var renovateFiles = []string{
	"renovate.json", "renovate.json5", ".github/renovate.json", ".github/renovate.json5", ".gitlab/renovate.json", ".gitlab/renovate.json5",
	".renovaterc", ".renovaterc.json", ".renovaterc.json5",
}

// renovate finds what Renovate would move, and rules of its that are about Mastodon and match nothing.
func (in *Input) renovate(deps []dependency) []Finding {
	for _, file := range renovateFiles {
		data, err := fs.ReadFile(in.tree.FS, file)
		if err != nil {
			continue
		}

		docs, err := node.Documents(uncomment(data))
		if err != nil || len(docs) == 0 || docs[0].Kind != yaml.MappingNode {
			return []Finding{{
				Severity: Info, Place: Place{file, 1}, Name: "Renovate", Message: "Renovate's configuration can't be read here, so what it moves is not known",
				Fix: "Check that it leaves " + list(images(deps)) + " alone.",
			}}
		}

		return renovateConfig{in, file, docs[0]}.judge(deps)
	}

	return nil
}

type renovateConfig struct {
	in   *Input
	file string
	n    *yaml.Node
}

func (r renovateConfig) judge(deps []dependency) []Finding {
	if on := node.Get(r.n, "enabled"); on != nil && !node.Truth(on) {
		return nil
	}

	empty := r.emptyRules(deps)

	var (
		moved []dependency
		at    = Place{r.file, 1}
	)

	for _, d := range deps {
		if line, ok := r.moves(d); ok {
			moved = append(moved, d)
			at.Line = max(at.Line, line)
		}
	}

	if len(moved) == 0 {
		return empty
	}

	// A rule that is meant to exclude them and misses is the cause; one finding says so.
	for i, f := range empty {
		if f.Expected == "an exclusion" {
			empty[i].Message += ", so Renovate moves " + list(images(moved))
			empty[i].Fix = snippet(deps)

			return empty
		}
	}

	f := rival("Renovate", moved, at, snippet(deps))

	if presets := r.unreadable(); len(presets) > 0 {
		f.Severity = Info
		f.Message += fmt.Sprintf(", unless %s says otherwise, which can't be read here", list(presets))
	}

	return append(empty, f)
}

func snippet(deps []dependency) string {
	return `Add to packageRules: {"matchPackageNames": ["` + strings.Join(images(deps), `", "`) + `"], "enabled": false}.`
}

// emptyRules are rules that name Mastodon and none of its images here.
func (r renovateConfig) emptyRules(deps []dependency) []Finding {
	var out []Finding

	for _, rule := range node.Items(node.Get(r.n, "packageRules")) {
		var names []string
		for _, key := range nameMatchers {
			names = append(names, node.Texts(node.Get(rule, key))...)
		}

		about := slices.ContainsFunc(names, func(n string) bool { return ownName.MatchString(n) && !strings.HasPrefix(n, "!") })
		if !about || slices.ContainsFunc(deps, func(d dependency) bool { return matchesName(rule, d.image) }) {
			continue
		}

		f := Finding{
			Place: Place{r.file, rule.Line}, Name: "Renovate", Message: "this rule is about Mastodon and matches none of its images here",
			Expected: strings.Join(images(deps), ", "), Actual: strings.Join(names, ", "), Fix: "Name " + list(images(deps)) + ".",
		}

		if on := node.Get(rule, "enabled"); on != nil && !node.Truth(on) {
			f.Expected = "an exclusion"
		}

		out = append(out, f)
	}

	return out
}

var ownName = regexp.MustCompile(`(?i)mastodon|glitch-soc`)

// unreadable are the presets that lie in other repositories or packages. Renovate's own are known, and exclude no image.
func (r renovateConfig) unreadable() []string {
	var out []string

	for _, preset := range node.Texts(node.Get(r.n, "extends")) {
		name, _, _ := strings.Cut(preset, "(")
		if group, _, ok := strings.Cut(name, ":"); !ok || strings.Contains(name, ">") || strings.Contains(name, "/") || !slices.Contains(builtInPresets, group) {
			out = append(out, preset)
		}
	}

	return out
}

var builtInPresets = []string{
	"", "abandonments", "config", "customManagers", "default", "docker", "global", "group", "helpers", "mergeConfidence", "monorepo", "npm", "packages",
	"preview", "regexManagers", "replacements", "schedule", "security", "workarounds",
}

// off tells what a preset of Renovate's own switches off altogether.
func (r renovateConfig) off() bool {
	return slices.ContainsFunc(node.Texts(node.Get(r.n, "extends")), func(p string) bool {
		return slices.Contains([]string{"docker:disable", ":disableDocker", ":disableRenovate"}, p)
	})
}

// moves tells that a manager of Renovate reads a reference and no rule switches it off, and on which line that manager is configured.
func (r renovateConfig) moves(d dependency) (line int, ok bool) {
	if r.off() || slices.Contains(node.Texts(node.Get(r.n, "ignoreDeps")), d.image) || r.outside(d.file) {
		return 0, false
	}

	enabled := node.Texts(node.Get(r.n, "enabledManagers"))

	for _, m := range managers {
		if !slices.Contains(m.forms, d.form) || len(enabled) > 0 && !slices.Contains(enabled, m.name) {
			continue
		}

		at, config, _ := node.Find(r.n, m.name)
		if on := node.Get(config, "enabled"); on != nil && !node.Truth(on) {
			continue
		}

		patterns := append(slices.Clone(m.patterns), node.Texts(node.Get(config, "managerFilePatterns"))...)
		for _, p := range node.Texts(node.Get(config, "fileMatch")) {
			patterns = append(patterns, "/"+p+"/")
		}

		if slices.ContainsFunc(patterns, func(p string) bool { return matchesText(p, d.file) }) && r.on(d, m.name) {
			return at, true
		}
	}

	return 0, false
}

// outside tells a file that Renovate leaves alone.
func (r renovateConfig) outside(file string) bool {
	match := func(p string) bool { return matchesText(p, file) || strings.Contains(file, p) }
	include := node.Texts(node.Get(r.n, "includePaths"))

	return slices.ContainsFunc(node.Texts(node.Get(r.n, "ignorePaths")), match) || len(include) > 0 && !slices.ContainsFunc(include, match)
}

// managers of Renovate that read images, and the files that they read by default.
var managers = []struct {
	name     string
	forms    []patch.Form
	patterns []string
}{
	{"kubernetes", []patch.Form{patch.Container, patch.KustomizePatch, patch.JSON}, nil},
	{"argocd", []patch.Form{patch.ArgoCD}, nil},
	{"kustomize", []patch.Form{patch.KustomizeImage}, []string{`/(^|/)kustomization\.ya?ml$/`}},
	{"docker-compose", []patch.Form{patch.Compose}, []string{`/(^|/)(?:docker-)?compose[^/]*\.ya?ml$/`}},
	{"helm-values", []patch.Form{patch.HelmValues}, []string{`/(^|/)values\.ya?ml$/`}},
	{"dockerfile", []patch.Form{patch.Dockerfile}, []string{`/(^|/|\.)([Dd]ocker|[Cc]ontainer)file$/`, `/(^|/)([Dd]ocker|[Cc]ontainer)file[^/]*$/`}},
}

// on applies the package rules in order: the last that says enabled or not decides. A rule for some kinds of update only leaves
// the others on.
func (r renovateConfig) on(d dependency, manager string) bool {
	on := true

	for _, rule := range node.Items(node.Get(r.n, "packageRules")) {
		enabled := node.Get(rule, "enabled")
		if enabled == nil || !matchesName(rule, d.image) || !matchesWhere(rule, d, manager) {
			continue
		}

		switch {
		case node.Truth(enabled):
			on = true
		case wholly(rule):
			on = false
		}
	}

	return on
}

// wholly tells a rule that holds for every update.
func wholly(rule *yaml.Node) bool {
	kinds := node.Get(rule, "matchUpdateTypes")
	all := kinds == nil || slices.Contains(node.Texts(kinds), "major") && slices.Contains(node.Texts(kinds), "minor") && slices.Contains(node.Texts(kinds), "patch")

	for _, key := range []string{"matchCurrentVersion", "matchCurrentValue", "matchNewValue", "matchCurrentAge", "matchJsonata", "matchBaseBranches"} {
		all = all && node.Get(rule, key) == nil
	}

	return all
}

var nameMatchers = []string{"matchPackageNames", "matchDepNames", "matchPackagePatterns", "matchDepPatterns", "matchPackagePrefixes", "matchDepPrefixes"}

// matchesName holds a rule's matchers of names against an image; no matchers match all.
func matchesName(rule *yaml.Node, image string) bool {
	any, positive := false, false

	for _, key := range nameMatchers {
		for _, p := range node.Texts(node.Get(rule, key)) {
			switch {
			case strings.HasSuffix(key, "Patterns"):
				p = "/" + p + "/"
			case strings.HasSuffix(key, "Prefixes"):
				p = "/^" + regexp.QuoteMeta(p) + "/"
			}

			if not, negated := strings.CutPrefix(p, "!"); negated {
				if matchesText(not, image) {
					return false
				}

				continue
			}

			positive = true
			any = any || matchesText(p, image)
		}
	}

	for key, wrap := range map[string]string{"excludePackageNames": "", "excludePackagePatterns": "/"} {
		for _, p := range node.Texts(node.Get(rule, key)) {
			if matchesText(wrap+p+wrap, image) {
				return false
			}
		}
	}

	return any || !positive
}

// matchesWhere holds a rule's other matchers against a reference.
func matchesWhere(rule *yaml.Node, d dependency, manager string) bool {
	for key, value := range map[string]string{"matchManagers": manager, "matchDatasources": "docker", "matchFileNames": d.file, "matchPaths": d.file} {
		patterns := node.Texts(node.Get(rule, key))
		if len(patterns) > 0 && !slices.ContainsFunc(patterns, func(p string) bool {
			return matchesText(p, value) || key == "matchPaths" && strings.HasPrefix(value, p)
		}) {
			return false
		}
	}

	categories := node.Texts(node.Get(rule, "matchCategories"))

	return len(categories) == 0 || slices.ContainsFunc(categories, func(c string) bool {
		return c == "docker" || c == "kubernetes" && slices.Contains([]string{"kubernetes", "kustomize"}, manager) || c == "cd" && manager == "argocd"
	})
}

// matchesText is Renovate's way to match: /a regular expression/ with i for any case, else a glob, else the text itself.
func matchesText(pattern, text string) bool {
	if pattern == text {
		return true
	}

	if rest, ok := strings.CutPrefix(pattern, "/"); ok {
		end := strings.LastIndexByte(rest, '/')
		if end < 0 {
			return false
		}

		expression := rest[:end]
		if strings.Contains(rest[end:], "i") {
			expression = "(?i)" + expression
		}

		re, err := regexp.Compile(expression)

		return err == nil && re.MatchString(text)
	}

	return globbed(pattern, text) || globbed("**/"+pattern, text) && path.Base(text) == pattern
}

// uncomment blanks the comments of JSON5 and what YAML does not take of it, tabs, line for line: YAML reads the rest of it.
func uncomment(data []byte) []byte {
	out := slices.Clone(data)
	quote := byte(0)

	for i := 0; i < len(out); i++ {
		switch c := out[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '\t':
			out[i] = ' '
		case c == '/' && i+1 < len(out) && out[i+1] == '/':
			for ; i < len(out) && out[i] != '\n'; i++ {
				out[i] = ' '
			}
		case c == '/' && i+1 < len(out) && out[i+1] == '*':
			for ; i < len(out) && !strings.HasPrefix(string(out[i:min(i+2, len(out))]), "*/"); i++ {
				if out[i] != '\n' {
					out[i] = ' '
				}
			}

			if i+1 < len(out) {
				out[i], out[i+1] = ' ', ' '
			}
		}
	}

	return out
}
