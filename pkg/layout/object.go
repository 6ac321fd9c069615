package layout

import (
	"bytes"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/internal/node"
)

// Object is what tells an engine to apply a folder.
type Object struct {
	Kind, Name string // Application, ApplicationSet, Kustomization, HelmRelease
	File       string
	Line       int

	paths []string // folders, possibly with * in them
	not   []string // folders of these that are left out
	files []string // values files that it reads
}

var engines = [][]byte{[]byte("argoproj.io/"), []byte("kustomize.toolkit.fluxcd.io/"), []byte("helm.toolkit.fluxcd.io/")}

// namesFolders tells without parsing whether a file may hold an object of an engine.
func namesFolders(data []byte) bool {
	for _, engine := range engines {
		if bytes.Contains(data, engine) {
			return true
		}
	}

	return false
}

// parseObjects reads the objects of engines. A file that is no YAML (a template of a chart, say) names nothing.
func parseObjects(file string, data []byte) ([]Object, error) {
	docs, err := node.Documents(data)

	var objects []Object

	for _, d := range docs {
		for _, m := range append(node.Items(node.Get(d, "items")), d) {
			if o, ok := parseObject(m); ok {
				o.File, o.Line = file, m.Line
				objects = append(objects, o)
			}
		}
	}

	if bytes.Contains(data, []byte("{{")) {
		err = nil
	}

	return objects, err
}

func parseObject(m *yaml.Node) (Object, bool) {
	o := Object{Kind: node.TextAt(m, "kind"), Name: node.TextAt(m, "metadata", "name")}
	group, _, _ := strings.Cut(node.TextAt(m, "apiVersion"), "/")

	switch spec := node.Get(m, "spec"); {
	case group == "argoproj.io" && o.Kind == "Application":
		o.sources(spec)
	case group == "argoproj.io" && o.Kind == "ApplicationSet":
		o.sources(node.Get(spec, "template", "spec"))
		o.generators(node.Get(spec, "generators"))
	case group == "kustomize.toolkit.fluxcd.io" && o.Kind == "Kustomization":
		o.paths = appendPath(o.paths, node.TextAt(spec, "path"))
	case group == "helm.toolkit.fluxcd.io" && o.Kind == "HelmRelease":
		if node.TextAt(spec, "chart", "spec", "sourceRef", "kind") == "GitRepository" {
			o.paths = appendPath(o.paths, node.TextAt(spec, "chart", "spec", "chart"))
		}
	default:
		return Object{}, false
	}

	return o, len(o.paths)+len(o.files) > 0
}

// sources reads spec.source and spec.sources. Values files are relative to the folder, to the repository with a leading slash, or
// to another source's repository with a leading $name, which is taken to be this one if the file is there.
func (o *Object) sources(spec *yaml.Node) {
	for _, s := range append(node.Items(node.Get(spec, "sources")), node.Get(spec, "source")) {
		folder := node.TextAt(s, "path")
		o.paths = appendPath(o.paths, folder)

		for _, f := range node.Items(node.Get(s, "helm", "valueFiles")) {
			switch name := f.Value; {
			case strings.HasPrefix(name, "$"):
				_, name, _ = strings.Cut(name, "/")
				o.files = appendPath(o.files, name)
			case strings.HasPrefix(name, "/"):
				o.files = appendPath(o.files, name)
			default:
				o.files = appendPath(o.files, path.Join(folder, name))
			}
		}
	}
}

// generators reads the folders of git generators, at any depth of matrix and merge generators. A path that is a template was turned
// into a pattern, which only matches what such a generator lists.
func (o *Object) generators(list *yaml.Node) {
	for _, g := range node.Items(list) {
		for _, d := range node.Items(node.Get(g, "git", "directories")) {
			if node.TextAt(d, "exclude") == "true" {
				o.not = appendPath(o.not, node.TextAt(d, "path"))
			} else {
				o.paths = appendPath(o.paths, node.TextAt(d, "path"))
			}
		}

		for _, nested := range []string{"matrix", "merge"} {
			o.generators(node.Get(g, nested, "generators"))
		}
	}
}

var template = lazyre.New(`\{\{[^}]*\}\}`)

// appendPath cleans a path as engines write it. A template becomes a pattern, one that is all template says nothing by itself.
func appendPath(list []string, p string) []string {
	p = template.ReplaceAllString(strings.TrimLeft(strings.TrimPrefix(p, "./"), "/"), "*")
	if p == "" || p == "*" {
		return list
	}

	return append(list, path.Clean(p))
}
