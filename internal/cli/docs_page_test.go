package cli

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// docPage is one page of the documentation, as far as it can be held to something.
type docPage struct {
	name    string   // relative to the repository
	links   []string // to files of the repository, with their anchors
	anchors []string // of its headings, as GitHub names them
	blocks  []string // fenced
}

// documentation is every page that links lead to from the README, by name.
func documentation(t *testing.T) map[string]*docPage {
	t.Helper()

	pages := map[string]*docPage{}

	for todo := []string{"README.md"}; len(todo) > 0; todo = todo[1:] {
		if pages[todo[0]] != nil {
			continue
		}

		p := readDocPage(t, todo[0])
		pages[p.name] = p

		for _, link := range p.links {
			if file, _, _ := strings.Cut(link, "#"); strings.HasSuffix(file, ".md") {
				todo = append(todo, path.Join(path.Dir(p.name), file))
			}
		}
	}

	return pages
}

func readDocPage(t *testing.T, name string) *docPage {
	t.Helper()

	source, err := os.ReadFile(filepath.Join("../..", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}

	p, seen := &docPage{name: name}, map[string]int{}
	doc := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))

	err = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}

		switch n := n.(type) {
		case *ast.Link:
			p.link(string(n.Destination))
		case *ast.Image:
			p.link(string(n.Destination))
		case *ast.FencedCodeBlock:
			p.blocks = append(p.blocks, string(n.Lines().Value(source)))
		case *ast.Heading:
			p.anchors = append(p.anchors, anchorOf(plain(n, source), seen))
		}

		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}

	return p
}

// link keeps what leads to the repository itself.
func (p *docPage) link(to string) {
	if u, err := url.Parse(to); err == nil && u.Scheme == "" && u.Host == "" {
		p.links = append(p.links, u.Path+strings.TrimSuffix("#"+u.Fragment, "#"))
	}
}

// plain is the text of a heading.
func plain(n ast.Node, source []byte) string {
	var b strings.Builder

	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if words, ok := c.(*ast.Text); ok {
			b.Write(words.Value(source))
		}

		b.WriteString(plain(c, source))
	}

	return b.String()
}

// anchorOf is how GitHub names a heading.
func anchorOf(heading string, seen map[string]int) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		}

		return -1
	}, heading)

	n := seen[name]
	seen[name]++

	if n > 0 {
		return fmt.Sprintf("%s-%d", name, n)
	}

	return name
}
