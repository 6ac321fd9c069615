package patch

import (
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/patch/internal/source"
	"github.com/goingdark-social/bot/pkg/version"
)

// mentions finds, in the manifests of an application, the versions it is on in labels, in annotations that describe, and in names.
type mentions struct {
	scan  *scan
	app   *app
	on    []version.Version
	names []string // names of objects that carry the version, and what refers to them carries it too
}

// labels looks through the YAML of each application.
func (s *scan) labels() {
	for _, a := range s.apps {
		m := mentions{scan: s, app: a, on: a.fixed()}
		pages := m.pages()

		for _, p := range pages {
			m.each(p, m.objectNames)
		}

		for _, p := range pages {
			m.each(p, m.labelsOf)
			m.each(p, m.namesIn)
		}
	}
}

// pages is the YAML of the application that holds one of its versions in any spelling.
func (m *mentions) pages() []*page {
	var (
		pages   []*page
		needles [][]byte
	)

	for _, v := range m.on {
		core := withoutV(v.String())
		needles = append(needles, []byte(core), []byte(strings.ReplaceAll(core, ".", "-")))
	}

	if len(needles) == 0 {
		return nil
	}

	for _, file := range m.app.files(m.scan.layout) {
		if p := (&page{path: file}); !p.isYAML() {
			continue
		}

		if p := m.scan.page(file, needles...); p != nil && len(p.docs) > 0 {
			pages = append(pages, p)
		}
	}

	return pages
}

func (m *mentions) each(p *page, visit func(*page, *source.Doc, *yaml.Node)) {
	for _, d := range p.docs {
		for _, item := range append(node.Items(node.Get(d.Root, "items")), d.Root) {
			visit(p, d, item)
		}
	}
}

// labelMaps are the keys whose values are labels or annotations.
var labelMaps = []string{"labels", "matchLabels", "commonLabels", "pairs", "annotations", "commonAnnotations"}

func (m *mentions) labelsOf(p *page, d *source.Doc, n *yaml.Node) {
	if !p.others(n) {
		m.labelsBelow(p, d, n, map[*yaml.Node]bool{})
	}
}

// others tells an object that runs other software alone, or is named after it.
func (p *page) others(n *yaml.Node) bool {
	o := newObject(n)
	if o.kind == "" {
		return false
	}

	w := containerWalk{page: newPage(p.path, nil, p.names), doc: nil, seen: map[*yaml.Node]bool{}, objects: &[]*object{}, survey: true}
	w.node(n, nil)

	images, ours := 0, 0

	for _, o := range *w.objects {
		for _, c := range o.containers {
			images++

			if s, ok := split(c.image); ok && (p.names.canonical(s.part(c.image, s.name)) != "" || ownName.MatchString(c.image)) {
				ours++
			}
		}
	}

	name := o.name + " " + o.labels["app.kubernetes.io/name"]

	return images > 0 && ours == 0 || images == 0 && otherName.MatchString(name) && !ownName.MatchString(name)
}

func (m *mentions) labelsBelow(p *page, d *source.Doc, n *yaml.Node, seen map[*yaml.Node]bool) {
	n = node.Deref(n)
	if n == nil || seen[n] {
		return
	}

	seen[n] = true

	for k, v := range source.Pairs(n) {
		if slices.Contains(labelMaps, k.Value) {
			for label, value := range source.Pairs(node.Deref(v)) {
				m.label(p, d, label.Value, node.Deref(value), strings.HasSuffix(strings.ToLower(k.Value), "annotations"))
			}
		}
	}

	for _, c := range n.Content {
		m.labelsBelow(p, d, c, seen)
	}
}

var (
	versionLabel = lazyre.New(`^(?:app\.kubernetes\.io/version|tags\.datadoghq\.com/version|version|app-?version)$`)
	description  = lazyre.New(`(?i)(?:^|[./-])(?:description|summary|version|app-?version|release)$`)
)

func (m *mentions) label(p *page, d *source.Doc, key string, value *yaml.Node, annotation bool) {
	if value == nil || value.Kind != yaml.ScalarNode || !versionLabel.MatchString(key) && (!annotation || !description.MatchString(key)) {
		return
	}

	for _, at := range bareVersion.FindAllStringIndex(value.Value, -1) {
		tag := value.Value[at[0]:at[1]]
		if at[1]-at[0] != len(value.Value) && !alone(value.Value, at[0], at[1]) || !slices.ContainsFunc(m.on, version.Parse(tag).Equal) {
			continue
		}

		m.add(p, d, value, at[0], at[1], Label)
	}
}

// add notes a version inside a value, spelled as it is there.
func (m *mentions) add(p *page, d *source.Doc, n *yaml.Node, from, to int, form Form) {
	text, err := d.Scalar(n)
	if err != nil {
		p.lost(err)

		return
	}

	r := &Reference{Form: form, Image: m.app.kin.Web, Tag: n.Value[from:to]}
	r.at.tag = text.Span(from, to)
	r.at.spell = like(r.Tag)
	r.Components = m.componentsOf(p, d, n)

	if r = p.add(r); r.Form == form {
		m.scan.adopt(m.app, r)
	}
}

// like spells a tag as another one is spelled: with a v or without, with dots or dashes.
func like(old string) func(string) string {
	return func(tag string) string {
		if old[0] != 'v' && tag[0] == 'v' {
			tag = tag[1:]
		}

		if !strings.Contains(old, ".") {
			tag = strings.ReplaceAll(tag, ".", "-")
		}

		return tag
	}
}

// componentsOf goes by the containers of the object that a node stands in, as far as its lines tell.
func (m *mentions) componentsOf(p *page, _ *source.Doc, n *yaml.Node) []Component {
	if is := componentOf(n.Value); is != "" {
		return []Component{is}
	}

	if len(p.references) == 1 && p.references[0].Form == Container {
		return p.references[0].Components
	}

	if is := componentOf(strings.TrimSuffix(path.Base(p.path), path.Ext(p.path))); is != "" {
		return []Component{is}
	}

	return nil
}
