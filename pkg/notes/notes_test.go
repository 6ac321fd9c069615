package notes

import (
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

var update = flag.Bool("update", false, "write the renderings into the txtar files")

// A scenario is a txtar file: a case, facts of both sides if they are known, a tree or the name of an example, and the
// renderings that come of it.
type scenario struct {
	Application, To, Example string
	From, Mixed              []string
	Crossed                  []struct {
		Version, Date string
		Security      bool
	}
}

func readScenario(t testing.TB, name string) (*txtar.Archive, Input) {
	t.Helper()
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var s scenario
	var in Input
	tree := fstest.MapFS{}
	for _, f := range archive.Files {
		switch f.Name {
		case "case.json":
			decode(t, name, f, &s)
		case "from.json":
			in.FromFacts = &facts.Facts{}
			decode(t, name, f, in.FromFacts)
		case "to.json":
			in.ToFacts = &facts.Facts{}
			decode(t, name, f, in.ToFacts)
		default:
			if file, ok := strings.CutPrefix(f.Name, "tree/"); ok {
				tree[file] = &fstest.MapFile{Data: f.Data}
			}
		}
	}
	in.Application, in.From, in.To, in.Mixed = s.Application, s.From, version.Parse(s.To), s.Mixed
	for _, c := range s.Crossed {
		date, err := time.Parse(time.DateOnly, c.Date)
		if err != nil && c.Date != "" {
			t.Fatal(err)
		}
		in.Crossed = append(in.Crossed, Release{Version: c.Version, Date: date, Security: c.Security, Source: "registry"})
	}
	if s.Example != "" {
		in.Inventory = take(t, os.DirFS("../../examples/"+s.Example))
	} else if len(tree) > 0 {
		in.Inventory = take(t, tree)
	}
	return archive, in
}

func decode(t testing.TB, name string, f txtar.File, into any) {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(string(f.Data)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		t.Fatalf("%s: %s: %v", name, f.Name, err)
	}
}

func take(t testing.TB, tree fs.FS) *inventory.Inventory {
	t.Helper()
	var files []string
	err := fs.WalkDir(tree, ".", func(file string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	inv, err := inventory.Take(t.Context(), tree, files)
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

func scenarios(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	return names
}

func TestRenderings(t *testing.T) {
	t.Parallel()
	for _, name := range scenarios(t) {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, in := readScenario(t, name)
			n := Between(in)
			value, err := json.MarshalIndent(n, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(value), "null") {
				t.Errorf("null in %s", value)
			}
			renderings := []txtar.File{
				{Name: "want.md", Data: []byte(n.Markdown())},
				{Name: "want.txt", Data: []byte(n.Text())},
			}
			if *update {
				archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return strings.HasPrefix(f.Name, "want.") })
				archive.Files = append(archive.Files, renderings...)
				if err := os.WriteFile(name, txtar.Format(archive), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			for _, r := range renderings {
				i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == r.Name })
				if i < 0 {
					t.Fatalf("no %s; run with -update and read what it writes", r.Name)
				}
				if diff := cmp.Diff(string(archive.Files[i].Data), string(r.Data)); diff != "" {
					t.Errorf("%s: %s", r.Name, diff)
				}
			}
		})
	}
}

// What comes in in another order comes out the same.
func TestDeterminism(t *testing.T) {
	t.Parallel()
	for _, name := range scenarios(t) {
		_, in := readScenario(t, name)
		want := Between(in)
		for range 5 {
			slices.Reverse(in.Crossed)
			slices.Reverse(in.From)
			if diff := cmp.Diff(want, Between(in)); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
}

func TestVerdictIsAtTheTop(t *testing.T) {
	t.Parallel()
	for _, name := range scenarios(t) {
		_, in := readScenario(t, name)
		n := Between(in)
		top := strings.Join(strings.SplitN(n.Markdown(), "\n", 4)[:3], "\n")
		for _, want := range []string{verdictWords[n.Verdict], "Security", n.To} {
			if !strings.Contains(top, want) {
				t.Errorf("%s: %q is not in the first three lines: %s", name, want, top)
			}
		}
	}
}

// Every step and every hazard says where it comes from.
func TestEveryLineHasItsSource(t *testing.T) {
	t.Parallel()
	for _, name := range scenarios(t) {
		_, in := readScenario(t, name)
		n := Between(in)
		for _, s := range n.Steps {
			if s.Source == "" {
				t.Errorf("%s: step without a source: %s", name, s.Title)
			}
		}
		for _, h := range n.Hazards {
			if h.Source == "" || h.ID == "" || h.Severity.Rank() < 0 {
				t.Errorf("%s: hazard %+v", name, h)
			}
		}
		if len(n.Unknown) == 0 {
			t.Errorf("%s: nothing is said to be unknown", name)
		}
	}
}

// The fields of the published JSON are fields of the value, under the same names.
func TestContractFields(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(Between(Input{To: version.Parse("v4.4.4")}))
	if err != nil {
		t.Fatal(err)
	}
	var top map[string]json.RawMessage
	if err := json.Unmarshal(data, &top); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"from", "to", "releases", "advisories", "advisories_lost", "migrations", "schema", "environment", "runtimes", "steps", "hazards", "verdict",
	} {
		if top[name] == nil {
			t.Errorf("no %s in %s", name, data)
		}
	}
}

func TestBase(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from     []string
		to, want string
	}{
		{[]string{"v4.4.3"}, "v4.4.4", "v4.4.3"},
		{[]string{"v4.4.3", "v4.4.1", "nightly.2025-09-01"}, "v4.4.4", "v4.4.1"},
		{[]string{"nightly.2025-09-01", "nightly.2025-08-01"}, "nightly.2025-09-02", "nightly.2025-08-01"},
		{[]string{"latest"}, "v4.4.4", ""},
		{nil, "v4.4.4", ""},
	} {
		if got := Base(c.from, version.Parse(c.to)).String(); got != c.want {
			t.Errorf("Base(%v, %s) = %s, want %s", c.from, c.to, got, c.want)
		}
	}
}

