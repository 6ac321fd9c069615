package patch

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/internal/weigh"
	"github.com/goingdark-social/bot/pkg/layout"
	"github.com/goingdark-social/bot/pkg/version"
)

// documents looks into Markdown once the applications are known, and adds what names their versions.
func (s *scan) documents() {
	if len(s.apps) == 0 {
		return
	}

	for _, p := range append(s.markdown, s.otherDocuments()...) {
		if history(p.path) && !s.noted(p.path) {
			continue
		}

		if large := tooMuch(p.data); large != "" {
			s.problems = append(s.problems, Problem{File: p.path, Message: large + " for a document and is not looked into"})

			continue
		}

		d := readDocument(p.text)
		d.named = s.namedBy(p, d)

		for _, a := range s.apps {
			if admits := s.concerns(a, p, d); admits != nil {
				s.describe(a, p, d, admits)
			}
		}
	}
}

const (
	// maxDocument is the size up to which Markdown is parsed, in bytes.
	maxDocument = 4 << 20
	// maxSteps is how much work that may be, about: some seconds.
	maxSteps = 1_000_000_000
)

// tooMuch says why a document is not parsed; "" when it is.
func tooMuch(data []byte) string {
	switch {
	case len(data) > maxDocument:
		return "is too large"
	case weigh.Markdown(data) > maxSteps:
		return "has too many marks in one paragraph or quotations and lists in each other"
	default:
		return ""
	}
}

// otherDocuments reads documents that do not speak of Mastodon: those in an application's folder, and all that name an application's
// folder when that is not called after Mastodon.
func (s *scan) otherDocuments() []*page {
	var dirs []string

	for _, a := range s.apps {
		for _, dir := range a.roots() {
			if dir != "." && !ownName.MatchString(dir) {
				dirs = append(dirs, dir)
			}
		}
	}

	var pages []*page

	for _, file := range slices.Sorted(slices.Values(s.others)) {
		inside := slices.ContainsFunc(s.apps, func(a *app) bool {
			return a.notedBy(file) || slices.ContainsFunc(a.roots(), func(dir string) bool { return layout.Within(dir, file) })
		})
		if !inside && len(dirs) == 0 {
			continue
		}

		data, err := fs.ReadFile(s.fsys, file)
		if err == nil && (inside || slices.ContainsFunc(dirs, func(dir string) bool { return bytes.Contains(data, []byte(dir)) })) {
			pages = append(pages, newPage(file, data, s.names))
		}
	}

	return pages
}

func (s *scan) describe(a *app, p *page, d *document, admits func(*block) bool) {
	n := notes{family: a.kin, on: a.fixed()}
	if len(a.refs) > 0 && len(a.refs[0].families) > 0 {
		n.web = a.refs[0].families[0].Web
	}

	a.notes = append(a.notes, p.path)
	a.take(n.find(p, d, admits)...)

	if s.byPath[p.path] == nil {
		s.byPath[p.path] = p
	}
}

// fixed is the complete versions that the application's references name.
func (a *app) fixed() []version.Version {
	var all []version.Version

	for _, r := range a.refs {
		if r.Form != Markdown && r.Form != Name && r.Form != Label && r.Version().Fixed() {
			all = appendVersion(all, r)
		}
	}

	return all
}

// noted tells a document that policy calls notes.
func (s *scan) noted(file string) bool {
	return slices.ContainsFunc(s.apps, func(a *app) bool { return a.notedBy(file) })
}

func (a *app) notedBy(file string) bool {
	return a.config != nil && slices.ContainsFunc(a.config.Notes, func(glob string) bool { return globMatch(glob, file) })
}

// concerns tells whether a document is about an application, and which of its blocks are: one that policy names, one whose fenced
// blocks name the application's paths, one inside its folder, or one that names the images when there is one application alone. A
// document about several is theirs block by block. Nil means that it is not about it.
func (s *scan) concerns(a *app, p *page, d *document) func(*block) bool {
	if a.config != nil && len(a.config.Notes) > 0 {
		if a.notedBy(p.path) {
			return func(*block) bool { return true }
		}

		return nil
	}

	if a.excluded(p.path) {
		return nil
	}

	switch named := d.named; {
	case len(named) > 1 && slices.Contains(named, a):
		return func(b *block) bool { return b != nil && slices.Equal(s.owners(p, b), []*app{a}) }
	case len(named) == 1 && named[0] == a, len(named) == 0 && s.houses(a, p, d):
		return func(*block) bool { return true }
	default:
		return nil
	}
}

// houses tells a document that lies in the application's own folder, or names its image in a tree with one application.
func (s *scan) houses(a *app, p *page, d *document) bool {
	if owner, shared := s.holder(p.path); owner == a && !shared && slices.ContainsFunc(a.roots(), func(dir string) bool {
		return layout.Within(dir, p.path)
	}) {
		return true
	}

	return len(s.apps) == 1 && slices.ContainsFunc(d.code(), func(code string) bool { return len(p.names.find(code)) > 0 })
}

func (d *document) code() []string {
	code := slices.Clone(d.inline)
	for _, b := range d.blocks {
		code = append(code, b.lines...)
	}

	return code
}

// namedBy is the applications whose paths the fenced blocks of a document name.
func (s *scan) namedBy(p *page, d *document) []*app {
	var named []*app

	for _, b := range d.blocks {
		for _, a := range s.owners(p, b) {
			if !slices.Contains(named, a) {
				named = append(named, a)
			}
		}
	}

	return named
}

var pathLike = lazyre.New(`[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+`)

// owners is the applications whose paths a fenced block names.
func (s *scan) owners(p *page, b *block) []*app {
	var found []*app

	for _, line := range append(slices.Clone(b.lines), b.info) {
		for _, name := range pathLike.FindAllString(line, -1) {
			if a := s.pathOwner(p, path.Clean(name)); a != nil && !slices.Contains(found, a) {
				found = append(found, a)
			}
		}
	}

	return found
}

// pathOwner finds the application of a path: from the repository's root, from the document's folder, or by its tail when only a part
// of the repository is at hand.
func (s *scan) pathOwner(p *page, name string) *app {
	candidates := []string{name, path.Join(path.Dir(p.path), name)}
	for tail := name; strings.Count(tail, "/") > 1; {
		_, tail, _ = strings.Cut(tail, "/")
		candidates = append(candidates, tail)
	}

	for i, candidate := range candidates {
		for _, a := range s.apps {
			for _, dir := range a.roots() {
				inside := dir != "." && layout.Within(dir, candidate)
				if (inside && i < 2) || (inside || dir == ".") && s.layout.Has(candidate) {
					if owner, shared := s.holder(candidate); owner != nil && !shared {
						return owner
					}
				}
			}
		}
	}

	return nil
}

var pathCommentLine = lazyre.New(`^\s*#\s*([A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*\.ya?ml)\s*$`)

// pathComment is the path of a line that is a comment with nothing else in it.
func pathComment(line string) string {
	if m := pathCommentLine.FindStringSubmatch(line); m != nil {
		return m[1]
	}

	return ""
}
