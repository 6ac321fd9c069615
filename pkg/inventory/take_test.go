package inventory

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write what the inventory says into the txtar files")

// Each file of testdata is a tree and, in the file named want, what the inventory makes of it.
func TestTrees(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no trees: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			tree, want := fstest.MapFS{}, -1
			var files []string
			for i, f := range archive.Files {
				if f.Name == "want" {
					want = i
					continue
				}
				tree[f.Name] = &fstest.MapFile{Data: f.Data}
				files = append(files, f.Name)
			}
			inv, err := Take(t.Context(), tree, files, "registry.example/fork/tusk")
			if err != nil {
				t.Fatal(err)
			}
			got := summary(inv)
			if *update {
				archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want" })
				archive.Files = append(archive.Files, txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(name, txtar.Format(archive), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want < 0 {
				t.Fatal("the tree has no file named want; run with -update and read what it writes")
			}
			if diff := cmp.Diff(string(archive.Files[want].Data), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// summary is an inventory that a person can check against a tree.
func summary(inv *Inventory) string {
	var b strings.Builder
	at := func(o Object) string {
		s := fmt.Sprintf("%s:%d %s %s", o.File, o.Line, o.Kind, o.Name)
		if o.Namespace != "" {
			s += " in " + o.Namespace
		}
		if !o.Listed {
			s += " UNLISTED"
		}
		return s
	}
	fmt.Fprintf(&b, "engine %s\n", inv.Engine)
	for _, a := range inv.Appliers {
		fmt.Fprintf(&b, "applier %s: %s %q\n", at(a.Object), a.Engine, a.Path)
	}
	for _, j := range inv.MigrateJobs {
		fmt.Fprintf(&b, "migrate %s: %s host=%s", at(j.Object), j.Phase, j.Host)
		if j.Hook != "" {
			fmt.Fprintf(&b, " hook=%s/%s@%d honoured=%v delete=%s", j.HookOf, j.Hook, j.HookLine, inv.Honours(j), j.DeletePolicy)
		}
		fmt.Fprintf(&b, " ttl=%v replace=%v generated=%v init=%v\n", j.TTL, j.Replace, j.GeneratedName, j.Init)
		for _, n := range j.Needs {
			fmt.Fprintf(&b, "  needs %s %s (line %d) made by %s\n", n.Kind, n.Name, n.Line, or(n.MadeBy, "nothing here"))
		}
	}
	for _, w := range inv.Workloads {
		fmt.Fprintf(&b, "%s %s: %s@%d replicas=%d", w.Component, at(w.Object), w.Image, w.ImageLine, w.Replicas)
		if w.ImageFile != w.File {
			fmt.Fprintf(&b, " image in %s", w.ImageFile)
		}
		if w.Component == Sidekiq {
			fmt.Fprintf(&b, " queues=%v unknown=%v concurrency=%d", w.Queues, w.QueuesUnknown, w.Concurrency)
		}
		b.WriteString("\n")
		for _, p := range w.Probes {
			fmt.Fprintf(&b, "  %s (%s:%d): %s\n", p.Kind, p.File, p.Line, p.Command)
		}
	}
	for _, x := range inv.Backups {
		fmt.Fprintf(&b, "backup %s: %s %q of=%s suspended=%v %s\n", at(x.Object), x.Method, x.Schedule, x.Of, x.Suspended, x.Runs)
	}
	stored(&b, "database", inv.Databases, at)
	stored(&b, "pooler", inv.Poolers, at)
	stored(&b, "redis", inv.Redis, at)
	stored(&b, "search", inv.Search, at)
	for _, s := range inv.Settings {
		fmt.Fprintf(&b, "set %s:%d %s=%s known=%v via=%q %v\n", s.File, s.Line, s.Name, s.Value, s.Known, s.Via, s.Components)
	}
	for _, n := range inv.Opaque {
		fmt.Fprintf(&b, "opaque %s:%d %s %s made by %s\n", n.File, n.Line, n.Kind, n.Name, or(n.MadeBy, "nothing here"))
	}
	for _, p := range inv.Problems {
		fmt.Fprintf(&b, "problem %s:%d: %s\n", p.File, p.Line, p.Message)
	}
	return b.String()
}

func stored(b *strings.Builder, what string, stores []Store, at func(Object) string) {
	for _, s := range stores {
		fmt.Fprintf(b, "%s %s: %s by %s version %q@%d mode=%q\n", what, at(s.Object), s.Product, s.By, s.Version, s.VersionLine, s.Mode)
	}
}

func example(t testing.TB, name string) (fs.FS, []string) {
	t.Helper()
	tree := os.DirFS("../../examples/" + name)
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
	return tree, files
}

func TestExamples(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"as-noted", "goingdark"} {
		tree, files := example(t, name)
		inv, err := Take(t.Context(), tree, files)
		if err != nil {
			t.Fatal(err)
		}
		got, golden := summary(inv), filepath.Join("testdata", name+".golden")
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestOrderOfFilesDoesNotMatter(t *testing.T) {
	t.Parallel()
	tree, files := example(t, "as-noted")
	there, err := Take(t.Context(), tree, files)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(files)
	back, err := Take(t.Context(), tree, files)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(there, back); diff != "" {
		t.Error(diff)
	}
}

func TestOnlyFilesHandedInAreRead(t *testing.T) {
	t.Parallel()
	tree, files := example(t, "goingdark")
	seen := &watched{FS: tree}
	if _, err := Take(t.Context(), seen, files[:5]); err != nil {
		t.Fatal(err)
	}
	for _, name := range seen.opened {
		if !slices.Contains(files[:5], name) {
			t.Errorf("%s was opened and not handed in", name)
		}
	}
}

type watched struct {
	fs.FS
	opened []string
}

func (w *watched) Open(name string) (fs.File, error) {
	w.opened = append(w.opened, name)
	return w.FS.Open(name)
}

func TestListsAreNeverNull(t *testing.T) {
	t.Parallel()
	inv, err := Take(t.Context(), fstest.MapFS{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []*Inventory{inv, inv.Within(func(string) bool { return false })} {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), "null") {
			t.Errorf("null in %s", data)
		}
	}
}

func TestEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Take(ctx, fstest.MapFS{"a.yaml": {}}, []string{"a.yaml"}); !errors.Is(err, context.Canceled) {
		t.Errorf("err %v", err)
	}
}

func TestUnreadableFileIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := Take(t.Context(), fstest.MapFS{}, []string{"gone.yaml"}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("err %v", err)
	}
}

// The trees of testdata hold this word wherever a password can stand.
func TestSecretValuesAreNotKept(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"testdata/cnpg.txtar", "testdata/ugly.txtar"} {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		tree, files := fstest.MapFS{}, []string{}
		for _, f := range archive.Files {
			tree[f.Name] = &fstest.MapFile{Data: f.Data}
			files = append(files, f.Name)
		}
		inv, err := Take(t.Context(), tree, files)
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(inv)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), "hunter2") {
			t.Errorf("%s: a password is in the inventory: %s", name, data)
		}
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"DB_PASS=hunter2 rails db:migrate":         "DB_PASS=xxxxx rails db:migrate",
		"PGPASSWORD='a b' pg_dump -Fc x":           "PGPASSWORD=xxxxx pg_dump -Fc x",
		"pg_dump postgres://u:p@ss@h/x > /backup":  "pg_dump postgres://u:xxxxx@h/x > /backup",
		"redis://:hunter2@cache:6379/1":            "redis://:xxxxx@cache:6379/1",
		"bundle exec rails db:migrate":             "bundle exec rails db:migrate",
		"redis://mastodon-redis-master:6379/1":     "redis://mastodon-redis-master:6379/1",
		"psql postgres://u@h/x; SECRET_KEY_BASE=1": "psql postgres://u@h/x; SECRET_KEY_BASE=xxxxx",
	} {
		if got := redact(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	if v, known := plain("SSL_KEY_FILE", "/etc/x.key"); v == "" || !known {
		t.Error("a file's name is no secret")
	}
	if v, known := plain("AWS_SECRET_ACCESS_KEY", "x"); v != "" || known {
		t.Error("a key in plain text is kept")
	}
}

func FuzzTake(f *testing.F) {
	for _, seed := range []string{
		"kind: Job\nmetadata: {name: m}\nspec: {template: {spec: {containers: [{image: 'x/mastodon:v1', command: [rails, 'db:migrate']}]}}}\n",
		"a: &a {kind: Job, <<: *a}\n",
		"kind: List\nitems: [&x {kind: List, items: [*x]}]\n",
		"kind: {{ .Values.kind }}\n",
		"\xef\xbb\xbfkind: Job\r\nspec: null\r\n---\r\n- kind\r\n",
		"kind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {containers: [1, null, {image: mastodon}]}}}}}\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tree := fstest.MapFS{"a.yaml": {Data: []byte(text)}, "kustomization.yaml": {Data: []byte(text)}}
		if _, err := Take(t.Context(), tree, []string{"a.yaml", "kustomization.yaml"}); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkTake(b *testing.B) {
	tree, files := example(b, "goingdark")
	for b.Loop() {
		if _, err := Take(b.Context(), tree, files); err != nil {
			b.Fatal(err)
		}
	}
}

// Of a repository with thousands of manifests only the few that matter are parsed.
func BenchmarkTakeThousands(b *testing.B) {
	tree := fstest.MapFS{}
	var files []string
	for i := range 5000 {
		name := fmt.Sprintf("apps/app-%d/all.yaml", i)
		tree[name] = &fstest.MapFile{Data: []byte(strings.Repeat(fmt.Sprintf(`apiVersion: apps/v1
kind: Deployment
metadata: {name: app-%[1]d}
spec: {template: {spec: {containers: [{name: c, image: "example/app-%[1]d:1.2.3", envFrom: [{configMapRef: {name: app-%[1]d}}]}]}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: app-%[1]d}
data: {A: "1"}
---
`, i), 5))}
		files = append(files, name)
	}
	fsys, ours := example(b, "as-noted")
	for _, name := range ours {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			b.Fatal(err)
		}
		tree[name], files = &fstest.MapFile{Data: data}, append(files, name)
	}
	for b.Loop() {
		inv, err := Take(b.Context(), tree, files)
		if err != nil || len(inv.MigrateJobs) == 0 {
			b.Fatal(inv, err)
		}
	}
}

// Bytes that are looked at tell as much as parsing does, for every way to write a kind.
func TestMatters(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]weight{
		"kind: Service\n":                                   never,
		"kind: Deployment\nimage: example/app:1\n":          never,
		"kind: Deployment\nimage: example/mastodon:1\n":     imaged,
		`{"kind": "Job", "image": "fork/tusk:v1"}`:          imaged,
		"'kind' : 'Deployment'\nimage: mastodon\n":          imaged,
		"kind: ConfigMap\n":                                 named,
		"kind: Deployment\nx: 1\n---\nkind: ConfigMap\n":    named,
		"kind: List\nitems: [{kind: Job, image: mastodon}]": imaged,
		"kind: Cluster\n":                                   always,
		"mankind: x\nkind: Kustomization\n":                 always,
		"values: {image: {tag: v4.4.3}}\n":                  never,
		"kind":                                              never,
		"kind:":                                             never,
	} {
		tk := &taker{images: []string{"fork/tusk"}}
		if got := tk.matters([]byte(text)); got != want {
			t.Errorf("%q weighs %d, want %d", text, got, want)
		}
	}
}
