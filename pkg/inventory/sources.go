package inventory

import (
	"bufio"
	"bytes"
	"io/fs"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
)

// source is one key of a ConfigMap or Secret. A Secret's value is never kept.
type source struct {
	name, value string
	known       bool
	file        string
	line        int
}

// config takes what an object gives to ConfigMaps and Secrets.
func (t *taker) config(o Object, n *yaml.Node) {
	switch o.Kind {
	case "ConfigMap":
		t.keys("ConfigMap", o.Name, "ConfigMap", o.File, true, node.Get(n, "data"))
	case "Secret":
		t.keys("Secret", o.Name, "Secret", o.File, false, node.Get(n, "data"), node.Get(n, "stringData"))
	case "SealedSecret":
		t.keys("Secret", or(node.Text(node.Get(n, "spec", "template", "metadata", "name")), o.Name), o.Kind, o.File, false, node.Get(n, "spec", "encryptedData"))
	case "ExternalSecret":
		name := or(node.Text(node.Get(n, "spec", "target", "name")), o.Name)
		t.makers["Secret "+name] = o.Kind
		t.opaque["Secret "+name] = node.Get(n, "spec", "dataFrom") != nil
		for _, item := range node.Items(node.Get(n, "spec", "data")) {
			key := node.Get(item, "secretKey")
			t.source("Secret", name, source{name: node.Text(key), file: o.File, line: node.Line(key)})
		}
	case "Certificate":
		if name := node.Text(node.Get(n, "spec", "secretName")); name != "" {
			t.makers["Secret "+name] = o.Kind
		}
	}
}

func (t *taker) keys(kind, name, maker, file string, known bool, maps ...*yaml.Node) {
	t.makers[kind+" "+name] = maker
	for _, m := range maps {
		node.Pairs(m, func(key, value *yaml.Node) {
			s := source{name: key.Value, known: known, file: file, line: key.Line}
			if known {
				s.value = node.Text(value)
			}
			t.source(kind, name, s)
		})
	}
}

func (t *taker) source(kind, name string, s source) {
	key := kind + " " + name
	t.sources[key] = append(t.sources[key], s)
}

// generator takes the literals and the env files of a kustomize generator.
func (t *taker) generator(fsys fs.FS, dir, file, kind, maker string, n *yaml.Node, plain bool) {
	name := node.Text(node.Get(n, "name"))
	t.makers[kind+" "+name] = maker
	t.fixed[kind+" "+name] = plain || node.Truth(node.Get(n, "options", "disableNameSuffixHash"))
	for _, item := range node.Items(node.Get(n, "literals")) {
		t.literal(kind, name, file, node.Line(item), node.Text(item))
	}
	envs := node.Items(node.Get(n, "envs"))
	if env := node.Get(n, "env"); env != nil {
		envs = append(envs, env)
	}
	for _, item := range envs {
		t.envFile(fsys, path.Join(dir, node.Text(item)), kind, name)
	}
}

func (t *taker) literal(kind, name, file string, at int, text string) {
	key, value, ok := strings.Cut(text, "=")
	if !ok {
		return
	}
	s := source{name: strings.TrimSpace(key), file: file, line: at}
	if kind == "ConfigMap" {
		s.known, s.value = true, strings.Trim(value, `"'`)
	}
	t.source(kind, name, s)
}

// envFile reads KEY=value lines, if the file is one of those handed in.
func (t *taker) envFile(fsys fs.FS, file, kind, name string) {
	if !t.kustomize.given[file] {
		return
	}
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		t.problem(file, 0, "cannot be read: "+err.Error())
		return
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, maxFile)
	for at := 1; lines.Scan(); at++ {
		if l := strings.TrimSpace(lines.Text()); l != "" && l[0] != '#' {
			t.literal(kind, name, file, at, l)
		}
	}
	if err := lines.Err(); err != nil {
		t.problem(file, 0, "cannot be read: "+err.Error())
	}
}
