package trees_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/goingdark-social/bot/internal/faults"
	"github.com/goingdark-social/bot/internal/gittest"
)

// sourceCase is one kind of hostility that the source of a release can have: a
// repository's bot.yaml says where that is.
type sourceCase struct {
	name string
	// make fills a git repository, and serve answers at a URL's path in its
	// place.
	make  func(repository)
	serve http.HandlerFunc
	path  string
	// memory is what reading it may take at its peak, in MB. Default: 200.
	memory int
	// refused is what the error says; "": anything.
	refused string
	// large ones are left to the full run.
	large bool
}

func sources() []sourceCase {
	return append(gitSources(), answeredSources()...)
}

func gitSources() []sourceCase {
	return []sourceCase{
		{name: "a file of 1 GB", refused: "more than 128 MB", large: true, make: func(r repository) { r.below("app", "100644", "x.rb", r.zeros(1<<30)) }},
		{name: "a file of 1 GB that nobody wants, from a server that sends everything", refused: "more than 128 MB", large: true, make: func(r repository) {
			must(r.t, r.Configure(r.t.Context(), "uploadpack.allowFilter", "false"))
			r.add("100644", "huge", r.zeros(1<<30))
		}},
		{name: "20 files of 31 MB", refused: "more than 512 MB", memory: 1600, large: true, make: func(r repository) {
			var entries []string
			for i := range 20 {
				entries = append(entries, "100644", fmt.Sprint("x", i, ".rb"), r.zeros(31<<20+int64(i)))
			}

			r.below("app", entries...)
		}},
		{name: "folders that hold themselves many times over", refused: "more than the 10000 folders", make: func(r repository) {
			tree := r.tree("100644", "x.rb", r.object("blob", "x"))

			for range 10 {
				var entries []string
				for i := range 10 {
					entries = append(entries, "040000", fmt.Sprint(i), tree)
				}

				tree = r.tree(entries...)
			}

			r.add("040000", "lib", tree)
		}},
		{name: "60,000 files", refused: "more than the 50000 files", large: true, make: func(r repository) {
			blob := r.object("blob", "x")

			var entries []string
			for i := range 60_000 {
				entries = append(entries, "100644", fmt.Sprintf("x%05d.rb", i), blob)
			}

			r.below("app", entries...)
		}},
		{name: "a file of 400 kB under a hundred names", refused: "more than the 12 MB", make: func(r repository) {
			blob := r.zeros(400_000)

			var entries []string
			for i := range 100 {
				entries = append(entries, "100644", fmt.Sprintf("x%02d.rb", i), blob)
			}

			r.below("app", entries...)
		}},
		{name: "3,000 folders deep", large: true, make: func(r repository) {
			tree := r.tree("100644", "x.rb", r.object("blob", "x"))
			for range 3000 {
				tree = r.tree("040000", "d", tree)
			}

			r.add("040000", "app", tree)
		}},
		repeated("[", true), repeated("((", true), repeated("{ \"a\": ", true), repeated("x: &a [*a, ", true), repeated("<<~A\n", true), repeated("do\n", true),
		repeated("\"#{", true), repeated("- ", true),
		// Each of these starts a search at each of them.
		repeated("ENV[", false), repeated("ENV.fetch(", true), repeated("ENV[x]\nx = y\n", true), repeated("def a(b)\nENV[b]\n", true), repeated("ENV['X'] || ", true),
		repeated("[A, B].each { |a| ENV[a] }\n", true), repeated("abort if ENV['A'].nil?\n", true), repeated("if a\nabort\n", true), repeated("class A < B\n", true),
		repeated("A = [", true), repeated("def a(", true), repeated("A.x ", true), repeated("up(", true),
		repeated("const e# = process.env; e#.A;\n", true), repeated("f(process.env, ", true), repeated("f0(process.env); function f#(e) { f+(e) }\n", true),
	}
}

