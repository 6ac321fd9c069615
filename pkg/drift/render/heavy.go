package render

import (
	"fmt"
	"io/fs"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/internal/weigh"
	"github.com/goingdark-social/bot/pkg/layout"
)

// kustomize can't be interrupted, follows each alias to a copy of its own and builds a base once for every path that leads to it: a few
// kilobytes of either come to more objects than any memory holds. Hence what it would do is counted before it is asked to.
const (
	// maxBytes is how much of a tree is copied for it.
	maxBytes = 64 << 20
	// maxValues is how many values it may come to, each of which costs it some 2 kB.
	maxValues = 250_000
	// maxWork is how often it may have to look at a value: each line of a kustomization may make it look at all.
	maxWork = 50_000_000
)

type tooLargeError struct{ dir string }

func (e *tooLargeError) Error() string {
	return fmt.Sprintf("the files that make it up have more than %d MB", maxBytes>>20)
}

// heavy tells of a root that would take more memory or time than there is.
func (t Tree) heavy(root layout.Root) *Fallback {
	w := weights{tree: t, folders: map[string]load{}, files: map[string]int{}, nodes: map[*yaml.Node]int{}}
	all := w.folder(root.Dir)

	var reason string

	switch {
	case all.values > maxValues:
		reason = fmt.Sprintf("it unfolds to more than %d values", maxValues)
	case all.work > maxWork:
		reason = "it takes too long to build"
	default:
		return nil
	}

	k, _ := t.Layout.Kustomization(root.Dir)

	return &Fallback{File: k.File, Reason: reason}
}

// load is what building a folder comes to.
type load struct{ values, work int }

// weights knows how much was found so far. What is under way is known as nothing, or for nodes as too much: kustomize refuses a folder
// that names itself, and follows an alias to itself for ever.
type weights struct {
	tree    Tree
	folders map[string]load
	files   map[string]int
	nodes   map[*yaml.Node]int
}

func (w *weights) folder(dir string) load {
	if known, ok := w.folders[dir]; ok {
		return known
	}

	w.folders[dir] = load{}

	k, ok := w.tree.Layout.Kustomization(dir)
	if !ok {
		return load{}
	}

	var all load

	for _, list := range [][]string{k.Resources, k.Components, k.Patches} {
		for _, target := range list {
			one := w.target(target)
			all.values = min(all.values+one.values, maxValues+1)
			all.work = min(all.work+one.work, maxWork+1)
		}
	}

	data, err := fs.ReadFile(w.tree.FS, k.File)
	if err == nil {
		all.work = min(all.work+all.values*weigh.Values(data), maxWork+1)
	}

	w.folders[dir] = all

	return all
}

func (w *weights) target(name string) load {
	if _, folder := w.tree.Layout.Kustomization(name); folder {
		return w.folder(name)
	}

	n := w.file(name)

	return load{n, n}
}

func (w *weights) file(name string) int {
	if known, ok := w.files[name]; ok {
		return known
	}

	n := 0

	switch data, err := fs.ReadFile(w.tree.FS, name); {
	case err != nil: // kustomize refuses what can't be read or parsed
	case weigh.Check(data) != nil:
		n = maxValues + 1
	default:
		docs, _ := node.Documents(data)
		for _, doc := range docs {
			n = min(n+w.node(doc), maxValues+1)
		}
	}

	w.files[name] = n

	return n
}

// node counts a value with all that is in it and all that its aliases stand for.
func (w *weights) node(n *yaml.Node) int {
	if n.Kind == yaml.ScalarNode {
		return 1
	}

	if known, ok := w.nodes[n]; ok {
		return known
	}

	w.nodes[n] = maxValues + 1

	all := 1
	for _, c := range n.Content {
		all = min(all+w.node(c), maxValues+1)
	}

	if n.Alias != nil {
		all = min(all+w.node(n.Alias), maxValues+1)
	}

	w.nodes[n] = all

	return all
}
