package patch

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/pkg/patch/internal/source"
)

// page is one file while it is read, and what was found on it.
type page struct {
	path  string
	data  []byte
	names *names
	text  source.Text
	docs  []*source.Doc // of a YAML or JSON file
	err   error         // why there are none although there should be

	references []*Reference
	problems   []Problem
	objects    []*object
	kustomize  *kustomize
	patches    *patches // of a file that a kustomization names as a patch

	engineObjects []engineObject
	podImages     map[*yaml.Node]bool // fields that were read as a container's image

	lines   []int // where each line starts, when asked for
	last    cursor
	claimed map[int]*Reference
}

func newPage(name string, data []byte, n *names) *page {
	return &page{path: name, data: data, names: n, text: source.Whole(data), claimed: map[int]*Reference{}, podImages: map[*yaml.Node]bool{}}
}

func (p *page) base() string { return path.Base(p.path) }

func (p *page) isYAML() bool {
	return strings.HasSuffix(p.path, ".yaml") || strings.HasSuffix(p.path, ".yml") || p.isKustomization()
}

func (p *page) isKustomization() bool {
	return slices.Contains([]string{"kustomization.yaml", "kustomization.yml", "Kustomization"}, p.base())
}

func isMarkdown(name string) bool {
	return strings.HasSuffix(name, ".md") || strings.HasSuffix(name, ".markdown") || strings.HasSuffix(name, ".mdx")
}

func comparePages(a, b *page) int { return cmp.Compare(a.path, b.path) }

// position is the line and column of a byte, as an editor counts them.
func (p *page) position(offset int) (line, column int) {
	if p.lines == nil {
		p.lines = []int{0}

		for i := 0; ; {
			n := bytes.IndexByte(p.data[i:], '\n')
			if n < 0 {
				break
			}

			i += n + 1
			p.lines = append(p.lines, i)
		}
	}

	line = sort.SearchInts(p.lines, offset+1)
	start := p.lines[line-1]

	if line == 1 && bytes.HasPrefix(p.data, []byte("\ufeff")) {
		start = min(offset, len("\ufeff"))
	}

	if p.last.line != line || p.last.offset > offset {
		p.last = cursor{line: line, offset: start, column: 1}
	}

	p.last.column += utf8.RuneCount(p.data[p.last.offset:offset])
	p.last.offset = offset

	return line, p.last.column
}

// cursor is the position that was asked for last: the next one on the same line is counted from there.
type cursor struct{ line, offset, column int }

// add notes a reference whose bytes are known. The version's bytes are claimed by one reference alone: a place that an alias leads to
// twice is one, with the components of both.
func (p *page) add(r *Reference) *Reference {
	at := r.at.version()

	if have, ok := p.claimed[at.Start]; ok {
		have.Components = addComponents(have.Components, r.Components...)

		return have
	}

	r.File = p.path
	r.Line, r.Column = p.position(at.Start)
	r.Components = addComponents(r.Components)
	r.families, r.streaming = p.names.familiesOf(r.Image), p.names.streaming(r.Image)
	p.claimed[at.Start] = r
	p.references = append(p.references, r)

	return r
}

// fail notes a problem that keeps the file's application from being moved.
func (p *page) failf(offset int, format string, args ...any) {
	line, _ := p.position(min(offset, len(p.data)))
	p.problems = append(p.problems, Problem{File: p.path, Line: line, Message: fmt.Sprintf(format, args...), Fatal: true})
}

// image reads a text that should be an image, whole. It gives nil when it is no image of a family.
func (p *page) image(form Form, t source.Text) *Reference {
	s, ok := split(t.String())
	if !ok {
		return nil
	}

	image := p.names.canonical(s.part(t.String(), s.name))
	if image == "" {
		return nil
	}

	return p.spelled(form, t, s, image)
}

// spelled makes a reference of an image that was taken apart.
func (p *page) spelled(form Form, t source.Text, s spelled, image string) *Reference {
	r := &Reference{
		Form: form, Image: image, Tag: s.part(t.String(), s.tag), Digest: s.part(t.String(), s.digest),
		at: place{image: t.Span(s.name[0], s.name[1]), tag: t.Span(s.tag[0], s.tag[1]), digest: t.Span(s.digest[0], s.digest[1])},
	}

	if s.rest != "" && (s.rest[0] != ':' || !r.read(t.Slice(0, s.name[1]+len(s.rest)), s.name[1]+1)) {
		p.failf(r.at.image.Start, "%s is followed by %q, which is no tag and no digest: write image:tag, image@sha256:… or both",
			image, s.rest)

		return nil
	}

	return p.add(r)
}

// mayName tells cheaply whether a text can hold an image of a family.
func (p *page) mayName(s string) bool {
	for _, needle := range p.names.needles {
		if strings.Contains(s, string(needle)) {
			return true
		}
	}

	return false
}

// lost notes a place whose bytes can't be told for sure.
func (p *page) lost(err error) {
	if lost, ok := errors.AsType[*source.LostError](err); ok {
		p.failf(lost.Offset, "%v: write the value on one line, in plain style or in quotes", err)
	}
}
