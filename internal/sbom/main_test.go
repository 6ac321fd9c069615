package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// TestListsWhatIsLinked reads this very test program, which Go has built.
func TestListsWhatIsLinked(t *testing.T) {
	t.Parallel()

	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}

	var first, second bytes.Buffer
	for _, w := range []*bytes.Buffer{&first, &second} {
		if err := run([]string{self}, w); err != nil {
			t.Fatal(err)
		}
	}

	if first.String() != second.String() {
		t.Error("the same program gave two lists")
	}

	var got bom
	if err := json.Unmarshal(first.Bytes(), &got); err != nil {
		t.Fatal(err)
	}

	if got.Format != "CycloneDX" || got.Metadata.Component.Name != "github.com/goingdark-social/bot" || len(got.Components) == 0 {
		t.Errorf("not a list of this module: %+v", got)
	}
}

// TestEveryModuleIsListed: by version and hash, a replaced one as what stands in its place.
func TestEveryModuleIsListed(t *testing.T) {
	t.Parallel()

	const sum = "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

	got, err := list(&debug.BuildInfo{
		GoVersion: "go1.26.8 X:nodwarf5", Main: debug.Module{Path: "example.org/program", Version: "(devel)"},
		Deps: []*debug.Module{
			{Path: "example.org/library", Version: "v1.2.3+incompatible", Sum: sum},
			{Path: "example.org/broken", Version: "v1.0.0", Replace: &debug.Module{Path: "example.org/mended", Version: "v1.0.1", Sum: sum}},
		},
		Settings: []debug.BuildSetting{{Key: "GOOS", Value: "linux"}, {Key: "-ldflags", Value: "/home/ada"}},
	})
	if err != nil {
		t.Fatal(err)
	}

	want := []string{"pkg:golang/stdlib@1.26.8", "pkg:golang/example.org/library@v1.2.3%2Bincompatible", "pkg:golang/example.org/mended@v1.0.1"}
	if !slices.Equal(got.Dependencies[0].On, want) || len(got.Components) != len(want) {
		t.Errorf("%v, want %v", got.Dependencies[0].On, want)
	}

	// SHA-256 of nothing.
	if h := got.Components[1].Hashes[0].Content; h != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" {
		t.Errorf("the hash is %s", h)
	}

	if len(got.Metadata.Component.Properties) != 1 || got.Metadata.Component.Version != "" {
		t.Errorf("the program is told as %+v", got.Metadata.Component)
	}
}

// TestWhatCannotBeListed is an error that says why, and no empty list.
func TestWhatCannotBeListed(t *testing.T) {
	t.Parallel()

	file := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(file, []byte("no program"), 0o600); err != nil {
		t.Fatal(err)
	}

	var out bytes.Buffer
	if err := run([]string{file}, &out); err == nil || !strings.Contains(err.Error(), file) || out.Len() > 0 {
		t.Errorf("%v, %q", err, out.String())
	}

	if run(nil, &out) == nil {
		t.Error("no program was given, and that is no error")
	}

	if _, err := list(&debug.BuildInfo{Main: debug.Module{Path: "example.org/program"}, Deps: []*debug.Module{{Path: "example.org/library"}}}); err == nil {
		t.Error("a module without a hash is no error")
	}
}
