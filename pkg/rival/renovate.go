package rival

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/goingdark-social/bot/internal/node"
)

// renovateNames are the names of Renovate's configuration, in the order in which it looks for them. It takes the first.
func renovateNames() []string {
	var names []string

	for _, dir := range []string{"", ".github/", ".gitlab/"} {
		for _, ext := range []string{"json", "jsonc", "json5"} {
			names = append(names, dir+"renovate."+ext)
		}
	}

	return append(names, ".renovaterc", ".renovaterc.json", ".renovaterc.jsonc", ".renovaterc.json5", "package.json")
}

// renovate judges the configuration that Renovate would take, if there is any.
func (t *tree) renovate(_ context.Context, files []string) ([]Rival, error) {
	for _, name := range renovateNames() {
		if !slices.Contains(files, name) {
			continue
		}

		data, err := fs.ReadFile(t.fsys, name)
		if err != nil {
			return nil, err
		}

		if r, ok := t.renovateFile(name, data); ok {
			return []Rival{r}, nil
		}
	}

	return nil, nil
}

// renovateFile judges one file; false for a package.json that says nothing to Renovate.
func (t *tree) renovateFile(name string, data []byte) (Rival, bool) {
	if len(data) > maxConfiguration && name != "package.json" {
		return t.rival(Renovate, name, 1, Unknown, t.places, "its configuration is too large to be read"), true
	}

	root, err := json5(data)

	if name == "package.json" {
		if root = node.Get(root, "renovate"); root == nil || root.Kind != yaml.MappingNode {
			return Rival{}, false
		}
	}

	if err != nil {
		return t.rival(Renovate, name, 1, Unknown, t.places, "its configuration cannot be read: "+err.Error()), true
	}

	return t.judgeRenovate(name, newRenovateConfig(root)), true
}

// judgeRenovate holds a configuration against every place.
func (t *tree) judgeRenovate(file string, c *renovateConfig) Rival {
	if is(node.Get(c.root, "enabled"), "false") {
		return t.rival(Renovate, file, line(node.Get(c.root, "enabled")), Excluded, nil, "it is switched off")
	}

	by := map[Verdict][]Place{}
	why := map[Verdict]outcome{}

	for _, p := range t.places {
		o := c.judge(p)
		by[o.verdict] = append(by[o.verdict], p)

		if why[o.verdict].why == "" {
			why[o.verdict] = o
		}
	}

	for _, v := range []Verdict{Moves, Unknown, Excluded} {
		if len(by[v]) == 0 {
			continue
		}

		if idle := c.idleRule(t.images); v != Excluded && idle != nil {
			return t.rival(Renovate, file, line(idle), Misses, by[v],
				fmt.Sprintf("the rule names %s, which is none of the images", strings.Join(c.named(idle), ", ")))
		}

		return t.rival(Renovate, file, why[v].line, v, by[v], why[v].why)
	}

	return t.rival(Renovate, file, 1, Apart, nil, "none of its managers reads the places that name the images")
}

// outcome is what a configuration does with one place.
type outcome struct {
	verdict Verdict
	line    int
	why     string
}

// judge follows Renovate: which managers read the file, then whether anything keeps them from the image.
func (c *renovateConfig) judge(p Place) outcome {
	if n := c.ignoresPath(p.File); n != nil {
		return outcome{Excluded, line(n), "it ignores the path"}
	}

	readers := c.readers(p.File)
	if len(readers) == 0 {
		return outcome{Apart, 1, ""}
	}

	if ignored, known := matchList(p.Image, texts(node.Get(c.root, "ignoreDeps"))); ignored && known {
		return outcome{Excluded, line(node.Get(c.root, "ignoreDeps")), "ignoreDeps names the images"}
	}

	result := outcome{Apart, 1, ""}

	for _, m := range readers {
		if o := c.ruled(p, m); rank(o.verdict) > rank(result.verdict) {
			result = o
		}
	}

	return result
}

// rank orders verdicts by how much they matter.
func rank(v Verdict) int { return slices.Index([]Verdict{Apart, Excluded, Unknown, Moves, Misses}, v) }

// ruled is what the rules say of an image in a file that a manager reads. The last rule that matches decides.
func (c *renovateConfig) ruled(p Place, m manager) outcome {
	result := outcome{Moves, m.line, fmt.Sprintf("its manager %s reads the places, and no rule excludes the images", m.name)}

	switch {
	case m.uncertain:
		result = outcome{Unknown, m.line, "a custom manager reads the files; whether it finds the images depends on its expressions"}
	case c.preset != nil:
		result = outcome{Unknown, line(c.preset), fmt.Sprintf("no rule here excludes the images, and what the preset %s says is not known", c.preset.Value)}
	}

	for _, rule := range items(node.Get(c.root, "packageRules")) {
		key, enabled := node.Entry(rule, "enabled")
		if key == nil {
			continue
		}

		switch matches := c.matches(rule, p, m); {
		case matches == no:
		case is(enabled, "true") && matches == yes:
			result = outcome{Moves, line(rule), "a rule enables the images"}
		case is(enabled, "false") && matches == yes:
			result = outcome{Excluded, line(rule), "a rule switches the images off"}
		default:
			result = outcome{Unknown, line(rule), "a rule about the images has conditions that only Renovate can weigh"}
		}
	}

	return result
}
