package inventory

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/internal/weigh"
)

// maxFile is the size above which a manifest is not parsed but reported: generated CustomResourceDefinitions reach a few
// megabytes, nothing that Mastodon is made of does.
const maxFile = 8 << 20

// maxValues is how much is parsed of a whole tree: some 2 million lines.
const maxValues = 8 * weigh.Max

// taker collects while files are read, and decides when all are.
type taker struct {
	inv       *Inventory
	images    []string
	kustomize graph
	docs      []document
	late      []string              // files of configuration, parsed when a pod here names what is in them
	origin    map[*yaml.Node]string // nodes that a patch brought into another file's object
	sources   map[string][]source   // what "ConfigMap name" and "Secret name" hold
	makers    map[string]string     // what makes them
	fixed     map[string]bool       // generated ones whose names carry no hash
	opaque    map[string]bool       // whose keys are not all told here
	uses      []use
	values    int // what was parsed so far
	steps     int // transformations so far
}

// Take reads the YAML files among those given and lists what an upgrade touches. Mastodon's images are those whose name
// ends in mastodon or mastodon-streaming, and those given here by name without tag, for forks that are called otherwise.
// A file that does not parse is one of the Problems; an error is a file that cannot be read at all, or a context's end.
func Take(ctx context.Context, fsys fs.FS, files []string, images ...string) (*Inventory, error) {
	t := &taker{
		inv: &Inventory{Engine: EngineUnknown}, images: images, kustomize: newGraph(files), origin: map[*yaml.Node]string{},
		sources: map[string][]source{}, makers: map[string]string{}, fixed: map[string]bool{}, opaque: map[string]bool{},
	}
	for _, kustomizations := range []bool{true, false} { // which files are patches is known before they are read
		for _, file := range files {
			if !manifest(file) || isKustomization(file) != kustomizations {
				continue
			}
			if err := t.read(ctx, fsys, file); err != nil {
				return nil, fmt.Errorf("taking the inventory: %w", err)
			}
		}
	}
	t.transforms(fsys)
	for _, d := range t.docs {
		t.document(d)
	}
	if err := t.configuration(ctx, fsys); err != nil {
		return nil, fmt.Errorf("taking the inventory: %w", err)
	}
	t.decide()
	return t.inv, nil
}

// read parses a file now, keeps it for later, or forgets it.
func (t *taker) read(ctx context.Context, fsys fs.FS, file string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return err
	}
	weighs := always
	if !isKustomization(file) && !t.kustomize.patches[file] {
		weighs = t.matters(data)
	}
	switch weighs {
	case never:
	case named:
		t.late = append(t.late, file)
	default:
		t.file(fsys, file, data)
	}
	return nil
}

// configuration reads the files that hold configuration which a pod here names.
func (t *taker) configuration(ctx context.Context, fsys fs.FS) error {
	names := t.named()
	for _, file := range t.late {
		if err := ctx.Err(); err != nil {
			return err
		}
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(names, func(name string) bool { return bytes.Contains(data, []byte(name)) }) {
			continue
		}
		before := len(t.docs)
		t.file(fsys, file, data)
		for _, d := range t.docs[before:] {
			t.document(d)
		}
	}
	return nil
}

func manifest(file string) bool {
	ext := path.Ext(file)
	return ext == ".yaml" || ext == ".yml" || path.Base(file) == "Kustomization"
}

// file reads one file's documents.
func (t *taker) file(fsys fs.FS, file string, data []byte) {
	if len(data) > maxFile {
		t.problem(file, 0, fmt.Sprintf("the file has %d MiB and is not read; what it holds is not known", len(data)>>20))
		return
	}
	values := weigh.Values(data)
	if t.values += values; values > weigh.Max || t.values > maxValues {
		t.values -= values
		t.problem(file, 0, fmt.Sprintf("the file holds %d values and is not read; what it holds is not known", values))
		return
	}
	for dec := yaml.NewDecoder(bytes.NewReader(data)); ; {
		var doc yaml.Node
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.unreadable(file, data, err)
			return
		}
		if len(doc.Content) == 0 {
			continue
		}
		if isKustomization(file) {
			t.kustomization(fsys, file, doc.Content[0])
			continue
		}
		t.collect(file, doc.Content[0], 0)
	}
}

