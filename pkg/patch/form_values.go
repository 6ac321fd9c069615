package patch

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/patch/internal/source"
	"github.com/goingdark-social/bot/pkg/version"
)

// values finds images in files of values, and in custom resources that have them in the same shape. The values that engines and
// kustomizations carry are found by their forms.
type values struct{}

func (values) find(p *page) {
	for _, d := range p.docs {
		switch {
		case p.isKustomization() || p.base() == "Chart.yaml" || node.Get(d.Root, "services") != nil:
		case isObject(d.Root):
			p.fieldsOf(d)
		default:
			from := len(p.references)
			p.values(HelmValues, d, d.Root)

			for _, r := range p.references[from:] {
				r.at.weak = !strings.Contains(p.base(), "values")
			}
		}
	}
}

// fieldsOf reads images of custom resources that are taken apart as values are. Without a tag beside it a repository is no image.
func (p *page) fieldsOf(d *source.Doc) {
	if o := newObject(d.Root); !o.engine() {
		w := valuesWalk{page: p, doc: d, form: Container, seen: map[*yaml.Node]bool{}, strict: true}
		w.node(d.Root, nil)
	}
}

// values reads one tree of values.
func (p *page) values(form Form, d *source.Doc, root *yaml.Node) {
	if root == nil {
		return
	}

	w := valuesWalk{page: p, doc: d, form: form, seen: map[*yaml.Node]bool{}, registry: globalRegistry(root)}
	w.node(root, nil)
	w.rest(root)
}

// valuesWalk visits each mapping of values once.
type valuesWalk struct {
	page     *page
	doc      *source.Doc
	form     Form
	seen     map[*yaml.Node]bool
	registry string // for all images of the chart
	strict   bool   // only images that are taken apart, and only with a version
	web      string // the web image of the family that was named
}

func globalRegistry(root *yaml.Node) string {
	for _, path := range [][]string{{"global", "imageRegistry"}, {"global", "image", "registry"}, {"global", "registry"}} {
		if r := node.TextAt(root, path...); r != "" {
			return r
		}
	}

	return ""
}

func (w *valuesWalk) node(n *yaml.Node, path []string) {
	n = node.Deref(n)
	if n == nil || n.Kind == yaml.ScalarNode || w.seen[n] {
		return
	}

	w.seen[n] = true

	if n.Kind == yaml.SequenceNode {
		for _, item := range n.Content {
			w.node(item, path)
		}

		return
	}

	w.split(n, path)

	for k, v := range source.Pairs(n) {
		if v = node.Deref(v); !w.strict && v != nil && !w.page.podImages[v] && v.Kind == yaml.ScalarNode && strings.HasSuffix(strings.ToLower(k.Value), "image") && w.page.mayName(v.Value) {
			w.image(v, append(slices.Clone(path), k.Value))
		}

		w.node(v, append(slices.Clone(path), k.Value))
	}
}

// image reads "image: repo:tag". One without a tag may have it in a field beside, or have the chart's.
func (w *valuesWalk) image(n *yaml.Node, path []string) {
	text, err := w.doc.Scalar(n)
	if err != nil {
		w.page.lost(err)

		return
	}

	if r := w.page.image(w.form, text); r != nil {
		r.at.elsewhere = r.Tag == "" && r.Digest == ""
		w.found(r, path)
	}
}

var (
	repositoryKeys = []string{"repository", "repo", "image", "name"}
	tagKeys        = []string{"tag", "version", "imageTag"}
)

// split reads repository, registry, tag and digest as fields of one mapping.
func (w *valuesWalk) split(m *yaml.Node, path []string) {
	for _, key := range repositoryKeys {
		n := node.Get(m, key)
		if n == nil || n.Kind != yaml.ScalarNode || strings.ContainsAny(n.Value, ":@ ") {
			continue
		}

		versioned := slices.ContainsFunc(append(tagKeys, "digest"), func(key string) bool { return node.TextAt(m, key) != "" })
		if !versioned && (w.strict || key == "image" || key == "name") {
			continue
		}

		if image := w.page.names.canonical(w.full(m, n.Value)); image != "" {
			w.fields(m, n, image, path)

			return
		}
	}
}

