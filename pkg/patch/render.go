package patch

import (
	"maps"
	"slices"

	"github.com/goingdark-social/bot/pkg/layout"
)

// rendering works out which image each container of a root ends up with and which reference decides that, along the graph of
// kustomizations and without running any.
type rendering struct {
	layout *layout.Layout
	pages  map[string]*page
	active map[string]bool // folders on the way, against circles
	spent  int             // kustomizations that were looked into, and containers that each got
}

// maxUnfolded bounds a rendering: a base is looked into once for every path that leads to it, and a few kilobytes of bases that each
// list two others come to billions of paths.
const maxUnfolded = 200_000

func (r *rendering) exhausted() bool { return r.spent > maxUnfolded }

// pod is a container as it comes out of a root.
type pod struct {
	*container

	spelling       string     // the name of the image as it stands now
	tag, digest    string     // its version
	named, decided *Reference // what gave the image its name and its version; nil for other software and for no version
}

// root renders a folder, and what an Argo CD Application adds to it: its own values and those it reads from elsewhere.
func (r *rendering) root(root layout.Root) []*pod {
	pods := r.folder(root.Dir)

	for _, file := range root.Values() {
		pods = append(pods, r.file(file)...)
	}

	for _, e := range r.engines(root) {
		pods = append(pods, newPods(e.objects)...)
		r.apply(e.does, pods)
	}

	return pods
}

func (r *rendering) folder(dir string) []*pod {
	k, ok := r.layout.Kustomization(dir)
	if !ok {
		return r.plainFolder(dir)
	}

	return r.kustomization(k, nil)
}

// kustomization adds what a kustomization reads to what was there before it, and changes all of it as kustomize would.
func (r *rendering) kustomization(k *layout.Kustomization, pods []*pod) []*pod {
	if r.active[k.Dir] || r.exhausted() {
		return pods
	}

	r.spent++

	r.active[k.Dir] = true
	defer delete(r.active, k.Dir)

	for _, target := range k.Resources {
		if r.pages[target] != nil {
			pods = append(pods, r.file(target)...)
		} else {
			pods = append(pods, r.folder(target)...)
		}
	}

	for _, dir := range k.Components {
		if c, ok := r.layout.Kustomization(dir); ok {
			pods = r.kustomization(c, pods)
		}
	}

	r.spent += len(pods)

	if p := r.pages[k.File]; p != nil && p.kustomize != nil {
		r.apply(p.kustomize, pods)
	}

	return pods
}

// apply changes pods as kustomize would: patches first, then images.
func (r *rendering) apply(k *kustomize, pods []*pod) {
	for _, e := range k.patches {
		x := e.inline
		if p := r.pages[e.file]; p != nil {
			x = p.patches
		}

		if x != nil {
			x.apply(pods, e.target)
		}
	}

	k.apply(pods)
}

// engines is the Argo CD and Flux objects that name a root.
func (r *rendering) engines(root layout.Root) []engineObject {
	var found []engineObject

	for _, o := range root.Objects {
		if p := r.pages[o.File]; p != nil {
			found = append(found, slices.DeleteFunc(slices.Clone(p.engineObjects), func(e engineObject) bool { return e.line != o.Line })...)
		}
	}

	return found
}

// plainFolder is a folder that is applied as it is.
func (r *rendering) plainFolder(dir string) []*pod {
	var pods []*pod

	for _, name := range slices.Sorted(maps.Keys(r.pages)) {
		if layout.Within(dir, name) {
			pods = append(pods, r.file(name)...)
		}
	}

	return pods
}

func (r *rendering) file(name string) []*pod {
	var pods []*pod

	p := r.pages[name]
	if p == nil || p.patches != nil {
		return nil
	}

	pods = append(pods, newPods(p.objects)...)
	for _, e := range p.engineObjects {
		pods = append(pods, newPods(e.objects)...)
	}

	return pods
}

func newPods(objects []*object) []*pod {
	var pods []*pod

	for _, o := range objects {
		for _, c := range o.containers {
			pods = append(pods, newPod(c))
		}
	}

	return pods
}

func newPod(c *container) *pod {
	p := &pod{container: c, spelling: c.image, named: c.reference}
	if len(c.as) > 0 {
		p.spelling = "" // no entry under images: reaches it
	}

	if s, ok := split(c.image); ok && len(c.as) == 0 {
		p.spelling, p.tag, p.digest = s.part(c.image, s.name), s.part(c.image, s.tag)+s.rest, s.part(c.image, s.digest)
	}

	if ref := c.reference; ref != nil && (ref.Tag != "" || ref.Digest != "") {
		p.tag, p.digest, p.decided = ref.Tag, ref.Digest, ref
	}

	return p
}

// apply changes the images that the entries match, in order, as kustomize does: a tag drops the digest that was there, and a digest
// the tag, unless both are given.
func (k *kustomize) apply(pods []*pod) {
	for _, e := range k.images {
		for _, p := range pods {
			if p.spelling == e.name {
				e.apply(p)
			}
		}
	}
}

func (e imageEntry) apply(p *pod) {
	if e.newName != "" {
		p.spelling = e.newName
	}

	if p.named = e.reference; p.named == nil && e.newName == "" {
		p.named = p.reference
	}

	if e.newTag != "" || e.digest != "" {
		p.tag, p.digest, p.decided = e.newTag, e.digest, e.reference
	}

	if e.reference != nil {
		e.reference.matched = append(e.reference.matched, p)
	}
}

// is tells what the container is; nothing when it runs other software.
func (p *pod) is() []Component {
	if p.named == nil {
		return nil
	}

	return p.components(p.named.streaming)
}
