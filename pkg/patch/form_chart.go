package patch

import (
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/layout"
	"github.com/goingdark-social/bot/pkg/version"
)

// charts finds what decides versions in charts of the tree without naming an image: the value that a template reads, and appVersion.
func (s *scan) charts() {
	for _, a := range s.apps {
		for _, r := range slices.Clone(a.refs) {
			if m := valuesPath.FindStringSubmatch(r.Tag); m != nil {
				s.templateValue(a, r, strings.Split(m[1], "."))
			}
		}

		for _, file := range s.layout.Files() {
			if path.Base(file) == "Chart.yaml" && (a.reaches(file) || a.holds(file) >= 0) && !a.excluded(file) {
				s.appVersion(a, file)
			}
		}
	}
}

var valuesPath = lazyre.New(`^v?\{\{-?\s*\.Values\.([A-Za-z0-9_.]+)`)

// templateValue finds the value that a template puts behind an image, in the values of its chart.
func (s *scan) templateValue(a *app, r *Reference, keys []string) {
	file := path.Join(path.Dir(path.Dir(r.File)), "values.yaml")

	p := s.page(file, nil)
	if p != nil && p.err != nil {
		p.undeciding(a)
	}

	if p == nil || len(p.docs) == 0 {
		return
	}

	n := node.Get(p.docs[0].Root, keys...)
	if n == nil || n.Kind != yaml.ScalarNode || n.Value == "" {
		return
	}

	text, err := p.docs[0].Scalar(n)
	if err != nil {
		p.lost(err)

		return
	}

	v := &Reference{Form: HelmValues, Image: r.Image, Components: r.Components}
	if !p.tagValue(v, text) {
		return
	}

	if strings.HasPrefix(r.Tag, "v") {
		v.at.spell = withoutV
	}

	s.adopt(a, p.add(v))
}

// adopt gives an application a reference that was found because of it.
func (s *scan) adopt(a *app, r *Reference) {
	if r.app != a {
		r.family = a.kin
		a.take(r)
	}
}

// appVersion reads Chart.yaml: it names the release when it is a version that the application is on, or when the chart's images have
// no tag of their own.
func (s *scan) appVersion(a *app, file string) {
	inside := slices.DeleteFunc(slices.Clone(a.refs), func(r *Reference) bool { return !layout.Within(path.Dir(file), r.File) })
	if len(inside) == 0 {
		return
	}

	p := s.page(file, []byte("appVersion"))
	if p != nil && p.err != nil && slices.ContainsFunc(inside, func(r *Reference) bool { return strings.Contains(r.Tag, ".AppVersion") }) {
		p.undeciding(a)
	}

	if p == nil || len(p.docs) == 0 {
		return
	}

	n := node.Get(p.docs[0].Root, "appVersion")
	if n == nil || n.Kind != yaml.ScalarNode || !version.Parse(n.Value).Fixed() {
		return
	}

	open := slices.DeleteFunc(inside, func(r *Reference) bool { return !r.at.elsewhere })
	if len(open) == 0 && !slices.ContainsFunc(a.fixed(), version.Parse(n.Value).Equal) {
		return
	}

	text, err := p.docs[0].Scalar(n)
	if err != nil {
		p.lost(err)

		return
	}

	r := &Reference{Form: HelmValues, Image: a.kin.Web, Tag: n.Value}
	r.at.tag = text.Span(0, len(n.Value))

	if n.Value[0] != 'v' {
		r.at.spell = withoutV
	}

	for _, o := range open {
		r.Components = addComponents(r.Components, o.Components...)
	}

	s.adopt(a, p.add(r))
}
