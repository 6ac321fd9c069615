package rival

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/goingdark-social/bot/internal/node"
)

// objects looks through the manifests for the updaters that run in a cluster.
func (t *tree) objects(ctx context.Context, files []string) ([]Rival, error) {
	f := &finder{tree: t, data: map[string][]byte{}}

	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}

		if ext := path.Ext(file); ext != ".yaml" && ext != ".yml" {
			continue
		}

		data, err := fs.ReadFile(t.fsys, file)
		if err != nil {
			return nil, err
		}

		f.file(file, data)
	}

	return append(append(f.flux(), f.keel()...), f.argo...), nil
}

// finder collects what the manifests say until all are read.
type finder struct {
	*tree

	data       map[string][]byte // of the files with places
	automation bool              // an ImageUpdateAutomation is in the tree
	watched    []watch           // ImageRepositories of the images
	kept       []watch           // workloads and charts that Keel is told to keep up to date
	ours       []workload        // workloads of the images
	argo       []Rival
}

// watch is an object that names an image, or a workload.
type watch struct {
	file, what string
	line       int
	places     []Place
}

// needles are words without one of which no document is of interest here.
var needles = []string{"keel", "argocd-image-updater", "image.toolkit.fluxcd.io"}

func (f *finder) file(file string, data []byte) {
	mine := f.in(file)
	if len(mine) > 0 {
		f.data[file] = data
	}

	interesting := len(mine) > 0
	for _, n := range needles {
		interesting = interesting || bytes.Contains(data, []byte(n))
	}

	if !interesting {
		return
	}

	// What follows a fault is not read; a scan of the places reports the file.
	docs, _ := documents(data)
	for _, doc := range docs {
		f.document(file, doc, mine)
	}
}

// in are the places of a file.
func (f *finder) in(file string) []Place {
	var all []Place

	for _, p := range f.places {
		if p.File == file {
			all = append(all, p)
		}
	}

	return all
}

func (f *finder) document(file string, doc *yaml.Node, places []Place) {
	kind := node.Text(node.Get(doc, "kind"))
	group, _, _ := strings.Cut(node.Text(node.Get(doc, "apiVersion")), "/")

	f.keelDocument(file, doc, within(doc, places))

	switch group + " " + kind {
	case "image.toolkit.fluxcd.io ImageUpdateAutomation":
		f.automation = true
	case "image.toolkit.fluxcd.io ImageRepository":
		if image := node.Get(doc, "spec", "image"); len(f.of(node.Text(image))) > 0 {
			f.watched = append(f.watched, watch{file: file, line: line(image), what: node.Text(image), places: f.of(node.Text(image))})
		}
	case "argoproj.io Application", "argoproj.io ApplicationSet":
		f.annotated(file, doc)
	case "argocd-image-updater.argoproj.io ImageUpdater":
		f.custom(file, doc)
	}
}

// of are the places of an image, whose spelling may have a tag or a version constraint.
func (f *finder) of(image string) []Place {
	var all []Place

	for _, p := range f.places {
		if rest, ok := strings.CutPrefix(image, p.Image); ok && (rest == "" || rest[0] == ':' || rest[0] == '@') {
			all = append(all, p)
		}
	}

	return all
}

// within are the places that lie in a document.
func within(doc *yaml.Node, places []Place) []Place {
	last := lastLine(doc, 0)

	var all []Place

	for _, p := range places {
		if p.Line >= doc.Line && p.Line <= last {
			all = append(all, p)
		}
	}

	return all
}

// lastLine is the line of the last node below n. Aliases are not followed: what they stand for lies elsewhere.
func lastLine(n *yaml.Node, depth int) int {
	const deepest = 200

	last := n.Line
	if depth > deepest {
		return last
	}

	for _, child := range n.Content {
		last = max(last, lastLine(child, depth+1))
	}

	return last
}

// annotated reads the annotation by which an Argo CD Application asks for updates.
func (f *finder) annotated(file string, doc *yaml.Node) {
	const key = "argocd-image-updater.argoproj.io/image-list"

	for _, path := range [][]string{{"metadata", "annotations"}, {"spec", "template", "metadata", "annotations"}} {
		at := node.Get(node.Get(doc, path...), key)

		var places []Place

		for spec := range strings.SplitSeq(node.Text(at), ",") {
			image := strings.TrimSpace(spec)
			if _, path, aliased := strings.Cut(image, "="); aliased {
				image = path
			}

			places = append(places, f.of(image)...)
		}

		f.updates(file, line(at), places, "the annotation "+key+" names images of Mastodon")
	}
}

// custom reads the object by which Argo CD Image Updater is configured from its version 1 on.
func (f *finder) custom(file string, doc *yaml.Node) {
	for _, ref := range items(node.Get(doc, "spec", "applicationRefs")) {
		for _, image := range items(node.Get(ref, "images")) {
			name := node.Get(image, "imageName")
			f.updates(file, line(name), f.of(node.Text(name)), "the ImageUpdater names an image of Mastodon")
		}
	}
}

func (f *finder) updates(file string, at int, places []Place, why string) {
	if len(places) > 0 {
		slices.SortFunc(places, comparePlaces)
		f.argo = append(f.argo, f.rival(ImageUpdater, file, at, Moves, places, why))
	}
}

// flux are the places whose line tells Flux to set them, and the repositories that are watched for none of them.
func (f *finder) flux() []Rival {
	by := map[string][]Place{}
	lines := map[string][][]byte{}

	for _, p := range f.places {
		if lines[p.File] == nil {
			lines[p.File] = bytes.Split(f.data[p.File], []byte("\n"))
		}

		if marked(lines[p.File], p.Line) {
			by[p.File] = append(by[p.File], p)
		}
	}

	var found []Rival

	for _, p := range f.places { // in order
		if places := by[p.File]; len(places) > 0 {
			verdict, why := Moves, "the lines are marked with $imagepolicy, and an ImageUpdateAutomation is in the tree"
			if !f.automation {
				verdict, why = Unknown, "the lines are marked with $imagepolicy; whether an ImageUpdateAutomation acts on them is not in the tree"
			}

			found = append(found, f.rival(Flux, p.File, places[0].Line, verdict, places, why))
			delete(by, p.File)
		}
	}

	for _, w := range f.watched {
		if len(found) == 0 {
			found = append(found, f.rival(Flux, w.file, w.line, Apart, nil, fmt.Sprintf("an ImageRepository watches %s, and no line is marked to be set", w.what)))
		}
	}

	return found
}

// marked tells whether a line of a file carries Flux's marker.
func marked(lines [][]byte, number int) bool {
	return number >= 1 && number <= len(lines) && bytes.Contains(lines[number-1], []byte("$imagepolicy"))
}
