package rival_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/goingdark-social/bot/pkg/rival"
)

var update = flag.Bool("update", false, "write what is found into the archives")

// load makes a tree of an archive: every file but want. A place is a line that names an image of Mastodon.
func load(archive *txtar.Archive) (tree fstest.MapFS, files []string, places []rival.Place) {
	tree = fstest.MapFS{}

	for _, f := range archive.Files {
		if f.Name == "want" {
			continue
		}

		tree[f.Name] = &fstest.MapFile{Data: f.Data}
		files = append(files, f.Name)

		for i, line := range strings.Split(string(f.Data), "\n") {
			_, rest, ok := strings.Cut(line, "ghcr.io/glitch-soc/mastodon")
			if !ok || configures(f.Name) || configures(line) {
				continue
			}

			image := "ghcr.io/glitch-soc/mastodon"
			if strings.HasPrefix(rest, "-streaming") {
				image += "-streaming"
			}

			places = append(places, rival.Place{File: f.Name, Line: i + 1, Image: image})
		}
	}

	return tree, files, places
}

// configures tells the name of an updater's configuration, and a line that names an image to watch it.
func configures(s string) bool {
	for _, word := range []string{"renovate", "dependabot", "package.json", "image-list", "imageName", "# watched"} {
		if strings.Contains(s, word) {
			return true
		}
	}

	return false
}

func show(found []rival.Rival) string {
	var b strings.Builder

	for _, r := range found {
		fmt.Fprintf(&b, "%s %s:%d %s %d places\n  %s\n", r.Updater, r.File, r.Line, r.Verdict, len(r.Places), r.Why)

		for _, image := range r.Images {
			fmt.Fprintf(&b, "  %s\n", image)
		}

		if r.Snippet.Text != "" {
			fmt.Fprintf(&b, "  %s:\n", r.Snippet.Where)

			for line := range strings.Lines(r.Snippet.Text) {
				fmt.Fprintf(&b, "    %s\n", strings.TrimSuffix(line, "\n"))
			}
		}
	}

	return b.String()
}

// TestFind: each archive is a tree, and in want what is found in it.
func TestFind(t *testing.T) {
	t.Parallel()

	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no test data", err)
	}

	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()

			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}

			tree, files, places := load(archive)

			found, err := rival.Find(t.Context(), tree, files, places)
			if err != nil {
				t.Fatal(err)
			}

			got, want := show(found), &archive.Files[len(archive.Files)-1]
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o600); err != nil {
					t.Fatal(err)
				}
			}

			if got != string(want.Data) {
				t.Errorf("%s:\n%s\nwant\n%s", archive.Comment, got, want.Data)
			}
		})
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()

	places := []rival.Place{{File: "a.yaml", Line: 1, Image: "ghcr.io/glitch-soc/mastodon"}}

	for _, file := range []string{"renovate.json", ".github/dependabot.yml", "a.yaml"} {
		if _, err := rival.Find(t.Context(), fstest.MapFS{}, []string{file}, places); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", file, err)
		}
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if _, err := rival.Find(ctx, fstest.MapFS{"a.yaml": {}}, []string{"a.yaml"}, places); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestNothing: no file and no place is no rival, and no panic.
func TestNothing(t *testing.T) {
	t.Parallel()

	found, err := rival.Find(t.Context(), fstest.MapFS{"renovate.json": {Data: []byte("{}")}}, []string{"renovate.json"}, nil)
	if err != nil || len(found) != 1 || found[0].Verdict != rival.Apart {
		t.Errorf("%+v %v", found, err)
	}
}

// FuzzFind: whatever the configuration of an updater holds, there is an answer.
func FuzzFind(f *testing.F) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}

	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}

		for _, file := range archive.Files {
			f.Add(file.Data)
		}
	}

	f.Add([]byte(`{/*`))
	f.Add([]byte(`{"a": '\`))
	f.Fuzz(func(t *testing.T, data []byte) {
		tree := fstest.MapFS{"renovate.json5": {Data: data}, ".github/dependabot.yml": {Data: data}, "k8s/a.yaml": {Data: data}}
		files := []string{".github/dependabot.yml", "k8s/a.yaml", "renovate.json5"}
		places := []rival.Place{{File: "k8s/a.yaml", Line: 3, Image: "ghcr.io/glitch-soc/mastodon"}}

		found, err := rival.Find(t.Context(), tree, files, places)
		if err != nil {
			t.Fatal(err)
		}

		for _, r := range found {
			if r.Line < 1 || r.Why == "" || r.Verdict == "" || r.Images == nil || r.Places == nil {
				t.Errorf("%+v", r)
			}
		}
	})
}
