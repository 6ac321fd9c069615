package render

import (
	"io/fs"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/layout"
)

// generated makes the ConfigMaps and Secrets that a kustomization would generate, under their plain names.
func (t Tree) generated(k *layout.Kustomization, m *yaml.Node) []Object {
	var out []Object

	for _, of := range []struct{ key, kind, data string }{{"configMapGenerator", "ConfigMap", "data"}, {"secretGenerator", "Secret", "stringData"}} {
		for _, g := range node.Items(node.Get(m, of.key)) {
			data := mapping()

			for _, e := range t.Entries(k.Dir, g) {
				data.Content = append(data.Content, scalar(e.Key), scalar(e.Value))
			}

			out = append(out, Object{File: k.File, Generated: true, Node: mapping(
				scalar("apiVersion"), scalar("v1"),
				scalar("kind"), scalar(of.kind),
				scalar("metadata"), mapping(scalar("name"), scalar(node.Text(node.Get(g, "name")))),
				scalar(of.data), data,
			)})
		}
	}

	return out
}

// Entry is one key of a generator and where it stands.
type Entry struct {
	Key, Value string
	File       string
	Line       int
}

// maxEntry is the largest file that a ConfigMap or Secret can hold: an API server takes no larger object.
const maxEntry = 1 << 20

// Entries are the keys of one generator of the kustomization in a folder. Files that can't be read have none.
func (t Tree) Entries(dir string, generator *yaml.Node) []Entry {
	var out []Entry

	file := t.rootFile(dir)

	for _, l := range node.Items(node.Get(generator, "literals")) {
		if key, value, ok := strings.Cut(node.Text(l), "="); ok {
			out = append(out, Entry{strings.TrimSpace(key), unquote(value), file, l.Line})
		}
	}

	for _, f := range node.Items(node.Get(generator, "files")) {
		key, name, ok := strings.Cut(node.Text(f), "=")
		if !ok {
			key, name = path.Base(node.Text(f)), node.Text(f)
		}

		data, err := fs.ReadFile(t.FS, path.Join(dir, name))
		if err != nil || len(data) > maxEntry {
			data = nil
		}

		out = append(out, Entry{key, string(data), file, f.Line})
	}

	envs := node.Items(node.Get(generator, "envs"))
	if env := node.Get(generator, "env"); env != nil {
		envs = append(envs, env)
	}

	for _, env := range envs {
		out = append(out, t.envFile(path.Join(dir, node.Text(env)))...)
	}

	return out
}

func (t Tree) envFile(file string) []Entry {
	data, err := fs.ReadFile(t.FS, file)
	if err != nil || len(data) > maxEntry {
		return nil
	}

	var out []Entry

	at := 0
	for line := range strings.Lines(string(data)) {
		at++

		key, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if ok && !strings.HasPrefix(key, "#") {
			out = append(out, Entry{strings.TrimSpace(key), value, file, at})
		}
	}

	return out
}

// unquote takes one pair of quotes off, as kustomize does for literals.
func unquote(s string) string {
	if n := len(s); n > 1 && (s[0] == '"' || s[0] == '\'') && s[n-1] == s[0] {
		return s[1 : n-1]
	}

	return s
}
