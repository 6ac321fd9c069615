package render

import (
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/layout"
)

// user is what kustomize takes for a user's name before a host.
var user = lazyre.New(`^[a-zA-Z][a-zA-Z0-9-]*@`)

// fetched tells a path that kustomize gets from the network, whatever lies in the tree under that name: it looks at the path first.
func fetched(p string) bool {
	if u, err := url.Parse(p); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		return true
	}

	p = strings.TrimPrefix(strings.ToLower(p), "git::")

	return strings.Contains(p, "://") || user.MatchString(p) || strings.HasPrefix(p, "github.com/") || strings.HasPrefix(p, "github.com:")
}

// foreign finds what kustomize would fetch because of a kustomization, as kustomize itself reads that: with keys that were merged, and
// with what its generators and transformers read in their turn.
func (t Tree) foreign(k *layout.Kustomization, data []byte) *Fallback {
	var m types.Kustomization
	if err := m.Unmarshal(data); err != nil {
		return nil // kustomize refuses it too
	}

	for _, p := range paths(&m) {
		if fetched(p) {
			at, _ := t.document(k.File)

			return &Fallback{File: k.File, Line: lineOf(at, p), Reason: "it needs " + p + " from the network"}
		}
	}

	for _, p := range slices.Concat(m.Generators, m.Transformers, m.Validators) {
		if why := t.plugin(k, p); why != nil {
			return why
		}
	}

	return nil
}

// paths are those that a kustomization names, all together.
func paths(m *types.Kustomization) []string {
	m.FixKustomization()

	out := slices.Concat(m.Resources, m.Components, m.Crds, m.Configurations)

	for _, list := range [][]string{m.Generators, m.Transformers, m.Validators} {
		for _, p := range list {
			if !strings.Contains(p, "\n") { // else given inline
				out = append(out, p)
			}
		}
	}

	for _, p := range m.PatchesStrategicMerge { //nolint:staticcheck // old, and still read
		out = append(out, string(p))
	}

	for _, p := range slices.Concat(m.Patches, m.PatchesJson6902) { //nolint:staticcheck // old, and still read
		out = append(out, p.Path)
	}

	for _, r := range m.Replacements {
		out = append(out, r.Path)
	}

	for _, g := range m.ConfigMapGenerator {
		out = append(out, sourcesOf(g.KvPairSources)...)
	}

	for _, g := range m.SecretGenerator {
		out = append(out, sourcesOf(g.KvPairSources)...)
	}

	return append(out, m.OpenAPI["path"])
}

func sourcesOf(s types.KvPairSources) []string {
	out := append(slices.Clone(s.EnvSources), s.EnvSource)
	for _, f := range s.FileSources {
		out = append(out, f, f[strings.Index(f, "=")+1:])
	}

	return out
}

// plugin looks into the configuration of generators and transformers: inline, a file, or a folder that lists files.
func (t Tree) plugin(k *layout.Kustomization, p string) *Fallback {
	if why := reads(k.File, []byte(p)); why != nil || strings.Contains(p, "\n") {
		return why
	}

	at := path.Join(k.Dir, p)

	inner, ok := t.Layout.Kustomization(at)
	if !ok {
		return t.pluginFile(at)
	}

	if !inner.Listing {
		return &Fallback{File: inner.File, Reason: "it builds the configuration of generators or transformers"}
	}

	for _, file := range t.Layout.Root(at).Files() {
		if file == inner.File {
			continue
		}

		if why := t.pluginFile(file); why != nil {
			return why
		}
	}

	return nil
}

func (t Tree) pluginFile(file string) *Fallback {
	data, err := fs.ReadFile(t.FS, file)
	if err != nil {
		return nil // and then it is not copied either
	}

	return reads(file, data)
}

// reads tells of a configuration that names something to fetch.
func reads(file string, data []byte) *Fallback {
	docs, err := node.Documents(data)
	if err != nil {
		return &Fallback{File: file, Reason: "the configuration can't be read: " + err.Error(), Broken: true}
	}

	for _, doc := range docs {
		if p := named(doc); p != "" {
			return &Fallback{File: file, Line: lineOf(doc, p), Reason: "it needs " + p + " from the network"}
		}
	}

	return nil
}

// reading are the keys, in lower case, under which builtin plugins name what they read.
var reading = []string{"path", "paths", "files", "envs", "env", "valuesfile", "additionalvaluesfiles", "chartrepo", "repo"}

// named finds the first value that would be fetched, wherever it stands.
func named(n *yaml.Node) string {
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !slices.Contains(reading, strings.ToLower(n.Content[i].Value)) {
				continue
			}

			for _, v := range append(node.Items(n.Content[i+1]), node.Deref(n.Content[i+1])) {
				if text := node.Text(v); fetched(text) || fetched(text[strings.Index(text, "=")+1:]) {
					return text
				}
			}
		}
	}

	for _, c := range n.Content {
		if p := named(c); p != "" {
			return p
		}
	}

	return ""
}