// repeated is a source in which every file that is looked for by name is nothing
// but one piece of text, as much of it as a file may have words, and another of
// half a megabyte. "#" in the piece counts down, and "+" is one more.
func repeated(piece string, large bool) sourceCase {
	text := func(size int) string {
		var b strings.Builder
		for n := size / len(piece); n >= 0; n-- {
			b.WriteString(strings.NewReplacer("#", fmt.Sprint(n), "+", fmt.Sprint(n+1)).Replace(piece))
		}

		return b.String()
	}

	return sourceCase{name: fmt.Sprintf("%q over and over in every file", piece), memory: 400, large: large, make: func(r repository) {
		folders := map[string][]string{"app": {"100644", "large.rb", r.object("blob", text(450_000))}}

		for i := range 20 {
			folders["db/migrate"] = append(folders["db/migrate"], "100644", fmt.Sprintf("202501010000%02d_a.rb", i),
				r.object("blob", fmt.Sprintf("# %d\nclass A < ActiveRecord::Migration[8.0]\ndef up\n", i)+text(48_000)))
		}

		for name, start := range map[string]string{
			"db/schema.rb":            "ActiveRecord::Schema[8.0].define(version: 2025_01_01_000000) do\n  create_table \"x\", ",
			"lib/mastodon/version.rb": "def major\n 9\nend\n",
			"config/sidekiq.yml":      ":queues: ",
			"config/database.yml":     "production: <%= ",
			"config/application.rb":   "ENV.fetch(",
			"streaming/index.js":      "process.env.X || ",
			"app/model.rb":            "ENV['X']\n",
			"app/page.html.haml":      "= ENV['X'] ",
			"CHANGELOG.md":            "## [9.0.0] - 2026-01-01\n\n### Security\n\n- ",
			"Gemfile.lock":            "GEM\n  specs:\n    ",
			"package.json":            "{\"engines\": ",
			"docker-compose.yml":      "services: ",
		} {
			folder, file := path.Split(name)
			blob := r.object("blob", start+text(48_000))

			if folder == "" {
				r.add("100644", file, blob)
			} else {
				folders[path.Clean(folder)] = append(folders[path.Clean(folder)], "100644", file, blob)
			}
		}

		r.folders(folders)
	}}
}

// folders adds folders with their entries, each inside of the one above it.
func (r repository) folders(entries map[string][]string) {
	// The deepest come first, and are entries of what comes later.
	names := slices.SortedFunc(maps.Keys(entries), func(a, b string) int { return strings.Count(b, "/") - strings.Count(a, "/") })

	for _, name := range names {
		above, last := path.Split(name)
		if above = path.Clean(above); last == name {
			r.below(name, entries[name]...)
		} else {
			entries[above] = append(entries[above], "040000", last, r.tree(entries[name]...))
		}
	}
}

// below adds a folder of entries to the root.
func (r repository) below(name string, entries ...string) {
	r.add("040000", name, r.tree(entries...))
}

func TestSources(t *testing.T) {
	t.Parallel()

	count := faults.Begin("hostile sources of releases: bounded memory and time, one clear error")

	var most atomic.Int64

	t.Run("of", func(t *testing.T) {
		for _, c := range sources() {
			if c.large && !faults.Full {
				continue
			}

			t.Run(c.name, func(t *testing.T) {
				t.Parallel()

				defer func() { count.Case(t.Failed()) }()

				most.Store(max(most.Load(), int64(c.hold(t))))
			})
		}
	})

	count.Measuredf("at most %d MB", most.Load())

	if err := count.End(); err != nil {
		t.Error(err)
	}
}

// hold reads a release from a source.
func (c sourceCase) hold(t *testing.T) int {
	t.Helper()

	h := newHome(t)
	did := h.run(t, nil, "facts", "v9.0.0", "--upstream", c.address(t))
	h.harmless(t, did, "facts")
	t.Logf("| %s | facts | %d | %.1f |", c.name, did.memory, did.took.Seconds())

	if limit := max(c.memory, 200); did.memory > limit {
		t.Errorf("facts took %d MB, more than %d", did.memory, limit)
	}

	if c.refused != "" && (did.status != 1 || !strings.Contains(did.stderr, c.refused)) || len(did.stderr) > 2000 {
		t.Errorf("status %d: %.2000s", did.status, did.stderr)
	}

	return did.memory
}

// address is where the source is.
func (c sourceCase) address(t *testing.T) string {
	t.Helper()

	if c.serve != nil {
		server := httptest.NewServer(c.serve)
		t.Cleanup(server.Close)

		return server.URL + c.path
	}

	server, err := gittest.New(t.TempDir())
	must(t, err)
	t.Cleanup(func() { _ = server.Close() })

	there, err := server.CreateRepo(t.Context(), "fork/mastodon", gittest.Files(map[string]string{"a": "b"}))
	must(t, err)

	r := repository{there, t, &strings.Builder{}}
	c.make(r)
	r.commit()

	head, err := there.Head(t.Context(), "main")
	must(t, err)
	must(t, there.Refer(t.Context(), "refs/tags/v9.0.0", head))

	return there.URL
}
