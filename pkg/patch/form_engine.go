package patch

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/patch/internal/source"
)

// engines finds what the objects of Argo CD and Flux decide about the folders and charts that they apply.
type engines struct{}

// engineObject is such an object, and what it does to what its folder renders.
type engineObject struct {
	kind       string
	line       int // as the layout counts
	does       *kustomize
	references []*Reference // that it holds
	objects    []*object    // what they decide
}

func (engines) find(p *page) {
	for _, d := range p.docs {
		p.engines(d, d.Root)

		for _, item := range node.Items(node.Get(d.Root, "items")) {
			p.engines(d, item)
		}
	}
}

func (p *page) engines(d *source.Doc, m *yaml.Node) {
	references, objects := len(p.references), len(p.objects)
	e := engineObject{kind: node.TextAt(m, "kind"), does: &kustomize{}}
	group, _, _ := strings.Cut(node.TextAt(m, "apiVersion"), "/")
	spec := node.Get(m, "spec")

	switch {
	case group == "argoproj.io" && e.kind == "Application":
		p.sources(d, spec, e.does)
	case group == "argoproj.io" && e.kind == "ApplicationSet":
		p.sources(d, node.Get(spec, "template", "spec"), e.does)
	case strings.HasSuffix(group, "toolkit.fluxcd.io") && e.kind == "Kustomization":
		e.does.images = p.imageEntries(d, spec)
		e.does.patches = p.patchEntries(d, spec)
	case strings.HasSuffix(group, "toolkit.fluxcd.io") && e.kind == "HelmRelease":
		p.values(HelmValues, d, node.Get(spec, "values"))

		for _, renderer := range node.Items(node.Get(spec, "postRenderers")) {
			e.does.images = append(e.does.images, p.imageEntries(d, node.Get(renderer, "kustomize"))...)
			e.does.patches = append(e.does.patches, p.patchEntries(d, node.Get(renderer, "kustomize"))...)
		}

		p.unrendered(e.does)
	default:
		return
	}

	start, _ := d.Start(m)
	e.line, _ = p.position(start)
	e.references = slices.Clone(p.references[references:])
	e.objects = slices.Clone(p.objects[objects:])
	p.objects = p.objects[:objects]
	p.engineObjects = append(p.engineObjects, e)
}

// unrendered counts entries whose pods can't be known, those of a chart, as deciders.
func (p *page) unrendered(k *kustomize) {
	for _, e := range k.images {
		if e.reference != nil && !e.reference.at.elsewhere {
			e.reference.Components = addComponents(e.reference.Components, valueComponents(e.reference, nil)...)
			p.decider(e.reference)
		}
	}
}

// sources reads an Application's source and sources.
func (p *page) sources(d *source.Doc, spec *yaml.Node, does *kustomize) {
	for _, s := range append(node.Items(node.Get(spec, "sources")), node.Get(spec, "source")) {
		p.values(ArgoCD, d, node.Get(s, "helm", "valuesObject"))
		p.parameters(d, node.Items(node.Get(s, "helm", "parameters")))

		if n := node.Get(s, "helm", "values"); n != nil && n.Kind == yaml.ScalarNode && p.mayName(n.Value) {
			p.valuesText(d, n)
		}

		for _, n := range node.Items(node.Get(s, "kustomize", "images")) {
			if e, ok := p.imageOverride(d, n); ok {
				does.images = append(does.images, e)
			}
		}

		does.patches = append(does.patches, p.patchEntries(d, node.Get(s, "kustomize"))...)
	}
}

// valuesText reads values that stand in a string.
func (p *page) valuesText(d *source.Doc, n *yaml.Node) {
	text, err := d.Scalar(n)
	if err != nil {
		p.lost(err)

		return
	}

	docs, err := source.ParseYAML(text)
	if err != nil && !strings.Contains(n.Value, "{{") {
		p.unparsable("the values name", err)
	}

	for _, inner := range docs {
		p.values(ArgoCD, inner, inner.Root)
	}
}

// imageOverride reads "[name=]image:tag".
func (p *page) imageOverride(d *source.Doc, n *yaml.Node) (imageEntry, bool) {
	if n == nil || n.Kind != yaml.ScalarNode || !p.mayName(n.Value) {
		return imageEntry{}, false
	}

	text, err := d.Scalar(n)
	if err != nil {
		p.lost(err)

		return imageEntry{}, false
	}

	name, from := "", 0
	if before, _, found := strings.Cut(n.Value, "="); found {
		name, from = before, len(before)+1
	}

	r := p.image(ArgoCD, text.Slice(from, len(n.Value)))
	if r == nil {
		return imageEntry{}, false
	}

	r.at.elsewhere = r.Tag == "" && r.Digest == ""
	e := imageEntry{name: name, newName: r.Image, newTag: r.Tag, digest: r.Digest, reference: r}

	if name == "" {
		e.name = r.Image
	}

	return e, true
}

// parameters reads helm.parameters: names are paths of values, and those of one image share the beginning.
func (p *page) parameters(d *source.Doc, list []*yaml.Node) {
	fields := map[string]*yaml.Node{}
	for _, item := range list {
		fields[node.TextAt(item, "name")] = node.Get(item, "value")
	}

	for _, item := range list {
		name := node.TextAt(item, "name")

		switch prefix, last := cutLast(name); {
		case strings.HasSuffix(strings.ToLower(last), "image") && fields[name] != nil:
			p.parameterImage(d, name, fields[name])
		case last == "repository":
			p.parameterFields(d, prefix, fields)
		}
	}
}

func cutLast(name string) (prefix, last string) {
	i := strings.LastIndexByte(name, '.')

	return name[:i+1], name[i+1:]
}

func (p *page) parameterImage(d *source.Doc, name string, n *yaml.Node) {
	text, err := d.Scalar(n)
	if err != nil {
		p.lost(err)
	} else if r := p.image(ArgoCD, text); r != nil {
		p.parameterFound(r, name)
	}
}

func (p *page) parameterFields(d *source.Doc, prefix string, fields map[string]*yaml.Node) {
	repository := fields[prefix+"repository"]
	if repository == nil {
		return
	}

	full := repository.Value
	if registry := fields[prefix+"registry"]; registry != nil {
		full = registry.Value + "/" + full
	}

	image := p.names.canonical(full)
	if image == "" {
		return
	}

	r := &Reference{Form: ArgoCD, Image: image}

	for key, read := range map[string]func(*Reference, source.Text) bool{"tag": p.tagValue, "digest": p.digestValue} {
		n := fields[prefix+key]
		if n == nil || n.Value == "" {
			continue
		}

		text, err := d.Scalar(n)
		if err != nil {
			p.lost(err)

			return
		}

		if !read(r, text) {
			return
		}
	}

	if r.Tag != "" || r.Digest != "" {
		p.parameterFound(p.add(r), prefix)
	}
}

func (p *page) parameterFound(r *Reference, path string) {
	r.at.elsewhere = r.Tag == "" && r.Digest == ""
	r.Components = addComponents(r.Components, valueComponents(r, strings.Split(path, "."))...)
	p.decider(r)
}
