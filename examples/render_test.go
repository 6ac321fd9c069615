package examples_test

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// root is the folder that Argo CD applies, the same in both trees.
const root = "k8s/applications/web/mastodon"

func trees() []string { return []string{"as-noted", "goingdark"} }

// inMemory copies a tree into a file system of kustomize's own, as the program does with a commit.
func inMemory(t *testing.T, tree string) filesys.FileSystem {
	t.Helper()
	mem := filesys.MakeFsInMemory()
	for _, file := range files(t, tree) {
		data, err := os.ReadFile(path.Join(tree, file))
		if err != nil {
			t.Fatal(err)
		}
		if err := mem.WriteFile("/"+file, data); err != nil {
			t.Fatal(err)
		}
	}
	return mem
}

// files lists a tree's files, slash-separated and relative to it.
func files(t *testing.T, tree string) []string {
	t.Helper()
	var out []string
	err := fs.WalkDir(os.DirFS(tree), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			out = append(out, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func render(t *testing.T, fsys filesys.FileSystem, dir string) resmap.ResMap {
	t.Helper()
	m, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(fsys, dir)
	if err != nil {
		t.Fatalf("rendering %s: %v", dir, err)
	}
	return m
}

func TestTreesRenderAlikeInMemoryAndOnDisk(t *testing.T) {
	t.Parallel()
	for _, tree := range trees() {
		t.Run(tree, func(t *testing.T) {
			t.Parallel()
			mem, err := render(t, inMemory(t, tree), "/"+root).AsYaml()
			if err != nil {
				t.Fatal(err)
			}
			disk, err := render(t, filesys.MakeFsOnDisk(), path.Join(tree, root)).AsYaml()
			if err != nil {
				t.Fatal(err)
			}
			if string(mem) != string(disk) {
				t.Error("the rendering depends on where the tree lies")
			}
			for _, kind := range []string{"Deployment", "Job", "postgresql", "ExternalSecret", "ConfigMap", "Namespace"} {
				if !strings.Contains(string(mem), "\nkind: "+kind+"\n") {
					t.Errorf("no %s is rendered", kind)
				}
			}
		})
	}
}

// Every workload of the instance is rendered, and every ConfigMap it names is one that the tree makes.
func TestRenderedReferencesResolve(t *testing.T) {
	t.Parallel()
	for _, tree := range trees() {
		t.Run(tree, func(t *testing.T) {
			t.Parallel()
			m := render(t, inMemory(t, tree), "/"+root)
			made := map[string]bool{}
			for _, r := range m.Resources() {
				made[r.GetKind()+" "+r.GetName()] = true
			}
			for _, want := range []string{"Deployment mastodon-web", "Deployment mastodon-sidekiq", "Deployment mastodon-streaming"} {
				if !made[want] {
					t.Errorf("%s is not rendered", want)
				}
			}
			for _, r := range m.Resources() {
				for name := range configMaps(r.MustYaml()) {
					if !made["ConfigMap "+name] {
						t.Errorf("%s %s names ConfigMap %s, which nothing makes", r.GetKind(), r.GetName(), name)
					}
				}
			}
		})
	}
}

// configMaps finds the names that envFrom and volumes give, in rendered YAML, whose form is kustomize's.
func configMaps(rendered string) map[string]bool {
	out := map[string]bool{}
	lines := strings.Split(rendered, "\n")
	for i, line := range lines {
		key := strings.TrimLeft(line, " -")
		if key != "configMapRef:" && key != "configMap:" {
			continue
		}
		for _, next := range lines[i+1:] {
			if name, ok := strings.CutPrefix(strings.TrimSpace(next), "name: "); ok {
				out[name] = true
				break
			}
		}
	}
	return out
}
