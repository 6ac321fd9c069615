package patch

import (
	"bytes"
	"path"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/patch/internal/source"
)

// replacements finds the sources from which kustomizations of an application take the version of its images.
func (s *scan) replacements() {
	for _, a := range s.apps {
		for _, file := range a.files(s.layout) {
			if p := (&page{path: file}); !p.isKustomization() {
				continue
			}

			p := s.page(file, []byte("replacements"))
			if p == nil || len(p.docs) == 0 {
				continue
			}

			for _, item := range node.Items(node.Get(p.docs[0].Root, "replacements")) {
				s.replacement(a, p, item)
			}
		}
	}
}

func (s *scan) replacement(a *app, p *page, item *yaml.Node) {
	if file := node.TextAt(item, "path"); file != "" {
		if other := s.page(path.Join(path.Dir(p.path), file), nil); other != nil {
			for _, d := range other.docs {
				for _, nested := range append(node.Items(d.Root), d.Root) {
					if nested.Kind == yaml.MappingNode && node.TextAt(nested, "path") == "" {
						s.replacement(a, p, nested)
					}
				}
			}
		}

		return
	}

	pods := a.targeted(node.Items(node.Get(item, "targets")))
	if len(pods) == 0 {
		return
	}

	for _, r := range s.origins(a, newOrigin(node.Get(item, "source")), pods[0].named.Image) {
		for _, pod := range pods {
			r.Components = addComponents(r.Components, pod.is()...)
			pod.tag, pod.digest, pod.decided = r.Tag, r.Digest, r
		}

		s.adopt(a, r)
	}
}

var fieldOfImage = lazyre.New(`(?:^|\.)(containers|initContainers|ephemeralContainers)\.(?:\[name=([^\]]+)\]|(\d+)|\*)\.image$`)

// targeted is the pods whose images a replacement's targets set.
func (a *app) targeted(targets []*yaml.Node) []*pod {
	var found []*pod

	for _, target := range targets {
		choose := newSelector(node.Get(target, "select"))

		for _, field := range node.Items(node.Get(target, "fieldPaths")) {
			m := fieldOfImage.FindStringSubmatch(field.Value)
			if m == nil {
				continue
			}

			for _, p := range a.pods() {
				if p.named != nil && choose != nil && choose.chooses(p.object) && p.list == m[1] &&
					(m[2] == "" || m[2] == p.name) && (m[3] == "" || m[3] == strconv.Itoa(p.index)) {
					found = append(found, p)
				}
			}
		}
	}

	return found
}

// origin is where a kustomization takes a value from: a field of an object, or what a generator makes of it.
type origin struct {
	kind, name string
	field      []string
	delimiter  string // of the parts of the value; "" takes all of it
	index      int
}

func newOrigin(from *yaml.Node) origin {
	o := origin{
		kind: node.TextAt(from, "kind"), name: node.TextAt(from, "name"), field: strings.Split(node.TextAt(from, "fieldPath"), "."),
		delimiter: node.TextAt(from, "options", "delimiter"),
	}

	if i, err := strconv.Atoi(node.TextAt(from, "options", "index")); err == nil {
		o.index = i
	}

	return o
}

// origins finds the values that an origin names in the files of an application.
func (s *scan) origins(a *app, from origin, image string) []*Reference {
	var (
		found  []*Reference
		broken []*page
	)

	for _, file := range a.files(s.layout) {
		q := &page{path: file}
		if !q.isYAML() {
			continue
		}

		p := s.page(file, []byte(from.name))
		if p == nil {
			continue
		}

		if p.err != nil && bytes.Contains(p.data, []byte(from.name)) {
			broken = append(broken, p)
		}

		for _, d := range p.docs {
			text, ok := p.sourceText(d, from)
			if !ok {
				continue
			}

			if r := p.replacementValue(text, from, image); r != nil && !slices.Contains(found, r) {
				found = append(found, r)
			}
		}
	}

	if len(found) == 0 {
		for _, p := range broken {
			p.undeciding(a)
		}
	}

	return found
}

// sourceText is the scalar that a source names in a document.
func (p *page) sourceText(d *source.Doc, from origin) (source.Text, bool) {
	if p.isKustomization() {
		for _, key := range []string{"configMapGenerator", "secretGenerator"} {
			for _, g := range node.Items(node.Get(d.Root, key)) {
				if node.TextAt(g, "name") == from.name {
					return p.generated(d, g, from.field[len(from.field)-1])
				}
			}
		}

		return source.Text{}, false
	}

	if node.TextAt(d.Root, "kind") != from.kind || node.TextAt(d.Root, "metadata", "name") != from.name {
		return source.Text{}, false
	}

	n := node.Get(d.Root, from.field...)
	if n == nil || n.Kind != yaml.ScalarNode {
		return source.Text{}, false
	}

	text, err := d.Scalar(n)
	if err != nil {
		p.lost(err)
	}

	return text, err == nil
}

// generated is the value of a generator's literal.
func (p *page) generated(d *source.Doc, generator *yaml.Node, key string) (source.Text, bool) {
	for _, literal := range node.Items(node.Get(generator, "literals")) {
		if !strings.HasPrefix(literal.Value, key+"=") {
			continue
		}

		text, err := d.Scalar(literal)
		if err != nil {
			p.lost(err)

			return source.Text{}, false
		}

		return text.Slice(len(key)+1, len(literal.Value)), true
	}

	return source.Text{}, false
}

// replacementValue reads the part of a source that is used: a tag, or an image.
func (p *page) replacementValue(t source.Text, from origin, image string) *Reference {
	if from.delimiter != "" {
		t = part(t, from.delimiter, from.index)
	}

	if strings.Contains(t.String(), "/") {
		if r := p.image(KustomizeReplacement, t); r != nil {
			r.Form = KustomizeReplacement

			return r
		}

		return nil
	}

	r := &Reference{Form: KustomizeReplacement, Image: image}
	if t.String() == "" || !p.names.anyTag(r, t, t.String()) {
		return nil
	}

	r = p.add(r)
	r.Form = KustomizeReplacement

	return r
}

func part(t source.Text, delimiter string, index int) source.Text {
	from := 0

	for ; index > 0; index-- {
		i := strings.Index(t.String()[from:], delimiter)
		if i < 0 {
			return t.Slice(0, 0)
		}

		from += i + len(delimiter)
	}

	to := len(t.String())
	if i := strings.Index(t.String()[from:], delimiter); i >= 0 {
		to = from + i
	}

	return t.Slice(from, to)
}
