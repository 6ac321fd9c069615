package render

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/layout"
)

// Tree is where to render.
type Tree struct {
	FS     fs.FS
	Layout *layout.Layout
	// Links are the symbolic links of the tree and where they lead, both from its root.
	Links map[string]string
}

// Object is one object as an engine would apply it.
type Object struct {
	Node *yaml.Node
	// File is where it stands in the tree; for a generated object the kustomization. Empty when unknown.
	File string
	// Generated says that a ConfigMap or Secret generator of kustomize made it.
	Generated bool
}

// Result is what comes out of one root.
type Result struct {
	Objects []Object
	// Fallback tells why the objects are the files' own; nil when they were rendered, or are applied as they stand.
	Fallback *Fallback
}

// Fallback is why something could not be rendered.
type Fallback struct {
	File   string
	Line   int
	Reason string
	// Broken says that it is kustomize that refuses the tree, so that an engine would not render it either.
	Broken bool
}

// kustomize keeps the OpenAPI schema of a run in a package variable.
var oneAtATime sync.Mutex

// Root renders what an engine applies in a folder. An error is a file that can't be read or the end of the context.
func (t Tree) Root(ctx context.Context, dir string) (Result, error) {
	root := t.Layout.Root(dir)

	if _, ok := t.Layout.Kustomization(dir); !ok {
		return t.plain(root)
	}

	if why := t.refuse(root); why != nil {
		return t.fallBack(root, why)
	}

	m, err := t.build(ctx, root)
	if large, ok := errors.AsType[*tooLargeError](err); ok {
		k, _ := t.Layout.Kustomization(dir)

		return t.fallBack(root, &Fallback{File: k.File, Reason: large.Error()})
	}

	if err != nil {
		return Result{}, err
	}

	if m.fault != nil {
		k, _ := t.Layout.Kustomization(dir)

		return t.fallBack(root, &Fallback{File: k.File, Reason: m.fault.Error(), Broken: !m.plugin})
	}

	return m.result(dir), nil
}

// built is what kustomize made, or why it did not.
type built struct {
	resources resmap.ResMap
	fault     error
	plugin    bool // the fault is that it needs one
}

func (t Tree) build(ctx context.Context, root layout.Root) (built, error) {
	if err := ctx.Err(); err != nil {
		return built{}, fmt.Errorf("rendering %s: %w", root.Dir, err)
	}

	disk, err := t.copy(root)
	if err != nil {
		return built{}, err
	}

	o := krusty.MakeDefaultOptions()
	o.LoadRestrictions = types.LoadRestrictionsNone // some engines are told so, and here is nothing else to load
	o.PluginConfig = types.DisabledPluginConfig()

	oneAtATime.Lock()
	defer oneAtATime.Unlock()

	resources, err := krusty.MakeKustomizer(o).Run(disk, path.Join(top, root.Dir))
	if err != nil {
		return built{fault: plainly(err), plugin: types.IsErrOnlyBuiltinPluginsAllowed(err)}, nil
	}

	return built{resources: resources}, nil
}

const maxError = 240

// plainly is kustomize's error as a sentence about the tree.
func plainly(err error) error {
	text := strings.ReplaceAll(strings.Join(strings.Fields(err.Error()), " "), top+"/", "")
	text = pointers.ReplaceAllString(text, "")

	if short := []rune(text); len(short) > maxError { // it tells the same of every file on the way
		text = string(short[:maxError]) + "…"
	}

	return fmt.Errorf("kustomize build fails: %s", text)
}

const originKey = "config.kubernetes.io/origin"

func (b built) result(dir string) Result {
	var out Result

	for _, r := range b.resources.Resources() {
		out.Objects = append(out.Objects, origin(dir, r.YNode()))
	}

	return out
}

// origin takes kustomize's note of where an object comes from out of it.
func origin(dir string, doc *yaml.Node) Object {
	o := Object{Node: doc}

	annotations := node.Get(doc, "metadata", "annotations")
	for _, note := range mustParse(node.Text(node.Get(annotations, originKey))) {
		file := node.Text(node.Get(note, "path"))
		if by := node.Text(node.Get(note, "configuredIn")); by != "" {
			file, o.Generated = by, true
		}

		if file != "" {
			o.File = path.Join(dir, file)
		}
	}

	remove(annotations, originKey)

	if annotations != nil && len(annotations.Content) == 0 {
		remove(node.Get(doc, "metadata"), "annotations")
	}

	return o
}

// mustParse reads what kustomize wrote itself; what is no YAML tells nothing.
func mustParse(text string) []*yaml.Node {
	docs, err := node.Documents([]byte(text))
	if err != nil {
		return nil
	}

	return docs
}

func remove(m *yaml.Node, key string) {
	if m == nil || m.Kind != yaml.MappingNode {
		return
	}

	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			m.Content = append(m.Content[:i], m.Content[i+2:]...)

			return
		}
	}
}

// pointers are addresses that kustomize prints with some of its errors: they
// tell nobody anything and are others in every run.
var pointers = lazyre.New(`\s*&\{(?:0x[0-9a-f]+\s*)+\}`)
