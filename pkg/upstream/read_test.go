package upstream_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/upstream"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

func TestFactsOfARelease(t *testing.T) {
	t.Parallel()
	f := read(t, repository(t), "v4.4.0")
	at := func(file string, line int) facts.Place { return facts.Place{File: file, Line: line} }
	for name, pair := range map[string][2]any{
		"queues": {f.Queues, []facts.Queue{{Name: "default", Weight: 8}, {Name: "mailers", Weight: 1}, {Name: "pull", Weight: 1}}},
		"processes": {f.Processes, []facts.Process{
			{Name: "sidekiq", Command: "bundle exec sidekiq", Title: "sidekiq 7", Place: at("docker-compose.yml", 13)},
			{Name: "web", Command: "bundle exec puma -C config/puma.rb", Port: 3000, Health: "/health", Place: at("docker-compose.yml", 8)},
		}},
		"floors": {f.Floors, []facts.Floor{
			{Name: "node", Version: "20", Place: at("package.json", 4)},
			{Name: "postgresql", Version: "13.0", Enforced: true, Place: at("lib/tasks/db.rake", 2)},
			{Name: "postgresql", Version: "13", Place: at("README.md", 1)},
			{Name: "redis", Version: "6.2", Place: at("README.md", 2)},
			{Name: "ruby", Version: "3.2.0", Enforced: true, Place: at("Gemfile", 2)},
			{Name: "zero-downtime", Version: "4.2.0", Schema: "20230907150100", Enforced: true, Place: at("lib/tasks/db.rake", 3)},
		}},
		"runtimes": {f.Runtimes, []facts.Runtime{
			{Name: "bundler", Version: "2.6.9", Place: at("Gemfile.lock", 8)},
			{Name: "debian", Version: "bookworm", Place: at("Dockerfile", 3)},
			{Name: "node", Version: "22", Place: at("Dockerfile", 2)},
			{Name: "rails", Version: "8.0.2", Place: at("Gemfile.lock", 3)},
			{Name: "ruby", Version: "3.4.4", Place: at("Dockerfile", 1)},
			{Name: "sidekiq", Version: "7.3.9", Place: at("Gemfile.lock", 5)},
			{Name: "yarn", Version: "4.9.2", Place: at("package.json", 2)},
		}},
		"support": {f.Support, []facts.Support{
			{ReleaseLine: "4.4", Supported: true, Place: at("SECURITY.md", 3)},
			{ReleaseLine: "4.3", Supported: true, Until: "2026-05-06", Place: at("SECURITY.md", 4)},
			{ReleaseLine: "4.3", Older: true, Place: at("SECURITY.md", 5)},
		}},
	} {
		if diff := cmp.Diff(pair[1], pair[0]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	var names []string
	for _, v := range f.Environment {
		names = append(names, v.Name)
	}
	want := []string{"OLD_LIMIT", "PORT", "SIDEKIQ_CONCURRENCY", "SKIP_POST_DEPLOYMENT_MIGRATIONS"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	for line, want := range map[string]bool{"4.4": true, "4.3": true, "4.2": false} {
		if s := f.SupportOf(version.Parse(line + ".0").Line()); s == nil || s.Supported != want {
			t.Errorf("support of %s: %+v", line, s)
		}
	}
	if s := f.SupportOf(version.Parse("4.5.0").Line()); s != nil {
		t.Errorf("support of a line to come: %+v", s)
	}
}

func migrations(f *facts.Facts) map[string]facts.Migration {
	out := map[string]facts.Migration{}
	for _, m := range f.Migrations {
		out[m.Version+" "+m.Name] = m
	}
	return out
}

func TestTrapsBetweenReleases(t *testing.T) {
	t.Parallel()
	dir := repository(t)
	a, b := read(t, dir, "v4.4.1"), read(t, dir, "v4.5.0")
	from, to := migrations(a), migrations(b)
	if len(from) != 2 || len(to) != 4 {
		t.Errorf("%d and %d migrations: dot files and backups are none", len(from), len(to))
	}
	older, ok := to["20250115000000 GlitchOlderThanTheSchema"]
	if _, before := from["20250115000000 GlitchOlderThanTheSchema"]; !ok || before || older.Version > a.Schema.Version || older.Transaction {
		t.Errorf("a migration older than the schema before it: %+v", older)
	}
	const edited = "20250101000000 CreatePosts"
	if from[edited].Blob == to[edited].Blob || from[edited].Blob == "" {
		t.Errorf("an edit in place: %s, %s", from[edited].Blob, to[edited].Blob)
	}
	if diff := cmp.Diff(a.Schema.Tables, b.Schema.Tables); diff != "" {
		t.Errorf("tables in another order are the same: %s", diff)
	}
	if diff := cmp.Diff(a.Schema.Extensions, b.Schema.Extensions); diff != "" {
		t.Errorf("extensions under another spelling are the same: %s", diff)
	}
	if a.Search[0].Digest != b.Search[0].Digest {
		t.Error("white space and comments ask for no reindex")
	}
	if v := b.Variable("REDIS_NAMESPACE"); v == nil || v.Aborts != facts.AbortSet || a.Variable("REDIS_NAMESPACE") != nil {
		t.Errorf("%+v", v)
	}
	if len(a.Changelog[0].Advisories) != 1 || len(b.Changelog[0].Advisories) != 0 || b.Changelog[1].Version != "v4.4.0" {
		t.Errorf("%+v, %+v", a.Changelog, b.Changelog)
	}
}

func TestErrorsNameFileAndLine(t *testing.T) {
	t.Parallel()
	good := func() fstest.MapFS {
		return fstest.MapFS{
			"lib/mastodon/version.rb": {Data: []byte("def major\n 4\nend\ndef minor\n 4\nend\ndef patch\n 0\nend\n")},
			"db/schema.rb":            {Data: []byte("ActiveRecord::Schema[8.0].define(version: 1) do\nend\n")},
		}
	}
	for name, tc := range map[string]struct{ file, text, want string }{
		"schema":    {"db/schema.rb", "ActiveRecord::Schema[8.0].define(version: 1) do\n  frobnicate 1\nend\n", `db/schema.rb:2: unknown statement "frobnicate"`},
		"migration": {"db/migrate/20250101000000_x.rb", "class X\n'", "db/migrate/20250101000000_x.rb:2: "},
		"queues":    {"config/sidekiq.yml", ":queues:\n  - [a b c]\n", "config/sidekiq.yml:2: "},
	} {
		fsys := good()
		fsys[tc.file] = &fstest.MapFile{Data: []byte(tc.text)}
		_, err := upstream.Read(t.Context(), upstream.FS("somewhere", fsys), "v4.4.0")
		if err == nil || !strings.Contains(err.Error(), "somewhere: "+tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	fsys := good()
	delete(fsys, "db/schema.rb")
	if _, err := upstream.Read(t.Context(), upstream.FS("x", fsys), "v4.4.0"); err == nil || !strings.Contains(err.Error(), "no db/schema.rb") {
		t.Error(err)
	}
	fsys = good()
	fsys["config/x.rb"] = &fstest.MapFile{Data: []byte("\nENV[y]")}
	f, err := upstream.Read(t.Context(), upstream.FS("x", fsys), "")
	if err != nil || len(f.Gaps) != 1 || f.Gaps[0].File != "config/x.rb" || f.Gaps[0].Line != 2 {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestNightlyIsReadByItsCommit(t *testing.T) {
	t.Parallel()
	dir := repository(t)
	commit := git(t, dir, "rev-parse", "v4.4.1")
	f := read(t, dir, "nightly.2025-12-02@"+commit)
	if f.Version != "nightly.2025-12-02" || f.Commit != commit {
		t.Errorf("%s, %s", f.Version, f.Commit)
	}
	if f := read(t, dir, commit); f.Version != "v4.4.0" { // what the invented version file says
		t.Errorf("%s", f.Version)
	}
}

func TestCache(t *testing.T) {
	t.Parallel()
	dir := repository(t)
	cache := upstream.Cache{Dir: filepath.Join(t.TempDir(), "new", "folder")}
	src, err := upstream.Open(dir, upstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	first, err := cache.Read(t.Context(), src, "v4.5.0")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(cache.Dir, "*"))
	if err != nil || len(files) != 1 || !strings.Contains(files[0], first.Commit) {
		t.Fatalf("%v, %v", files, err)
	}
	before, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	// A source whose loading would fail answers from the cache.
	second, err := cache.Read(t.Context(), onlyResolves{src}, "v4.5.0")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Error(diff)
	}
	if named, err := cache.Read(t.Context(), onlyResolves{src}, "nightly.2025-01-01@"+first.Commit); err != nil || named.Version != "nightly.2025-01-01" {
		t.Errorf("%v, %v", named, err)
	}
	// What a crash left is read again and replaced.
	if err := os.WriteFile(files[0], before[:len(before)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := cache.Read(t.Context(), src, "v4.5.0"); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(files[0])
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the broken file was not replaced: %v", err)
	}
}

// onlyResolves is a source that says which commit a version is and can read none.
type onlyResolves struct{ upstream.Source }

func (onlyResolves) Load(context.Context, upstream.Revision, upstream.Wanted) (*upstream.Tree, error) {
	return nil, errors.New("must not be loaded")
}