// full is a repository with its registry.
func (w *valuesWalk) full(m *yaml.Node, repository string) string {
	for _, registry := range []string{node.TextAt(m, "registry"), w.registry} {
		if registry != "" && !strings.HasPrefix(repository, registry+"/") {
			return strings.TrimSuffix(registry, "/") + "/" + repository
		}
	}

	return repository
}

func (w *valuesWalk) fields(m, repository *yaml.Node, image string, path []string) {
	r := &Reference{Form: w.form, Image: image}

	if text, err := w.doc.Scalar(repository); err == nil {
		r.at.image = text.Span(0, len(repository.Value))
	}

	tagKey := tagKeys[0]
	for _, key := range tagKeys {
		if node.Get(m, key) != nil {
			tagKey = key

			break
		}
	}

	if w.page.separate(w.doc, m, r, tagKey, "digest") {
		r.at.elsewhere = r.Tag == "" && r.Digest == ""
		w.found(w.page.add(r), path)
	}
}

// separate reads a tag and a digest that are values of their own.
func (p *page) separate(d *source.Doc, m *yaml.Node, r *Reference, tagKey, digestKey string) bool {
	tag, ok := p.value(d, m, tagKey)
	if !ok || !p.tagValue(r, tag) {
		return false
	}

	joined := r.Digest != ""

	digest, ok := p.value(d, m, digestKey)
	if !ok || !p.digestValue(r, digest) {
		return false
	}

	r.at.fields = p.fields(d, m, tagKey, digestKey)
	r.at.fields.joined = joined

	return true
}

// found says what a value decides: the part that its path names, else all that a chart runs from the image.
func (w *valuesWalk) found(r *Reference, path []string) {
	for _, f := range w.page.names.familiesOf(r.Image) {
		if w.web == "" {
			w.web = f.Web
		}
	}

	r.Components = addComponents(r.Components, valueComponents(r, path)...)
	w.page.decider(r)
}

func valueComponents(r *Reference, path []string) []Component {
	if r.streaming {
		return []Component{Streaming}
	}

	for _, key := range slices.Backward(path) {
		if is := componentOf(key); is != "" {
			return []Component{is}
		}
	}

	return []Component{Web, Sidekiq, Migrate}
}

// restPaths are the places where a chart's values give a version and leave the repository to the chart.
var restPaths = [][]string{
	{"image"},
	{"global", "image"},
	{"global", "mastodon", "image"},
	{"global"},
	{"mastodon", "image"},
	{"mastodon", "streaming", "image"},
	{"streaming", "image"},
	{"mastodon", "web", "image"},
	{"mastodon", "sidekiq", "image"},
}

// rest finds versions without a repository in values that name the family elsewhere.
func (w *valuesWalk) rest(root *yaml.Node) {
	if w.web == "" {
		return
	}

	for _, path := range restPaths {
		m := node.Get(root, path...)
		if m == nil || slices.ContainsFunc(repositoryKeys, func(key string) bool { return node.TextAt(m, key) != "" }) {
			continue
		}

		key := "tag"
		if path[len(path)-1] == "global" {
			key = "imageTag"
		}

		if version.Parse(node.TextAt(m, key)).Kind() == version.Unknown {
			continue
		}

		r := &Reference{Form: w.form, Image: w.web}
		if slices.Contains(path, "streaming") {
			if f := w.page.names.familiesOf(w.web); f[0].Streaming != "" {
				r.Image = f[0].Streaming
			}
		}

		if w.page.separate(w.doc, m, r, key, "digest") {
			w.found(w.page.add(r), path)
		}
	}
}
