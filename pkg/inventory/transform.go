package inventory

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/internal/weigh"
)

// transform is what one kustomization does to every object that it reaches.
type transform struct {
	file           string // of the kustomization
	patches        []patch
	images         []*yaml.Node
	replicas       []*yaml.Node
	prefix, suffix string
	components     []string // folders, which transform what this one reaches
}

// patch is one change, in a file of its own or in the kustomization.
type patch struct {
	file   string // empty for an inline one
	inline *yaml.Node
	target *yaml.Node // nil: the patch names its object
}

// document is one object on its way.
type document struct {
	object Object
	node   *yaml.Node
	cloned bool // its nodes are its own and may be changed
}

// transforms applies every kustomization that reaches an object to it, the nearest first. Where two overlays share a base,
// neither is applied: their patches count beside the object, as variables that are set.
func (t *taker) transforms(fsys fs.FS) {
	for i := range t.docs {
		d := &t.docs[i]
		for at, depth := d.object.File, 0; depth < maxDepth; depth++ {
			parents := t.kustomize.parents[at]
			if len(parents) != 1 {
				break
			}
			t.transform(fsys, d, parents[0], 0)
			at = parents[0]
		}
	}
}

// maxSteps bounds how many components and patches are applied, all objects together, a large patch counting for more: components that
// each list two others come to billions, and so do thousands of patches for thousands of objects.
const maxSteps = 100_000

// maxDepth bounds loops, which kustomize refuses itself.
const maxDepth = 32

func (t *taker) transform(fsys fs.FS, d *document, dir string, depth int) {
	tr := t.kustomize.transforms[dir]
	if t.steps++; tr == nil || depth > maxDepth || t.steps > maxSteps {
		if t.steps > maxSteps {
			t.problemOnce(dir, 0, "there are more patches than can be applied: what they change is not known")
		}
		return
	}
	for _, component := range tr.components {
		t.transform(fsys, d, component, depth+1)
	}
	for i := range tr.patches {
		if p := &tr.patches[i]; !t.kustomize.patches[d.object.File] && t.steps <= maxSteps {
			t.steps++
			t.patch(fsys, d, tr, p)
		}
	}
	t.retag(d, tr)
	t.scale(d, tr)
	d.object.Name = tr.prefix + d.object.Name + tr.suffix
}

// patch applies one patch where it is meant for the object.
func (t *taker) patch(fsys fs.FS, d *document, tr *transform, p *patch) {
	bodies, file, err := t.bodies(fsys, tr, p)
	if err != nil {
		t.problemOnce(file, 0, "a patch that cannot be read: "+err.Error())
		return
	}
	for _, body := range bodies {
		if !aims(p, body, d) {
			continue
		}
		if err := t.apply(d, body); err != nil {
			t.problemOnce(file, body.Line, fmt.Sprintf("a patch of %s %s that is not applied: %v", d.object.Kind, d.object.Name, err))
		}
		t.kustomize.applied[p.file] = p.file != ""
	}
}

// bodies are a patch's documents, anew each time: what is merged into one object must not be shared with another.
func (t *taker) bodies(fsys fs.FS, tr *transform, p *patch) ([]*yaml.Node, string, error) {
	data, file, shift := []byte(node.Text(p.inline)), tr.file, 0
	if p.inline != nil {
		shift = p.inline.Line
		if p.inline.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
			shift--
		}
	}
	if p.file != "" {
		file = p.file
		if !t.kustomize.given[file] {
			return nil, file, nil // not of this application: nothing is known of it, and nobody asked
		}
		var err error
		if data, err = fs.ReadFile(fsys, file); err != nil {
			return nil, file, err
		}
	}
	if err := weigh.Check(data); err != nil {
		return nil, file, err
	}
	t.steps += len(data) >> 10
	var out []*yaml.Node
	for dec := yaml.NewDecoder(bytes.NewReader(data)); ; {
		var doc yaml.Node
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return out, file, nil
		}
		if err != nil {
			return nil, file, err
		}
		if len(doc.Content) == 0 {
			continue
		}
		budget := maxNodes
		body, err := clone(doc.Content[0], &budget)
		if err != nil {
			return nil, file, err
		}
		t.stamp(body, file, shift)
		out = append(out, body)
	}
}

// stamp remembers the file that nodes come from which end up in another file's object.
func (t *taker) stamp(n *yaml.Node, file string, shift int) {
	n.Line += shift
	t.origin[n] = file
	for _, child := range n.Content {
		t.stamp(child, file, shift)
	}
}

// aims says that a patch is meant for an object.
func aims(p *patch, body *yaml.Node, d *document) bool {
	if p.target == nil {
		group, _, _ := strings.Cut(node.Text(node.Get(body, "apiVersion")), "/")
		own, _, _ := strings.Cut(d.object.APIVersion, "/")
		return node.Text(node.Get(body, "kind")) == d.object.Kind && node.Text(node.Get(body, "metadata", "name")) == node.Text(node.Get(d.node, "metadata", "name")) && (group == own || group == "")
	}
	if node.Get(p.target, "labelSelector") != nil || node.Get(p.target, "annotationSelector") != nil {
		return false
	}
	return fits(node.Get(p.target, "kind"), d.object.Kind) && fits(node.Get(p.target, "name"), node.Text(node.Get(d.node, "metadata", "name")))
}

