package patch

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goingdark-social/bot/pkg/version"
)

func podOf(image string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(strings.ReplaceAll(podYAML, "ghcr.io/glitch-soc/mastodon:v4.4.3", image))}
}

// TestConfigured holds what policy says against what is found.
func TestConfigured(t *testing.T) {
	t.Parallel()

	mirror := Family{Web: "registry.example:5000/mirror/mastodon", Streaming: "registry.example:5000/mirror/streaming", TagSuffix: "-example"}
	tree := fstest.MapFS{
		"a/kustomization.yaml": {Data: []byte("resources: [web.yaml]\n")},
		"a/web.yaml":           podOf(mirror.Web + ":v4.4.3-example"),
		"a/old/web.yaml":       podOf(mirror.Web + ":v4.0.0-example"),
		"a/old/broken.yaml":    {Data: []byte("image: " + mirror.Web + ":v4.0.0-example\na: b: c\n")},
		"b/web.yaml":           podOf("ghcr.io/glitch-soc/mastodon:v4.4.3"),
		"b/streaming.yaml":     podOf("ghcr.io/mastodon/mastodon-streaming:v4.4.3"),
		"notes/one.md":         {Data: []byte("`" + mirror.Web + ":v4.4.3-example` and `v4.4.3`\n")},
		"bot.yaml":             {Data: []byte("image: ghcr.io/glitch-soc/mastodon\n")},
	}
	options := Options{Applications: []ApplicationConfig{
		{Name: "mirrored", Root: "a", Images: mirror, Notes: []string{"notes/*.md"}, Exclude: []string{"**/old/**"}},
		{Name: "both", Root: "./b/", Images: Family{Web: "ghcr.io/glitch-soc/mastodon", Streaming: "ghcr.io/mastodon/mastodon-streaming"}},
	}}

	scanned, err := Scan(t.Context(), tree, options)
	if err != nil {
		t.Fatal(err)
	}

	if len(scanned.Problems) > 0 || len(scanned.Applications) != 2 {
		t.Fatal(listing(scanned))
	}

	for name, want := range map[string]struct {
		to    string
		after []string
	}{
		"mirrored": {"v4.4.4-example", []string{"a/web.yaml", "notes/one.md"}},
		"both":     {"v4.4.4", []string{"b/streaming.yaml", "b/web.yaml"}},
	} {
		files, err := scanned.Plan(name, Target{Version: version.Parse("v4.4.4")})
		if err != nil {
			t.Fatal(err)
		}

		var changed []string

		for _, f := range files {
			changed = append(changed, f.Path)

			if !strings.Contains(string(f.After), ":"+want.to) {
				t.Errorf("%s: %s", f.Path, f.After)
			}
		}

		if !slices.Equal(changed, want.after) {
			t.Errorf("%s changes %v", name, changed)
		}
	}
}

// TestContradictions are options that can't be meant.
func TestContradictions(t *testing.T) {
	t.Parallel()

	for name, apps := range map[string][]ApplicationConfig{
		"name twice":  {{Name: "a", Root: "x"}, {Name: "a", Root: "y"}},
		"root twice":  {{Name: "a", Root: "x"}, {Name: "b", Root: "./x/"}},
		"out of tree": {{Name: "a", Root: "../x"}},
	} {
		if _, err := Scan(t.Context(), fstest.MapFS{}, Options{Applications: apps}); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// TestNames are folders that no branch could be called after, and applications that only their folders tell apart.
func TestNames(t *testing.T) {
	t.Parallel()

	tree := fstest.MapFS{}
	for _, dir := range []string{"my app~1", "x/social", "y/social", "y/y/social", "base", "z/base"} {
		tree[dir+"/kustomization.yaml"] = &fstest.MapFile{Data: []byte("resources: [web.yaml]\n")}
		tree[dir+"/web.yaml"] = podOf("ghcr.io/glitch-soc/mastodon:v4.4.3")
	}

	scanned, err := Scan(t.Context(), tree, Options{})
	if err != nil {
		t.Fatal(err)
	}

	var names []string
	for _, a := range scanned.Applications {
		names = append(names, a.Name)
	}

	if want := []string{"base", "my-app-1", "x-social", "y-social", "y-y-social", "z"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
}

// TestEmpty is a tree without a reference.
func TestEmpty(t *testing.T) {
	t.Parallel()

	scanned, err := Scan(t.Context(), fstest.MapFS{"a.yaml": {Data: []byte("a: b\n")}}, Options{})
	if err != nil || scanned.References == nil || scanned.Problems == nil || scanned.Applications == nil {
		t.Errorf("%v, %v", scanned, err)
	}

	if _, err := scanned.Plan("none", Target{Version: version.Parse("v4.4.4")}); err == nil {
		t.Error("an application that is not there was moved")
	}
}
