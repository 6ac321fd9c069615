package patch

import (
	"strings"

	"github.com/goingdark-social/bot/internal/node"
)

// vars finds what an entry under vars: of the application's kustomizations, which came before replacements, takes a variable from.
func (s *scan) vars(a *app, name string, readers []*Reference) []*Reference {
	var found []*Reference

	for _, file := range a.files(s.layout) {
		if !(&page{path: file}).isKustomization() {
			continue
		}

		p := s.page(file, []byte("vars"))
		if p == nil || len(p.docs) == 0 {
			continue
		}

		for _, item := range node.Items(node.Get(p.docs[0].Root, "vars")) {
			if node.TextAt(item, "name") != name {
				continue
			}

			from := origin{
				kind: node.TextAt(item, "objref", "kind"), name: node.TextAt(item, "objref", "name"),
				field: strings.Split(node.TextAt(item, "fieldref", "fieldpath"), "."),
			}

			for _, r := range s.origins(a, from, readers[0].Image) {
				r.Form, r.at.spell = Variable, readers[0].at.spell
				found = append(found, r)
				a.fill("$("+name+")", r)
			}
		}
	}

	return found
}

// fill renders a version into the pods that read it.
func (a *app) fill(variable string, r *Reference) {
	for _, p := range a.pods() {
		if strings.Contains(p.tag, variable) {
			p.tag, p.decided = strings.Replace(p.tag, variable, r.Tag, 1), r
		}
	}
}
