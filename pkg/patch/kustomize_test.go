package patch

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/pkg/layout"
	"github.com/goingdark-social/bot/pkg/version"
)

// trees is every corpus and every example.
func trees(t *testing.T) map[string]fs.FS {
	t.Helper()

	all := map[string]fs.FS{}

	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}

	for _, file := range files {
		all[filepath.Base(file)] = readCorpus(t, file).tree
	}

	for _, example := range []string{"as-noted", "goingdark"} {
		all[example] = os.DirFS(filepath.Join("..", "..", "examples", example))
	}

	return all
}

// TestRenderingAgrees holds the rendering of this package against kustomize's own: for every root that kustomize can build, the same
// images come out.
func TestRenderingAgrees(t *testing.T) {
	compared := 0

	for name, tree := range trees(t) {
		s := scanned(t, tree)

		for _, root := range s.layout.Roots() {
			want, ok := kustomizeBuild(t, tree, root.Dir)
			if !ok {
				continue
			}

			compared++

			if d := cmp.Diff(images(want), rendered(s.renders(t, root))); d != "" {
				t.Errorf("%s, %s (-kustomize +ours):\n%s", name, root.Dir, d)
			}
		}
	}

	if compared < 8 {
		t.Errorf("only %d roots were compared", compared)
	}
}

// TestOnlyImagesDiffer moves each application whose root kustomize can build, and compares what it builds before and after line by
// line: nothing but versions differ.
func TestOnlyImagesDiffer(t *testing.T) {
	for name, tree := range trees(t) {
		s := scanned(t, tree)
		for _, a := range s.apps {
			files, err := s.tree().Plan(a.name, Target{Version: version.Parse("v4.4.4")})
			if err != nil {
				continue
			}

			moved := copied(t, tree)
			for _, f := range files {
				moved[f.Path] = &fstest.MapFile{Data: f.After}
			}

			for _, root := range a.roots() {
				before, ok := kustomizeBuild(t, tree, root)
				if !ok {
					continue
				}

				after, ok := kustomizeBuild(t, moved, root)
				if !ok {
					t.Errorf("%s, %s builds no more", name, root)
				}

				versionsDiffer(t, before, after)
			}
		}
	}
}

// anyVersion matches versions, and the hash that a generated name carries of its content.
var anyVersion = regexp.MustCompile(`v?\d+[.-]\d+[.-]\d+(-?(alpha|beta|rc|b)\.?\d+)?|nightly[.\d-]*|latest|-[0-9a-z]{10}\b`)

func versionsDiffer(t *testing.T, before, after string) {
	t.Helper()

	was, is := strings.Split(before, "\n"), strings.Split(after, "\n")
	if len(was) != len(is) {
		t.Fatalf("%d lines become %d", len(was), len(is))
	}

	for i := range was {
		if anyVersion.ReplaceAllString(was[i], "") != anyVersion.ReplaceAllString(is[i], "") {
			t.Errorf("%q became %q", was[i], is[i])
		}
	}
}

// scanned is a scan before it becomes a tree.
func scanned(t *testing.T, tree fs.FS) *scan {
	t.Helper()

	w := newWalker(tree, newNames(Options{}), nil)
	if err := w.walk(t.Context(), 2); err != nil {
		t.Fatal(err)
	}

	s := newScan(tree, Options{}, w)
	s.run()

	return s
}

// everything is the pages of all manifests: kustomize renders other software too.
func everything(t *testing.T, s *scan) map[string]*page {
	t.Helper()

	pages := maps.Clone(s.byPath)

	for _, file := range s.layout.Files() {
		if pages[file] == nil && layout.Speaks(file) {
			data, err := fs.ReadFile(s.fsys, file)
			if err != nil {
				t.Fatal(err)
			}

			pages[file] = readPage(file, data, s.names)
		}
	}

	return pages
}

func copied(t *testing.T, tree fs.FS) fstest.MapFS {
	t.Helper()

	copied := fstest.MapFS{}

	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}

		data, err := fs.ReadFile(tree, name)
		copied[name] = &fstest.MapFile{Data: data}

		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	return copied
}

// kustomizeBuild builds a folder in memory; not ok when kustomize can't.
func kustomizeBuild(t *testing.T, tree fs.FS, dir string) (string, bool) {
	t.Helper()

	disk := filesys.MakeFsInMemory()
	for name, file := range copied(t, tree) {
		if err := disk.WriteFile("/"+name, file.Data); err != nil {
			t.Fatal(err)
		}
	}

	options := krusty.MakeDefaultOptions()
	options.LoadRestrictions = types.LoadRestrictionsNone

	built, err := krusty.MakeKustomizer(options).Run(disk, "/"+dir)
	if err != nil {
		return "", false
	}

	out, err := built.AsYaml()

	return string(out), err == nil
}

// images is every image in what kustomize built.
func images(built string) []string {
	found := []string{}

	decoder := yaml.NewDecoder(strings.NewReader(built))
	for {
		var n yaml.Node
		if decoder.Decode(&n) != nil {
			slices.Sort(found)

			return found
		}

		w := containerWalk{page: newPage("", nil, newNames(Options{})), seen: map[*yaml.Node]bool{}, survey: true, objects: &[]*object{}}
		w.node(n.Content[0], nil)

		for _, o := range *w.objects {
			for _, c := range o.containers {
				if c.list != "" {
					found = append(found, o.kind+"/"+c.name+" "+c.image)
				}
			}
		}
	}
}

// renders is what comes out of a root, other software and replacements included.
func (s *scan) renders(t *testing.T, root layout.Root) []*pod {
	t.Helper()

	r := rendering{layout: s.layout, pages: everything(t, s), active: map[string]bool{}}
	pods := r.folder(root.Dir) // what an engine adds is not kustomize's

	for _, a := range s.apps {
		for _, d := range a.seeds {
			if d.root.Dir == root.Dir {
				d.pods, a.all = pods, nil
				s.replacements()
				s.variables()
			}
		}
	}

	return pods
}

func rendered(pods []*pod) []string {
	found := []string{}

	for _, p := range pods {
		if p.list == "" {
			continue
		}

		image := p.spelling
		if p.tag != "" {
			image += ":" + p.tag
		}

		if p.digest != "" {
			image += "@" + p.digest
		}

		found = append(found, p.object.kind+"/"+p.name+" "+image)
	}

	slices.Sort(found)

	return found
}
