package patch

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/pkg/patch/internal/source"
)

// readPage finds everything on one file that can be found by looking at it alone.
func readPage(name string, data []byte, n *names) (p *page) {
	p = newPage(name, data, n)

	defer func() {
		if r := recover(); r != nil {
			p.problems = append(p.problems, Problem{File: name, Message: fmt.Sprintf("can't be understood: %v", r), Fatal: true})
		}
	}()

	if !p.parse() {
		return p
	}

	for _, f := range forms() {
		f.find(p)
	}

	p.relabel()

	return p
}

// relabel names the form after the file where that says more: a manifest in JSON, a template that happens to parse.
func (p *page) relabel() {
	template := strings.Contains(p.path, "templates/") && p.isTemplate()

	for _, r := range p.references {
		switch {
		case r.Form != Container:
		case strings.HasSuffix(p.path, ".json"):
			r.Form = JSON
		case template:
			r.Form = HelmTemplate
		}
	}
}

// readPatch reads a file again that a kustomization names as a patch.
func readPatch(name string, data []byte, n *names) *page {
	p := newPage(name, data, n)
	p.patches = &patches{}

	if p.parse() {
		for _, d := range p.docs {
			p.patch(p.patches, d, d.Root)
		}

		literals{}.find(p)
	}

	return p
}

// parse reads the documents of a file that should have some. It tells false when nothing more can be found on the page.
func (p *page) parse() bool {
	p.docs, p.err = p.documents()
	if p.err != nil && p.fillable() {
		p.err = nil
	}

	if p.err != nil && p.names.named(p.text.String()) {
		p.unparsable("names", p.err)
	}

	return p.err == nil
}

// unparsable notes what can't be parsed although it names an image or decides its version.
func (p *page) unparsable(what string, err error) {
	if syntax, ok := errors.AsType[*source.SyntaxError](err); ok {
		p.failf(syntax.Offset, "%s an image but can't be parsed: %v", what, syntax)
	}
}

// undeciding notes a file that may decide the version of an application's images and can't be parsed.
func (p *page) undeciding(a *app) {
	if len(p.problems) > 0 {
		return // it names an image too
	}

	p.unparsable("may decide the version of", p.err)

	for i := range p.problems {
		p.problems[i].Application = a.name
	}
}

// documents is what a YAML or JSON file holds; nil for others.
func (p *page) documents() ([]*source.Doc, error) {
	switch {
	case p.isYAML():
		return source.ParseYAMLWith(p.text, p.mayName)
	case strings.HasSuffix(p.path, ".json"):
		return source.ParseJSON(p.text)
	default:
		return nil, nil
	}
}
