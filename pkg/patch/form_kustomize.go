package patch

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/patch/internal/source"
)

// kustomizeImages finds the entries under images: of kustomizations and components.
type kustomizeImages struct{}

// kustomize is what a kustomization does to images, in its own order.
type kustomize struct {
	images  []imageEntry
	patches []patchEntry
}

// imageEntry is one entry under images:. An entry for other software is kept too: it may rename what a family's entry matches.
type imageEntry struct {
	name, newName, newTag, digest string
	reference                     *Reference
}

func (kustomizeImages) find(p *page) {
	if !p.isKustomization() || len(p.docs) == 0 {
		return
	}

	d := p.docs[0]
	p.kustomize = &kustomize{images: p.imageEntries(d, d.Root), patches: p.patchEntries(d, d.Root)}

	for _, chart := range node.Items(node.Get(d.Root, "helmCharts")) {
		p.values(HelmValues, d, node.Get(chart, "valuesInline"))
	}
}

// imageEntries reads the list under images.
func (p *page) imageEntries(d *source.Doc, m *yaml.Node) []imageEntry {
	var entries []imageEntry

	for _, item := range node.Items(node.Get(m, "images")) {
		e := imageEntry{
			name: node.TextAt(item, "name"), newName: node.TextAt(item, "newName"),
			newTag: node.TextAt(item, "newTag"), digest: node.TextAt(item, "digest"),
		}

		if image := p.names.entryImage(e); image != "" {
			e.reference = p.imageEntry(d, item, image)
		}

		entries = append(entries, e)
	}

	return entries
}

// entryImage is the family's image that an entry decides: the new name if that is one, so that a placeholder may be renamed to it,
// else the name, so that one may be mirrored.
func (n *names) entryImage(e imageEntry) string {
	if image := n.canonical(e.newName); image != "" {
		return image
	}

	return n.canonical(e.name)
}

func (p *page) imageEntry(d *source.Doc, item *yaml.Node, image string) *Reference {
	r := &Reference{Form: KustomizeImage, Image: image}

	for _, key := range []string{"name", "newName"} {
		if n := node.Get(item, key); n != nil && p.names.canonical(n.Value) == image {
			if text, err := d.Scalar(n); err == nil {
				r.at.image = text.Span(0, len(n.Value))
			}
		}
	}

	if !p.separate(d, item, r, "newTag", "digest") {
		return nil
	}

	r.at.elsewhere = r.Tag == "" && r.Digest == ""

	return p.add(r)
}

// value is a scalar of a mapping, the empty text when there is none; not ok when its bytes are lost, which is noted.
func (p *page) value(d *source.Doc, m *yaml.Node, key string) (source.Text, bool) {
	n := node.Get(m, key)
	if n == nil || n.Kind != yaml.ScalarNode || n.Value == "" || n.Tag == yaml.NodeTagNull {
		return source.Text{}, true
	}

	text, err := d.Scalar(n)
	if err != nil {
		p.lost(err)
	}

	return text, err == nil
}

// tagValue reads a tag that stands by itself, perhaps with a digest.
func (p *page) tagValue(r *Reference, t source.Text) bool {
	s := t.String()
	if s == "" || p.names.anyTag(r, t, s) || r.read(t, 0) {
		return true
	}

	p.failf(t.Offset(0), "%q is no tag of %s", s, r.Image)

	return false
}

// anyTag reads tag or tag@digest.
func (n *names) anyTag(r *Reference, value source.Text, s string) bool {
	t, ok := wholeTail(":" + s)
	if !ok {
		return false
	}

	tag, digest := moved(t.tag, -1), moved(t.digest, -1)
	r.Tag, r.Digest = s[tag[0]:tag[1]], s[digest[0]:digest[1]]
	r.at.tag, r.at.digest = value.Span(tag[0], tag[1]), value.Span(digest[0], digest[1])

	return true
}

func (p *page) digestValue(r *Reference, t source.Text) bool {
	s := t.String()
	if s == "" {
		return true
	}

	if !isDigest(s) {
		p.failf(t.Offset(0), "%q is no digest: it must be sha256: and 64 hexadecimal digits", s)

		return false
	}

	r.Digest, r.at.digest = s, t.Span(0, len(s))

	return true
}
