package environment

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

// File is one file of the source.
type File struct {
	Name string
	Text string
}

// found is one read of one variable.
type found struct {
	name     string
	pattern  bool
	file     string
	line     int
	scopes   []facts.Scope // nil: by the file's path
	value    *string       // literal default
	fallback string
	required bool // fails when missing, if this line runs
	guard    bool // asks whether the variable is set
	abort    facts.Abort
}

// Sample is the name of the file with documented variables.
const Sample = ".env.production.sample"

// Read reads all files together: JavaScript passes the environment from file to file.
func Read(files []File) ([]facts.Variable, []facts.Gap) {
	c := collector{budget: maxLooks}
	var scripts []File
	sample := map[string]bool{}
	for _, f := range files {
		switch {
		case f.Name == Sample:
			sample = sampled(f.Text)
		case isScript(f.Name):
			if strings.Contains(f.Text, "env") {
				scripts = append(scripts, f)
			}
		case !strings.Contains(f.Text, "ENV"):
		case isRuby(f):
			c.ruby(f)
		case path.Ext(f.Name) == ".yml" || path.Ext(f.Name) == ".yaml":
			c.yaml(f)
		case path.Ext(f.Name) == ".haml" || path.Ext(f.Name) == ".erb":
			c.template(f)
		}
	}
	c.scripts(scripts)
	return c.variables(sample), c.gaps
}

// maxLooks bounds how many tokens all searches look at together, so that no text can keep the reader busy. Those for a
// release of upstream look at a million.
const maxLooks = 100_000_000

const beyond = "more uses of the environment than can be followed"

type collector struct {
	budget ruby.Budget
	found  []found
	gaps   []facts.Gap
}

// maxGap bounds what a gap repeats of the text, in bytes.
const maxGap = 300

func gap(what, file string, line int) facts.Gap {
	if len(what) > maxGap {
		what = strings.ToValidUTF8(what[:maxGap], "") + "…"
	}
	return facts.Gap{What: what, Place: facts.Place{File: file, Line: line}}
}

func (c *collector) gap(what, file string, line int) {
	c.gaps = append(c.gaps, gap(what, file, line))
}

func isScript(name string) bool {
	switch path.Ext(name) {
	case ".js", ".mjs", ".cjs", ".ts", ".mts", ".tsx":
		return true
	default:
		return false
	}
}

// isRuby goes by the name, and for programs without an ending by the first line.
func isRuby(f File) bool {
	switch path.Ext(f.Name) {
	case ".rb", ".rake", ".ru":
		return true
	case "":
		first, _, _ := strings.Cut(f.Text, "\n")
		return strings.Contains(first, "ruby")
	default:
		return false
	}
}

// variables merges the reads of each variable.
func (c *collector) variables(sample map[string]bool) []facts.Variable {
	slices.SortStableFunc(c.found, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line))
	})
	var out []facts.Variable
	for _, f := range c.found {
		if len(out) == 0 || out[len(out)-1].Name != f.name {
			out = append(out, facts.Variable{Name: f.name, Pattern: f.pattern, Sample: sample[f.name]})
		}
		merge(&out[len(out)-1], f, c.found)
	}
	for i := range out {
		out[i].Scopes = order(out[i].Scopes)
	}
	slices.SortFunc(c.gaps, func(a, b facts.Gap) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return out
}

// merge adds one read to its variable.
func merge(v *facts.Variable, f found, all []found) {
	if f.scopes == nil {
		f.scopes = ScopesOf(f.file)
	}
	v.Scopes = append(v.Scopes, f.scopes...)
	last := len(v.Places) - 1
	if last < 0 || v.Places[last].File != f.file || v.Places[last].Line != f.line {
		v.Places = append(v.Places, facts.Read{Place: facts.Place{File: f.file, Line: f.line}, Scopes: f.scopes})
	} else {
		v.Places[last].Scopes = order(append(slices.Clone(v.Places[last].Scopes), f.scopes...))
	}
	runtime := slices.ContainsFunc(f.scopes, facts.Scope.Runtime)
	// A place with a literal at the end of its chain says both; one without is a question about several variables.
	if v.Default == nil && runtime && f.value != nil {
		v.Default, v.Fallback = f.value, f.fallback
	}
	if v.Default == nil && v.Fallback == "" && runtime {
		v.Fallback = f.fallback
	}
	if f.abort != "" {
		v.Aborts = f.abort
		v.Required = v.Required || f.abort == facts.AbortMissing
	}
	v.Required = v.Required || f.required && !guarded(f, all)
}

// guarded says that the same file asks whether the variable is set before it insists on it.
func guarded(f found, all []found) bool {
	return slices.ContainsFunc(all, func(o found) bool { return o.guard && o.name == f.name && o.file == f.file })
}

func sampled(text string) map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(text) {
		name, _, ok := strings.Cut(strings.TrimLeft(line, "# \t"), "=")
		if ok && !strings.ContainsAny(name, " \t'\"") {
			out[name] = true
		}
	}
	return out
}
