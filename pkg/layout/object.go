package layout

import (
	"bytes"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/lazyre"
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
	docs, err := parse(data)

	var objects []Object

	for _, d := range docs {
		for _, m := range append(items(get(d, "items")), d) {
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
	o := Object{Kind: value(m, "kind"), Name: value(m, "metadata", "name")}
	group, _, _ := strings.Cut(value(m, "apiVersion"), "/")

	switch spec := get(m, "spec"); {
	case group == "argoproj.io" && o.Kind == "Application":
		o.sources(spec)
	case group == "argoproj.io" && o.Kind == "ApplicationSet":
		o.sources(get(spec, "template", "spec"))
		o.generators(get(spec, "generators"))
	case group == "kustomize.toolkit.fluxcd.io" && o.Kind == "Kustomization":
		o.paths = appendPath(o.paths, value(spec, "path"))
	case group == "helm.toolkit.fluxcd.io" && o.Kind == "HelmRelease":
		if value(spec, "chart", "spec", "sourceRef", "kind") == "GitRepository" {
			o.paths = appendPath(o.paths, value(spec, "chart", "spec", "chart"))
		}
	default:
		return Object{}, false
	}

	return o, len(o.paths)+len(o.files) > 0
}

// sources reads spec.source and spec.sources. Values files are relative to the folder, to the repository with a leading slash, or
// to another source's repository with a leading $name, which is taken to be this one if the file is there.
func (o *Object) sources(spec *yaml.Node) {
	for _, s := range append(items(get(spec, "sources")), get(spec, "source")) {
		folder := value(s, "path")
		o.paths = appendPath(o.paths, folder)

		for _, f := range items(get(s, "helm", "valueFiles")) {
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
	for _, g := range items(list) {
		for _, d := range items(get(g, "git", "directories")) {
			if value(d, "exclude") == "true" {
				o.not = appendPath(o.not, value(d, "path"))
			} else {
				o.paths = appendPath(o.paths, value(d, "path"))
			}
		}

		for _, nested := range []string{"matrix", "merge"} {
			o.generators(get(g, nested, "generators"))
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
