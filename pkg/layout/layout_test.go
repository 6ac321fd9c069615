package layout_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/goingdark-social/bot/pkg/layout"
)

var update = flag.Bool("update", false, "write what comes out into the trees under testdata")

// TestLayout reads the trees under testdata: what an engine applies, what each place reaches, and what is wrong.
func TestLayout(t *testing.T) {
	t.Parallel()

	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no trees: ", err)
	}

	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()

			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}

			tree, want := fstest.MapFS{}, ""

			for _, f := range archive.Files {
				if f.Name == "want" {
					want = string(f.Data)
				} else {
					tree[f.Name] = &fstest.MapFile{Data: f.Data}
				}
			}

			got := describe(t, tree)
			if d := cmp.Diff(want, got); d != "" && !*update {
				t.Errorf("-want +got:\n%s", d)
			}

			if *update {
				archive.Files[len(archive.Files)-1].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func describe(t *testing.T, tree fstest.MapFS) string {
	t.Helper()

	var names []string
	for name := range tree {
		names = append(names, name)
	}

	l, err := layout.Find(t.Context(), tree, names)
	if err != nil {
		t.Fatal(err)
	}

	var b strings.Builder

	for _, root := range l.Roots() {
		fmt.Fprintf(&b, "%s\n", root.Dir)

		for _, o := range root.Objects {
			fmt.Fprintf(&b, "  named by %s %s, %s:%d\n", o.Kind, o.Name, o.File, o.Line)
		}

		for _, file := range root.Files() {
			fmt.Fprintf(&b, "  %s\n", file)
		}
	}

	for _, p := range l.Problems() {
		fmt.Fprintf(&b, "problem %s:%d: %s\n", p.File, p.Line, p.Message)
	}

	return b.String()
}

func TestFolder(t *testing.T) {
	t.Parallel()

	for want, files := range map[string][]string{
		".": {}, "a": {"a/b", "a/c/d"}, "a/b": {"a/b/c"}, "x": {"x/ab/y", "x/abc/y"},
	} {
		if got := layout.Folder(files...); got != want {
			t.Errorf("Folder(%v) = %q, want %q", files, got, want)
		}
	}
}

// TestLinks follows links inside the tree and never out of it.
func TestLinks(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	for name, data := range map[string]string{
		"common/base/kustomization.yaml": "resources: [x.yaml]\n", "common/base/x.yaml": "a: b\n",
		"app/kustomization.yaml": "resources: [in, in/x.yaml, out, circle, abs]\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}

		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	for name, target := range map[string]string{
		"in": "../common/base", "out": "../../outside", "circle": "circle", "abs": filepath.Join(dir, "common"),
	} {
		if err := os.Symlink(target, filepath.Join(dir, "app", name)); err != nil {
			t.Fatal(err)
		}
	}

	l, err := layout.Find(t.Context(), os.DirFS(dir), []string{"app/kustomization.yaml", "common/base/kustomization.yaml", "common/base/x.yaml"})
	if err != nil {
		t.Fatal(err)
	}

	roots := l.Roots()
	if len(roots) != 1 || roots[0].Dir != "app" || !roots[0].Reaches("common/base/x.yaml") {
		t.Error(roots)
	}

	problems := l.Problems()
	if len(problems) != 3 || !slices.ContainsFunc(problems, func(p layout.Problem) bool { return strings.Contains(p.Message, "circle is not in this tree") }) {
		t.Error(problems)
	}
}

func FuzzFind(f *testing.F) {
	f.Add("resources: [a, ../b, /c, https://x]\npatches: [{path: x}]\nhelmCharts: [{name: y}]\n")
	f.Add("apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec: {generators: [{git: {directories: [{path: '[*'}]}}]}\n")
	f.Add("a: &a [*a]\n")

	f.Fuzz(func(t *testing.T, data string) {
		tree := fstest.MapFS{"a/kustomization.yaml": {Data: []byte(data)}, "b/x.yaml": {Data: []byte(data)}, "b/kustomization.yml": {Data: []byte(data)}}

		l, err := layout.Find(t.Context(), tree, []string{"a/kustomization.yaml", "b/x.yaml", "b/kustomization.yml"})
		if err != nil {
			t.Fatal(err)
		}

		for _, root := range l.Roots() {
			root.Files()
		}
	})
}
