package examples_test

import (
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

var image = regexp.MustCompile(`ghcr\.io/glitch-soc/mastodon(?:-streaming)?:(v[0-9.]+)`)

func TestOneVersionEverywhere(t *testing.T) {
	t.Parallel()
	for tree, places := range map[string]int{"as-noted": 11, "goingdark": 12} {
		t.Run(tree, func(t *testing.T) {
			t.Parallel()
			found := 0
			for _, file := range files(t, tree) {
				data, err := os.ReadFile(path.Join(tree, file))
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range image.FindAllStringSubmatch(string(data), -1) {
					found++
					if m[1] != "v4.4.3" {
						t.Errorf("%s names %s", file, m[0])
					}
				}
			}
			if found != places {
				t.Errorf("%d places name an image, want %d", found, places)
			}
		})
	}
}

// listed follows kustomizations from their folders to the files that they reach.
func listed(t *testing.T, tree, dir string, into map[string]bool) {
	t.Helper()
	file := path.Join(dir, "kustomization.yaml")
	data, err := os.ReadFile(path.Join(tree, file))
	if err != nil {
		t.Fatal(err)
	}
	var k struct {
		Resources          []string `yaml:"resources"`
		ConfigMapGenerator []struct {
			Files []string `yaml:"files"`
		} `yaml:"configMapGenerator"`
	}
	if err := yaml.Unmarshal(data, &k); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	into[file] = true
	for _, g := range k.ConfigMapGenerator {
		for _, f := range g.Files {
			into[path.Join(dir, f)] = true
		}
	}
	for _, r := range k.Resources {
		if strings.HasSuffix(r, ".yaml") {
			into[path.Join(dir, r)] = true
		} else {
			listed(t, tree, path.Join(dir, r), into)
		}
	}
}

// unlisted are a tree's manifests that no kustomization reaches.
func unlisted(t *testing.T, tree string, dirs ...string) []string {
	t.Helper()
	reached := map[string]bool{}
	for _, dir := range dirs {
		listed(t, tree, dir, reached)
	}
	var out []string
	for _, file := range files(t, tree) {
		ext := path.Ext(file)
		if (ext == ".yaml" || ext == ".conf") && !reached[file] {
			out = append(out, file)
		}
	}
	return out
}

func TestTidyTreeListsEveryManifest(t *testing.T) {
	t.Parallel()
	if left := unlisted(t, "goingdark", root, "argocd"); len(left) > 0 {
		t.Errorf("in no kustomization: %v", left)
	}
}

// The warts of the noted tree are wanted: a clean-up by mistake would take the checks' material away.
func TestNotedTreeKeepsItsWarts(t *testing.T) {
	t.Parallel()
	want := []string{
		"argocd/mastodon.yaml",
		root + "/externalsecret.yaml",
		root + "/sidekiq-deployment.yaml",
		root + "/streaming-deployment.yaml",
		root + "/web-deployment.yaml",
	}
	if got := unlisted(t, "as-noted", root); !slices.Equal(got, want) {
		t.Errorf("in no kustomization: %v, want %v", got, want)
	}
}

func TestApplicationNamesTheRoot(t *testing.T) {
	t.Parallel()
	for _, tree := range trees() {
		if docs := documents(t, path.Join(tree, "argocd/mastodon.yaml")); !holds(docs, map[string]any{"path": root}) {
			t.Errorf("%s: the Argo CD Application does not apply %s", tree, root)
		}
	}
}
