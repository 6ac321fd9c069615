package rival

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/goingdark-social/bot/internal/node"
)

// keelDocument notes a workload of the images, and one that Keel is told to keep up to date: a patch has the annotation and
// not the image.
func (f *finder) keelDocument(file string, doc *yaml.Node, places []Place) {
	id := node.Text(node.Get(doc, "kind")) + " " + node.Text(node.Get(doc, "metadata", "name"))

	for _, p := range places {
		f.ours = append(f.ours, workload{id, p})
	}

	for _, path := range [][]string{{"metadata", "annotations"}, {"metadata", "labels"}} {
		if at := node.Get(node.Get(doc, path...), "keel.sh/policy"); active(at) {
			f.kept = append(f.kept, watch{file: file, line: line(at), what: id, places: places})
		}
	}

	if at := node.Get(doc, "keel", "policy"); active(at) && len(places) > 0 { // values of a chart
		f.kept = append(f.kept, watch{file: file, line: line(at), what: id, places: places})
	}
}

// active tells a policy that does something.
func active(policy *yaml.Node) bool { return node.Text(policy) != "" && node.Text(policy) != "never" }

// workload is a place and the object that it lies in.
type workload struct {
	id    string
	place Place
}

func (f *finder) keel() []Rival {
	var found []Rival

	for _, w := range f.kept {
		places := slices.Clone(w.places)

		for _, o := range f.ours {
			if len(w.places) == 0 && o.id == w.what {
				places = append(places, o.place)
			}
		}

		if len(places) > 0 {
			found = append(found, f.rival(Keel, w.file, w.line, Moves, places, "a Keel policy is set for the workload"))
		}
	}

	return found
}
