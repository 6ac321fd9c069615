package patch

import (
	"os"
	"slices"
	"testing"
	"testing/fstest"
)

// TestRunsAreWhatIsRendered: a base says one version, the overlay's entry another, and what runs is the entry's.
func TestRunsAreWhatIsRendered(t *testing.T) {
	t.Parallel()

	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"base/kustomization.yaml": "resources: [web.yaml, streaming.yaml]\n",
		"base/web.yaml":           podYAML,
		"base/streaming.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: streaming}\n" +
			"spec: {containers: [{name: streaming, image: ghcr.io/glitch-soc/mastodon-streaming:v4.4.1}]}\n",
		"overlay/kustomization.yaml": "resources: [../base]\nimages: [{name: ghcr.io/glitch-soc/mastodon, newTag: v4.4.4}]\n",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}

	tree, err := Scan(t.Context(), files, Options{})
	if err != nil {
		t.Fatal(err)
	}

	if got, want := ran(tree), []string{"web v4.4.4", "streaming v4.4.1"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestRunsOfTheExamples(t *testing.T) {
	t.Parallel()

	tree, err := Scan(t.Context(), os.DirFS("../../examples/goingdark"), Options{})
	if err != nil {
		t.Fatal(err)
	}

	for _, want := range []string{"web v4.4.3", "sidekiq v4.4.3", "streaming v4.4.3", "migrate v4.4.3"} {
		if !slices.Contains(ran(tree), want) {
			t.Errorf("%q is not among %q", want, ran(tree))
		}
	}
}

func ran(tree *Tree) []string {
	var out []string

	for _, a := range tree.Applications {
		for _, r := range a.Runs {
			out = append(out, string(r.Component)+" "+r.Version.String())
		}
	}

	return out
}

func TestMentions(t *testing.T) {
	t.Parallel()

	mentions := Mentions(Options{Families: []Family{{Web: "registry.example/fork/mastodon"}}})

	for content, want := range map[string]bool{
		"image: ghcr.io/glitch-soc/mastodon:v4.4.3": true, "image: registry.example/fork/mastodon:v1": true, "image: nginx": false,
	} {
		if got := mentions("a.yaml", []byte(content)); got != want {
			t.Errorf("%s: %v", content, got)
		}
	}
}