func TestQuote(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"job/mastodon-migrate": "job/mastodon-migrate",
		"":                     "''",
		"a b":                  "'a b'",
		"x; rm -rf /":          "'x; rm -rf /'",
		"it's $(id)":           `'it'\''s $(id)'`,
		"a\nb\x1b[31m":         "'ab[31m'",
		"`id`":                 "'`id`'",
	} {
		if got := quote(in); got != want {
			t.Errorf("quote(%q) = %s, want %s", in, got, want)
		}
	}
}

// A caller's own way of making text harmless gets everything that is not in a code span.
func TestInertIsTheCallers(t *testing.T) {
	t.Parallel()
	_, in := readScenario(t, "testdata/hostile.txtar")
	body := Between(in).Markdown(func(string) string { return "INERT" })
	for _, l := range prose(t, body) {
		if strings.Contains(l, "@everyone") {
			t.Errorf("passed by: %s", l)
		}
	}
}

// Nothing that a manifest holds mentions anybody, opens a link or a tag, or ends a fence.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	_, in := readScenario(t, "testdata/hostile.txtar")
	n := Between(in)
	for _, l := range prose(t, n.Markdown()) {
		for _, bad := range []string{"@everyone", "#1", "<script", "](http", "\u202e", "\x1b"} {
			if strings.Contains(escaped.ReplaceAllString(l, ""), bad) {
				t.Errorf("%q in %s", bad, l)
			}
		}
	}
	if strings.ContainsAny(n.Text(), "\x1b\u202e") {
		t.Error("the terminal gets control characters")
	}
}

// escaped are characters that a backslash makes plain.
var escaped = regexp.MustCompile(`\\[[:punct:]]`)

var links = regexp.MustCompile(`\[(compare|changelog|release)\]\(<https://github\.com/[^>\s]+>\)`)

// prose are the lines that are neither in a fence nor in a code span nor links of ours.
func prose(t *testing.T, body string) []string {
	t.Helper()
	var out []string
	fence := ""
	for l := range strings.SplitSeq(body, "\n") {
		trimmed := strings.TrimLeft(l, " ")
		ticks := trimmed[:len(trimmed)-len(strings.TrimLeft(trimmed, "`"))]
		switch {
		case fence == "" && len(ticks) >= 3:
			fence = ticks
		case fence != "" && len(ticks) >= len(fence):
			fence = ""
		case fence == "":
			out = append(out, links.ReplaceAllString(spans(l), ""))
		}
	}
	if fence != "" {
		t.Error("a fence is left open")
	}
	return out
}

// spans takes code spans out of a line, where GitHub neither mentions nor links.
func spans(l string) string {
	var b strings.Builder
	for l != "" {
		i := strings.IndexByte(l, '`')
		if i < 0 || i > 0 && l[i-1] == '\\' {
			b.WriteString(l)
			break
		}
		b.WriteString(l[:i])
		n := len(l[i:]) - len(strings.TrimLeft(l[i:], "`"))
		fence := l[i : i+n]
		end := strings.Index(l[i+n:], fence)
		if end < 0 {
			b.WriteString(l[i:])
			break
		}
		l = l[i+n+end+n:]
	}
	return b.String()
}

func TestSourceWithoutHTTPSGivesNoLinks(t *testing.T) {
	t.Parallel()
	for _, source := range []string{"http://example.org/x", "javascript:alert(1)", "https://user:secret@example.org/x", "::"} {
		n := Between(Input{From: []string{"v4.4.3"}, To: version.Parse("v4.4.4"), Source: source})
		if n.Links != (Links{}) {
			t.Errorf("%s: %+v", source, n.Links)
		}
	}
}

func BenchmarkBetween(b *testing.B) {
	_, in := readScenario(b, "testdata/as-noted-minor.txtar")
	for b.Loop() {
		n := Between(in)
		if n.Markdown() == "" {
			b.Fatal("nothing")
		}
	}
}