// fits compares as kustomize does: a whole match of a regular expression, and nothing stated fits everything.
func fits(pattern *yaml.Node, value string) bool {
	p := node.Text(pattern)
	if p == "" || p == value {
		return true
	}
	re, err := regexp.Compile("^(?:" + p + ")$")
	return err == nil && re.MatchString(value)
}

func (t *taker) apply(d *document, body *yaml.Node) error {
	if err := t.separate(d); err != nil {
		return err
	}
	if body.Kind == yaml.SequenceNode {
		for _, op := range body.Content {
			if err := operation(d.node, op); err != nil {
				return err
			}
		}
		return nil
	}
	group, _, _ := strings.Cut(d.object.APIVersion, "/")
	builtIn := slices.Contains([]string{"apps", "batch", "v1"}, group)
	if strategic(d.node, body, builtIn) == nil {
		d.node = nil // deleted
	}
	return nil
}

// separate gives an object nodes of its own before they are changed.
func (t *taker) separate(d *document) error {
	if d.node == nil {
		return errors.New("another patch deletes it")
	}
	if d.cloned {
		return nil
	}
	budget := maxNodes
	own, err := clone(d.node, &budget)
	if err != nil {
		return err
	}
	d.node, d.cloned = own, true
	return nil
}

// retag sets images as a kustomization's images do.
func (t *taker) retag(d *document, tr *transform) {
	if len(tr.images) == 0 || d.node == nil || podSpec(d.node) == nil || t.separate(d) != nil {
		return
	}
	pod := podSpec(d.node)
	for _, c := range slices.Concat(node.Items(node.Get(pod, "initContainers")), node.Items(node.Get(pod, "containers"))) {
		image := node.Get(c, "image")
		for _, entry := range tr.images {
			if image != nil && imageName(image.Value) == node.Text(node.Get(entry, "name")) {
				t.rename(image, entry, tr.file)
			}
		}
	}
}

func (t *taker) rename(image, entry *yaml.Node, file string) {
	name, tag := imageName(image.Value), strings.TrimPrefix(image.Value, imageName(image.Value))
	stated := node.Get(entry, "newName")
	if stated != nil {
		name = node.Text(stated)
	}
	if n := node.Get(entry, "newTag"); n != nil {
		tag, stated = ":"+node.Text(n), n
	}
	if n := node.Get(entry, "digest"); n != nil {
		tag, stated = "@"+node.Text(n), n
	}
	if stated != nil {
		image.Value, image.Line = name+tag, stated.Line
		t.origin[image] = file
	}
}

// scale sets replicas as a kustomization's replicas do.
func (t *taker) scale(d *document, tr *transform) {
	for _, entry := range tr.replicas {
		if d.node == nil || node.Text(node.Get(entry, "name")) != node.Text(node.Get(d.node, "metadata", "name")) || node.Get(d.node, "spec") == nil || podSpec(d.node) == nil {
			continue
		}
		if n := node.Get(entry, "count"); n != nil && t.separate(d) == nil {
			putKey(node.Get(d.node, "spec"), "replicas", n)
		}
	}
}

// transforming takes what a kustomization changes.
func (t *taker) transforming(file string, n *yaml.Node) {
	dir := path.Dir(file)
	tr := &transform{
		file: file, images: node.Items(node.Get(n, "images")), replicas: node.Items(node.Get(n, "replicas")),
		prefix: node.Text(node.Get(n, "namePrefix")), suffix: node.Text(node.Get(n, "nameSuffix")),
	}
	for _, item := range node.Items(node.Get(n, "components")) {
		if name := node.Text(item); name != "" && !strings.Contains(name, "://") {
			tr.components = append(tr.components, path.Join(dir, name))
		}
	}
	for _, key := range []string{"patchesStrategicMerge", "patchesJson6902", "patches"} {
		for _, item := range node.Items(node.Get(n, key)) {
			tr.patches = append(tr.patches, patchOf(dir, node.Deref(item)))
		}
	}
	t.kustomize.transforms[dir] = tr
}

// patchOf reads one entry: a file name, an inline patch, or a mapping of either with a target.
func patchOf(dir string, item *yaml.Node) patch {
	if s := node.Text(item); s != "" {
		if strings.Contains(s, "\n") {
			return patch{inline: item}
		}
		return patch{file: path.Join(dir, s)}
	}
	p := patch{target: node.Get(item, "target"), inline: node.Get(item, "patch")}
	if name := node.Text(node.Get(item, "path")); name != "" {
		p.file = path.Join(dir, name)
	}
	return p
}
