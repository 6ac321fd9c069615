package patch

import (
	"bytes"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/patch/internal/source"
)

// variables looks for where the variables are defined that images read: Flux's postBuild.substitute, data of a ConfigMap or Secret,
// literals of a generator, a list of names and values, an .env file, ARG of a Dockerfile, the field that vars: of a kustomization
// names. It is looked for in the files of the application and in the objects that apply it, and only if it is not there in the rest
// of the tree.
func (s *scan) variables() {
	for _, a := range s.apps {
		byName := map[string][]*Reference{}

		for _, r := range a.refs {
			if r.at.variable != "" {
				byName[r.at.variable] = append(byName[r.at.variable], r)
			}
		}

		for _, name := range slices.Sorted(maps.Keys(byName)) {
			s.variable(a, name, byName[name])
		}
	}
}

func (s *scan) variable(a *app, name string, readers []*Reference) {
	definitions, broken := s.definitions(a, name, readers, func(file string) bool { return a.reaches(file) || a.holds(file) >= 0 })
	if len(definitions) == 0 {
		definitions = s.vars(a, name, readers)
	}

	if len(definitions) == 0 {
		var elsewhere []*page

		definitions, elsewhere = s.definitions(a, name, readers, func(string) bool { return true })
		if len(definitions) == 0 {
			broken = elsewhere
		}
	}

	for _, p := range broken {
		p.undeciding(a)
	}

	for _, definition := range definitions {
		for _, r := range readers {
			definition.Components = addComponents(definition.Components, r.Components...)
			r.at.definition = definition
		}

		s.adopt(a, definition)
	}
}

// definitions is where a variable is defined, and the files that name it and can't be parsed.
func (s *scan) definitions(a *app, name string, readers []*Reference, in func(file string) bool) (found []*Reference, broken []*page) {
	for _, file := range s.layout.Files() {
		if !in(file) || !mayDefine(file) || a.excluded(file) {
			continue
		}

		p := s.page(file, []byte(name))
		if p == nil {
			continue
		}

		if p.err != nil && bytes.Contains(p.data, []byte(name)) {
			broken = append(broken, p)
		}

		d := definer{page: p, name: name, image: readers[0].Image, spell: readers[0].at.spell}
		if p.docs != nil {
			for _, doc := range p.docs {
				d.node(doc, doc.Root)
			}
		} else if !strings.Contains(path.Base(file), ".y") {
			d.text()
		}

		found = append(found, d.found...)
	}

	return found, broken
}

// mayDefine leaves out what defines nothing: documents, and templates' own syntax.
func mayDefine(file string) bool {
	return !isMarkdown(file) && !strings.HasSuffix(file, ".json")
}

// page is a file as a page if it holds a needle, read now unless the walk did.
func (s *scan) page(file string, needles ...[]byte) *page {
	if p := s.byPath[file]; p != nil {
		return p
	}

	return s.readFor(file, needles...)
}

// definer collects the definitions of one variable on a page.
type definer struct {
	page  *page
	name  string
	image string
	spell func(string) string
	found []*Reference
}

func (d *definer) node(doc *source.Doc, n *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		return
	}

	for k, v := range source.Pairs(n) {
		if v = node.Deref(v); k.Value == d.name && v != nil && v.Kind == yaml.ScalarNode && v.Value != "" {
			d.value(doc, v)
		}
	}

	if n.Kind == yaml.MappingNode && node.TextAt(n, "name") == d.name {
		if v := node.Get(n, "value"); v != nil && v.Kind == yaml.ScalarNode {
			d.value(doc, v)
		}
	}

	for _, c := range n.Content {
		if c.Kind == yaml.ScalarNode && strings.Contains(c.Value, d.name+"=") {
			d.literal(doc, c)
		}

		d.node(doc, c)
	}
}

func (d *definer) value(doc *source.Doc, v *yaml.Node) {
	text, err := doc.Scalar(v)
	if err != nil {
		d.page.lost(err)
	} else {
		d.define(text)
	}
}

// literal reads "name=value" in a list or in a block of lines.
func (d *definer) literal(doc *source.Doc, n *yaml.Node) {
	text, err := doc.Scalar(n)
	if err != nil {
		d.page.lost(err)
	} else {
		d.lines(text)
	}
}

func (d *definer) text() { d.lines(d.page.text) }

func (d *definer) lines(t source.Text) {
	line := regexp.MustCompile(`(?m)^[ \t]*(?:export[ \t]+|ARG[ \t]+|ENV[ \t]+|set[ \t]+)?` + regexp.QuoteMeta(d.name) + `[ \t]*[=:][ \t]*["']?([^\s"'#]+)`)

	for _, m := range line.FindAllStringSubmatchIndex(t.String(), -1) {
		d.define(t.Slice(m[2], m[3]))
	}
}

// define notes a definition whose value is a tag, one with a digest, or a whole image.
func (d *definer) define(t source.Text) {
	if strings.ContainsAny(t.String(), "${") {
		return
	}

	r := &Reference{Form: Variable, Image: d.image}
	r.at.spell = d.spell

	if r.Image == "" || strings.Contains(t.String(), "/") || !d.page.names.anyTag(r, t, t.String()) {
		return
	}

	if r = d.page.add(r); r.Form == Variable {
		d.found = append(d.found, r)
	}
}
