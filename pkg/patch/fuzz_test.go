package patch

import (
	"bytes"
	"maps"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/goingdark-social/bot/pkg/version"
)

// places are the files that an input is tried as.
var places = []string{
	"app/pod.yaml", "app/kustomization.yaml", "app/values.yaml", "app/notes.md", "app/pod.json", "app/.env", "app/Dockerfile",
	"app/templates/pod.yaml", "app/docker-compose.yml", "app/script.sh", "app/Chart.yaml", "app/patch.yaml",
}

// FuzzPlan holds every input, as every kind of file, beside a manifest that makes an application: nothing panics, outside of the
// edits every byte stays, a second move changes nothing, and the way back gives the bytes of the beginning.
func FuzzPlan(f *testing.F) {
	corpora, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}

	for _, file := range corpora {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}

		for i, member := range archive.Files {
			f.Add(uint8(i), member.Data)
		}
	}

	f.Fuzz(func(t *testing.T, place uint8, data []byte) {
		name := places[int(place)%len(places)]
		tree := fstest.MapFS{"app/web.yaml": {Data: []byte(podYAML)}, name: {Data: data}}

		moved, ok := moveTo(t, tree, "v4.4.4")
		if !ok {
			return
		}

		if again, ok := moveTo(t, moved, "v4.4.4"); !ok || !bytes.Equal(again[name].Data, moved[name].Data) {
			t.Errorf("a second move changes\n%q to\n%q", moved[name].Data, again[name].Data)
		}

		// The way back is certain where one version was named, in one spelling, and the other nowhere.
		if bytes.Contains(data, []byte("4.4.4")) || bytes.Contains(data, []byte("4-4-4")) || !uniform(t, tree) {
			return
		}

		if back, ok := moveTo(t, moved, "v4.4.3"); !ok || !bytes.Equal(back[name].Data, data) {
			t.Errorf("there and back makes of\n%q\n%q", data, back[name].Data)
		}
	})
}

func uniform(t *testing.T, tree fstest.MapFS) bool {
	t.Helper()

	scanned, err := Scan(t.Context(), tree, Options{})
	if err != nil {
		t.Fatal(err)
	}

	for _, r := range scanned.References {
		if r.at.tag.Len() > 0 {
			spelling := string(tree[r.File].Data[r.at.tag.Start:r.at.tag.End])
			if spelling != r.Tag || r.Tag != "v4.4.3" && (r.at.spell == nil || r.at.spell("v4.4.3") != r.Tag) {
				return false
			}
		}
	}

	return true
}

// moveTo gives the tree as it is after moving its application, and checks each file's edits.
func moveTo(t *testing.T, tree fstest.MapFS, to string) (fstest.MapFS, bool) {
	t.Helper()

	scanned, err := Scan(t.Context(), tree, Options{})
	if err != nil {
		t.Fatal(err)
	}

	files, err := scanned.Plan("app", Target{Version: version.Parse(to)})
	if err != nil {
		return nil, false
	}

	moved := fstest.MapFS{}
	maps.Copy(moved, tree)

	for _, file := range files {
		if !bytes.Equal(file.Before, tree[file.Path].Data) {
			t.Errorf("%s: before is not what was read", file.Path)
		}

		onlyVersions(t, scanned, file, to)

		moved[file.Path] = &fstest.MapFile{Data: file.After}
	}

	return moved, true
}

// onlyVersions puts the file together again from the bytes between its references and the version in the spelling of each.
func onlyVersions(t *testing.T, tree *Tree, file File, to string) {
	t.Helper()

	var want []byte

	from := 0

	for _, r := range tree.References { // in the order of the file
		if r.File != file.Path || r.at.tag.Len() == 0 || r.at.elsewhere || r.Application != "app" {
			continue
		}

		tag := to
		if r.at.spell != nil {
			tag = r.at.spell(to)
		}

		want = append(append(want, file.Before[from:r.at.tag.Start]...), tag...)
		from = r.at.tag.End
	}

	if want = append(want, file.Before[from:]...); !bytes.Equal(want, file.After) {
		t.Errorf("%s: more than versions changed:\n%q\n%q", file.Path, file.Before, file.After)
	}
}
