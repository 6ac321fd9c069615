package patch

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aymanbagabas/go-udiff"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/goingdark-social/bot/pkg/version"
)

var update = flag.Bool("update", false, "write what the corpus gives into its files")

// corpus is one file under testdata: words about it and how to move it, an ugly tree, and what must come of it.
//
// The comment's lines "bump APP VERSION" (and "pin", "digest IMAGE DIGEST", "configure NAME ROOT") say what to do. A file whose name
// ends in " (escaped)" is written with \r, \t, \xNN, \uNNNN, and a backslash at the end of a line where none ends.
type corpus struct {
	path    string
	archive *txtar.Archive
	tree    fstest.MapFS
	options Options
	moves   []move
}

type move struct {
	app    string
	target Target
}

func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no corpus: ", err)
	}

	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			readCorpus(t, file).run(t)
		})
	}
}

func readCorpus(t testing.TB, file string) *corpus {
	t.Helper()

	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}

	c := &corpus{path: file, archive: archive, tree: fstest.MapFS{}}

	for _, f := range archive.Files {
		if strings.HasPrefix(f.Name, "want") {
			continue
		}

		name, escaped := strings.CutSuffix(f.Name, " (escaped)")
		if escaped {
			f.Data = unescape(t, f.Data)
		}

		c.tree[name] = &fstest.MapFile{Data: f.Data}
	}

	c.directives(t)

	return c
}

func (c *corpus) directives(t testing.TB) {
	t.Helper()

	target := Target{Digests: map[string]string{}}

	for line := range strings.SplitSeq(string(c.archive.Comment), "\n") {
		words := strings.Fields(line)

		switch {
		case len(words) == 3 && words[0] == "digest":
			target.Digests[words[1]] = words[2]
		case len(words) == 2 && words[0] == "pin":
			target.Pin = Pin(words[1])
		case len(words) == 3 && words[0] == "configure":
			c.options.Applications = append(c.options.Applications, ApplicationConfig{Name: words[1], Root: words[2]})
		case len(words) == 3 && words[0] == "bump":
			target.Version = version.Parse(words[2])
			c.moves = append(c.moves, move{app: words[1], target: target})
		}
	}
}

var escapedBytes = regexp.MustCompile(`\\\n|\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|[rt\\])`)

func unescape(t testing.TB, data []byte) []byte {
	t.Helper()

	return escapedBytes.ReplaceAllFunc(data, func(m []byte) []byte {
		if m[1] == '\n' {
			return nil
		}

		s, err := strconv.Unquote(`"` + string(m) + `"`)
		if err != nil {
			t.Fatal(err)
		}

		return []byte(s)
	})
}

func (c *corpus) run(t *testing.T) {
	t.Helper()

	tree, err := Scan(t.Context(), c.tree, c.options)
	if err != nil {
		t.Fatal(err)
	}

	c.want(t, "want/scan", listing(tree))

	for i, m := range c.moves {
		files, err := tree.Plan(m.app, m.target)
		c.want(t, fmt.Sprintf("want/%d-%s", i+1, m.app), diff(files, err))

		if err == nil {
			c.again(t, files, m)
		}
	}

	if *update {
		if err := os.WriteFile(c.path, txtar.Format(c.archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// again moves the moved tree once more, which must change nothing, and back to where each place was, which must give the bytes of
// the beginning.
func (c *corpus) again(t *testing.T, files []File, m move) {
	t.Helper()

	moved := fstest.MapFS{}
	maps.Copy(moved, c.tree)

	for _, f := range files {
		moved[f.Path] = &fstest.MapFile{Data: f.After}
	}

	tree, err := Scan(t.Context(), moved, c.options)
	if err != nil {
		t.Fatal(err)
	}

	again, err := tree.Plan(m.app, m.target)
	if err != nil || len(again) > 0 {
		t.Errorf("a second move of %s: %s", m.app, diff(again, err))
	}
}

func (c *corpus) want(t *testing.T, name, got string) {
	t.Helper()

	for i, f := range c.archive.Files {
		if f.Name != name {
			continue
		}

		if *update {
			c.archive.Files[i].Data = []byte(got)
		} else if d := cmp.Diff(string(f.Data), got); d != "" {
			t.Errorf("%s (-want +got; go test -run Corpus -update writes it):\n%s", name, d)
		}

		return
	}

	if *update {
		c.archive.Files = append(c.archive.Files, txtar.File{Name: name, Data: []byte(got)})
	} else {
		t.Errorf("%s is missing, got\n%s", name, got)
	}
}

func listing(tree *Tree) string {
	var b strings.Builder

	for _, r := range tree.References {
		app := r.Application
		if r.Shared {
			app = "(shared)"
		}

		parts := make([]string, 0, len(r.Components))
		for _, c := range r.Components {
			parts = append(parts, string(c))
		}

		fmt.Fprintf(&b, "%s:%d:%d %s %s %s [%s] %s\n", r.File, r.Line, r.Column, r.Form, r.Image, named(r.Tag, r.Digest), strings.Join(parts, " "), app)
	}

	for _, a := range tree.Applications {
		fmt.Fprintf(&b, "application %s %v on", a.Name, a.Roots)

		for _, v := range a.On {
			b.WriteString(" " + v.String())
		}

		if a.Mixed {
			b.WriteString(" mixed")
		}

		if len(a.Notes) > 0 {
			fmt.Fprintf(&b, " notes %v", a.Notes)
		}

		b.WriteString("\n")
	}

	for _, p := range tree.Problems {
		kind := "note"
		if p.Fatal {
			kind = "problem"
		}

		fmt.Fprintf(&b, "%s (%s) %s\n", kind, p.Application, p)
	}

	return b.String()
}

func diff(files []File, err error) string {
	if _, ok := errors.AsType[*Error](err); ok {
		return err.Error() + "\n"
	} else if err != nil {
		return "ERROR " + err.Error()
	}

	var b bytes.Buffer

	for _, f := range files {
		before, after := visible(string(f.Before)), visible(string(f.After))

		d, err := udiff.ToUnified("a/"+f.Path, "b/"+f.Path, before, udiff.Strings(before, after), 0)
		if err != nil {
			return err.Error()
		}

		b.WriteString(d)
	}

	return b.String()
}

// visible spells what an editor hides.
func visible(s string) string {
	return strings.NewReplacer("\r", `\r`, "\t", `\t`, "\ufeff", `\ufeff`, "\xfc", `\xfc`).Replace(s)
}
