package render

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/layout"
)

// refuse finds what rendering would need from outside: remote bases, charts, and files that are not there.
func (t Tree) refuse(root layout.Root) *Fallback {
	for _, k := range t.kustomizations(root) {
		if k.Broken() {
			return &Fallback{File: k.File, Reason: "the kustomization can't be read", Broken: true}
		}

		data, err := fs.ReadFile(t.FS, k.File)
		if err == nil && len(k.Remote) == 0 && !bytes.Contains(data, []byte("helmChart")) && !t.troubled(k.File) {
			if why := t.foreign(k, data); why != nil {
				return why
			}

			continue // nearly all
		}

		m, err := t.document(k.File)
		if err != nil {
			return &Fallback{File: k.File, Reason: "the kustomization can't be read: " + err.Error(), Broken: true}
		}

		for _, remote := range k.Remote {
			return &Fallback{File: k.File, Line: lineOf(m, remote), Reason: "it needs " + remote + " from the network"}
		}

		for _, key := range []string{"helmCharts", "helmChartInflationGenerator"} {
			if line, charts, n := node.Find(m, key); n == 1 && len(node.Items(charts)) > 0 {
				return &Fallback{File: k.File, Line: line, Reason: "it inflates Helm charts (" + key + ")"}
			}
		}

		for _, p := range t.Layout.Problems() {
			if p.File == k.File {
				return &Fallback{File: k.File, Line: p.Line, Reason: p.Message, Broken: true}
			}
		}

		if why := t.foreign(k, data); why != nil {
			return why
		}
	}

	return t.heavy(root)
}

// troubled tells that the layout has something to say of a file.
func (t Tree) troubled(file string) bool {
	return slices.ContainsFunc(t.Layout.Problems(), func(p layout.Problem) bool { return p.File == file })
}

// kustomizations are those that rendering a root reads.
func (t Tree) kustomizations(root layout.Root) []*layout.Kustomization {
	var out []*layout.Kustomization

	for _, file := range root.Files() {
		if k, ok := t.Layout.Kustomization(path.Dir(file)); ok && k.File == file {
			out = append(out, k)
		}
	}

	return out
}

func (t Tree) document(file string) (*yaml.Node, error) {
	data, err := fs.ReadFile(t.FS, file)
	if err != nil {
		return nil, err
	}

	docs, err := node.Documents(data)
	if err != nil || len(docs) == 0 {
		return nil, err
	}

	return docs[0], nil
}

// lineOf finds the first line on which a value stands.
func lineOf(n *yaml.Node, value string) int {
	if n == nil {
		return 0
	}

	if n.Kind == yaml.ScalarNode && n.Value == value {
		return n.Line
	}

	for _, c := range n.Content {
		if line := lineOf(c, value); line > 0 {
			return line
		}
	}

	return 0
}

// plain is a folder that is applied as it stands, or a chart.
func (t Tree) plain(root layout.Root) (Result, error) {
	var why *Fallback

	for _, file := range root.Files() {
		if path.Base(file) == "Chart.yaml" {
			why = &Fallback{File: file, Reason: "it is a Helm chart, whose templates are not rendered here"}

			break
		}
	}

	out := Result{Fallback: why}

	for _, file := range root.Files() {
		objects, err := t.objects(file)
		if err != nil {
			return Result{}, err
		}

		out.Objects = append(out.Objects, objects...)
	}

	return out, nil
}

// fallBack takes the files as they stand: what the kustomizations list, the namespace they give, and what their generators say in
// plain text. Patches, prefixes and images are not applied.
func (t Tree) fallBack(root layout.Root, why *Fallback) (Result, error) {
	out := Result{Fallback: why}

	for _, k := range t.kustomizations(root) {
		m, err := t.document(k.File)
		if err != nil {
			continue // the reason for falling back, and told
		}

		for _, target := range k.Resources {
			objects, err := t.objects(target)
			if err != nil {
				return Result{}, err
			}

			out.Objects = append(out.Objects, objects...)
		}

		out.Objects = append(out.Objects, t.generated(k, m)...)
	}

	if m, err := t.document(t.rootFile(root.Dir)); err == nil {
		setNamespace(out.Objects, node.Text(node.Get(m, "namespace")))
	}

	return out, nil
}

func (t Tree) rootFile(dir string) string {
	k, ok := t.Layout.Kustomization(dir)
	if !ok {
		return ""
	}

	return k.File
}

// objects are those of a manifest; a folder and what is no manifest have none.
func (t Tree) objects(file string) ([]Object, error) {
	if !strings.HasSuffix(file, ".yaml") && !strings.HasSuffix(file, ".yml") && !strings.HasSuffix(file, ".json") {
		return nil, nil
	}

	data, err := fs.ReadFile(t.FS, file)
	if err != nil {
		return nil, fmt.Errorf("reading the manifests of the application: %w", err)
	}

	docs, _ := node.Documents(data) // the scan reports what it can't read; what stands before the fault counts

	var out []Object

	for _, doc := range docs {
		for _, item := range append(node.Items(node.Get(doc, "items")), doc) {
			if kind := node.Text(node.Get(item, "kind")); kind != "" && node.Get(item, "apiVersion") != nil && !strings.HasSuffix(kind, "List") && kind != "Kustomization" {
				out = append(out, Object{Node: item, File: file})
			}
		}
	}

	return out, nil
}

func setNamespace(objects []Object, namespace string) {
	if namespace == "" {
		return
	}

	for _, o := range objects {
		metadata := node.Get(o.Node, "metadata")
		if metadata != nil && metadata.Kind == yaml.MappingNode {
			remove(metadata, "namespace")

			metadata.Content = append(metadata.Content, scalar("namespace"), scalar(namespace))
		}
	}
}