var faultLine = lazyre.New(`line (\d+):`)

// unreadable reports a fault. A chart's templates are no YAML and no fault, but what they hold is not known either.
func (t *taker) unreadable(file string, data []byte, err error) {
	at := 0
	if m := faultLine.FindStringSubmatch(err.Error()); m != nil {
		at, _ = strconv.Atoi(m[1]) // the pattern admits digits alone; too many of them leave 0, "no line"
	}
	message := "not YAML: " + strings.TrimPrefix(err.Error(), "yaml: ")
	if bytes.Contains(data, []byte("{{")) {
		message = "a template, not YAML: the objects it makes are not known without rendering it"
	}
	t.problem(file, at, message)
}

func (t *taker) problem(file string, at int, message string) {
	t.inv.Problems = append(t.inv.Problems, Problem{File: file, Line: at, Message: message})
}

// problemOnce reports what many objects would report.
func (t *taker) problemOnce(file string, at int, message string) {
	if !slices.Contains(t.inv.Problems, Problem{File: file, Line: at, Message: message}) {
		t.problem(file, at, message)
	}
}

// collect keeps one object, or the objects of a List.
func (t *taker) collect(file string, n *yaml.Node, depth int) {
	kind := node.Text(node.Get(n, "kind"))
	if kind == "" {
		return
	}
	if strings.HasSuffix(kind, "List") && depth < node.MaxDepth {
		for _, item := range node.Items(node.Get(n, "items")) {
			t.collect(file, node.Deref(item), depth+1)
		}
		return
	}
	t.docs = append(t.docs, document{node: n, object: Object{
		Kind: kind, APIVersion: node.Text(node.Get(n, "apiVersion")),
		Namespace: node.Text(node.Get(n, "metadata", "namespace")), Name: node.Text(node.Get(n, "metadata", "name")),
		File: file, Line: n.Line,
	}})
}

// document takes what an object is to an upgrade.
func (t *taker) document(d document) {
	if d.node == nil || t.kustomize.applied[d.object.File] {
		return // deleted by a patch, or itself one that is part of its object by now
	}
	o, n := d.object, d.node
	t.config(o, n)
	t.applier(o, n)
	t.stores(o, n)
	t.backup(o, n)
	t.pods(o, n)
}

// place is where a node stands: in its object's file, or in the one of the patch that brought it.
func (t *taker) place(o Object, n *yaml.Node) (file string, at int) {
	if n == nil {
		return "", 0
	}
	if file = t.origin[n]; file == "" {
		file = o.File
	}
	return file, n.Line
}

// decide does what needs every file: who reaches what, what a pod's environment holds, which engine applies it.
func (t *taker) decide() {
	inv := t.inv
	t.placeAll()
	t.environment()
	t.phases()
	t.external()
	arrange(&inv.MigrateJobs, func(j Job) Object { return j.Object })
	arrange(&inv.Workloads, func(w Workload) Object { return w.Object })
	arrange(&inv.Backups, func(b Backup) Object { return b.Object })
	arrange(&inv.Databases, func(s Store) Object { return s.Object })
	arrange(&inv.Poolers, func(s Store) Object { return s.Object })
	arrange(&inv.Redis, func(s Store) Object { return s.Object })
	arrange(&inv.Search, func(s Store) Object { return s.Object })
	arrange(&inv.Appliers, func(a Applier) Object { return a.Object })
	inv.Engine = engine(inv)
	arrange(&inv.Settings, func(s Setting) Object { return Object{File: s.File, Line: s.Line, Name: s.Name} })
	arrange(&inv.Opaque, func(n Need) Object { return Object{File: n.File, Line: n.Line, Name: n.Name} })
	arrange(&inv.Problems, func(p Problem) Object { return Object{File: p.File, Line: p.Line} })
}

// arrange sorts a list by place and makes it an empty one when there is none.
func arrange[T any](list *[]T, of func(T) Object) {
	if *list == nil {
		*list = []T{}
	}
	slices.SortStableFunc(*list, func(a, b T) int {
		x, y := of(a), of(b)
		return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line), cmp.Compare(x.Name, y.Name))
	})
}
