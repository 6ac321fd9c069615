//go:build upstream

package upstream_test

import (
	"fmt"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/upstream"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// source is the repository with the real history: make test-upstream UPSTREAM=path.
func source(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("UPSTREAM")
	if dir == "" {
		t.Fatal("UPSTREAM is empty: run make test-upstream UPSTREAM=path/to/mastodon")
	}
	return dir
}

// lines runs git and returns what it prints, a line an element. grep finds nothing with status 1.
func lines(t testing.TB, dir string, args ...string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir}, args...)...)
	out, err := cmd.Output()
	if err != nil && cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("git %v: %v", args, err)
	}
	text := strings.TrimSpace(string(out))
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// tags are the releases that ship, listed by git and not by this package.
func tags(t testing.TB, dir string) []string {
	t.Helper()
	var out []string
	for _, tag := range lines(t, dir, "tag", "--list", "v[0-9]*") {
		order, ok := version.Compare(version.Parse(tag), version.Parse("v4.3.0"))
		if ok && order >= 0 {
			out = append(out, tag)
		}
	}
	return out
}

// TestEveryRelease reads every release from its source, holds it against what ships and against counts that git and
// regular expressions make without this package's readers.
func TestEveryRelease(t *testing.T) {
	t.Parallel()
	dir := source(t)
	src, err := upstream.Open(dir, upstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all := tags(t, dir)
	if len(all) < 80 {
		t.Fatalf("only %d releases in %s", len(all), dir)
	}
	if shipped := facts.All(); len(shipped) != len(all) {
		t.Errorf("%d releases ship, the source has %d: run make facts", len(shipped), len(all))
	}
	for _, tag := range all {
		f, err := upstream.Read(t.Context(), src, tag)
		if err != nil {
			t.Errorf("%s: %v", tag, err)
			continue
		}
		if len(f.Gaps) > 0 {
			t.Errorf("%s: gaps %+v", tag, f.Gaps)
		}
		recount(t, dir, tag, f)
		shipped, err := facts.Embedded(version.Parse(tag))
		if err != nil {
			t.Errorf("%s: %v", tag, err)
			continue
		}
		if diff := cmp.Diff(f, shipped); diff != "" {
			t.Errorf("%s: what ships is not what the source says: %s", tag, diff)
		}
	}
}

// recount compares with a second method.
func recount(t *testing.T, dir, tag string, f *facts.Facts) {
	t.Helper()
	check := func(what string, got, want any) {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s: %s", tag, what, diff)
		}
	}
	phases := map[facts.Phase][]string{}
	blobs := map[string]string{}
	for _, m := range f.Migrations {
		phases[m.Phase] = append(phases[m.Phase], m.File)
		blobs[m.File] = m.Blob
	}
	for phase, folder := range map[facts.Phase]string{facts.Pre: "db/migrate", facts.Post: "db/post_migrate"} {
		var want []string
		for _, l := range lines(t, dir, "ls-tree", "-r", tag, folder) {
			meta, file, _ := strings.Cut(l, "\t")
			if !strings.HasSuffix(file, ".rb") {
				continue
			}
			want = append(want, file)
			check(file, blobs[file], strings.Fields(meta)[2][:12])
		}
		slices.Sort(phases[phase])
		check(folder, phases[phase], want)
	}
	schema := lines(t, dir, "show", tag+":db/schema.rb")
	check("tables", len(f.Schema.Tables), count(schema, `^  create_table "`))
	check("views", len(f.Schema.Views), count(schema, `^  create_view "`))
	check("extensions", len(f.Schema.Extensions), count(schema, `^  enable_extension "`))
	columns, indexes, keys := 0, 0, 0
	for _, table := range f.Schema.Tables {
		columns, indexes, keys = columns+len(table.Columns), indexes+len(table.Indexes), keys+len(table.ForeignKeys)
	}
	for _, view := range f.Schema.Views {
		indexes += len(view.Indexes)
	}
	implicit := count(schema, `^  create_table "`) - count(schema, `^  create_table .*(primary_key: \[|id: false)`)
	check("columns", columns, implicit+count(schema, `^    t\.[a-z_]+ `)-count(schema, `^    t\.(index|check_constraint) `))
	check("indexes", indexes, count(schema, `^    t\.index `)+count(schema, `^  add_index `))
	check("foreign keys", keys, count(schema, `^  add_foreign_key `))
	check("changelog", len(f.Changelog), len(lines(t, dir, "grep", "-hE", `^## \[?v?[0-9]`, tag, "--", "CHANGELOG.md")))
	check("names", names(f), grepped(t, dir, tag))
}

func count(text []string, pattern string) int {
	re := regexp.MustCompile(pattern)
	n := 0
	for _, l := range text {
		if re.MatchString(l) {
			n++
		}
	}
	return n
}

// names are the variables that stand in the source by their full name, without streaming's, whose names grep cannot
// tell from others.
func names(f *facts.Facts) []string {
	built := regexp.MustCompile(`^(CACHE_|SIDEKIQ_)?REDIS_(URL|USER|PASSWORD|HOST|PORT|DB|SENTINEL.*)$`)
	out := []string{}
	for _, v := range f.Environment {
		ruby := slices.ContainsFunc(v.Places, func(p facts.Read) bool {
			return !strings.HasPrefix(p.File, "streaming/") && !strings.HasPrefix(p.File, "vite.config") && !strings.HasPrefix(p.File, "config/webpack")
		})
		if ruby && !v.Pattern && !built.MatchString(v.Name) {
			out = append(out, v.Name)
		}
	}
	return out
}

var (
	use       = regexp.MustCompile(`ENV(?:\.fetch\(|\.key\?\(|\.has_key\?\(|\[)['"]([A-Za-z0-9_]+)['"]`)
	written   = regexp.MustCompile(`ENV\[['"][A-Za-z0-9_]+['"]\] = `)
	inComment = regexp.MustCompile(`^\s*#`)
)

// grepped finds the same with git grep and one expression: no comments, no assignments, and the three keys of
// Active Record's encryption, which stand in a list.
func grepped(t *testing.T, dir, tag string) []string {
	t.Helper()
	found := map[string]bool{}
	args := []string{
		"grep", "-hI", "-E", `ENV(\.fetch|\.key\?|\.has_key\?|\[)`, tag, "--", "app", "config", "lib", "db", "bin", "Rakefile", "config.ru", "Gemfile", "Vagrantfile",
		":!app/javascript", ":!config/locales", ":!config/locales-glitch", ":!*.md", ":!*.yml.sample",
	}
	for _, l := range lines(t, dir, args...) {
		if inComment.MatchString(l) {
			continue
		}
		for _, m := range use.FindAllStringSubmatch(written.ReplaceAllString(l, ""), -1) {
			if built := regexp.MustCompile(`^(CACHE_|SIDEKIQ_)?REDIS_(URL|USER|PASSWORD|HOST|PORT|DB|SENTINEL.*)$`); !built.MatchString(m[1]) {
				found[m[1]] = true
			}
		}
	}
	out := []string{}
	for name := range found {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// TestCostOfARemoteRelease fetches one real release through a git server and says what it cost.
func TestCostOfARemoteRelease(t *testing.T) {
	t.Parallel()
	dir, err := filepath.Abs(source(t))
	if err != nil {
		t.Fatal(err)
	}
	backend := filepath.Join(lines(t, dir, "--exec-path")[0], "git-http-backend")
	server := httptest.NewServer(&cgi.Handler{Path: backend, Env: []string{
		"GIT_PROJECT_ROOT=" + filepath.Dir(dir), "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_COUNT=3",
		"GIT_CONFIG_KEY_0=uploadpack.allowFilter", "GIT_CONFIG_VALUE_0=true",
		"GIT_CONFIG_KEY_1=uploadpack.allowAnySHA1InWant", "GIT_CONFIG_VALUE_1=true",
		"GIT_CONFIG_KEY_2=safe.directory", "GIT_CONFIG_VALUE_2=*",
	}})
	t.Cleanup(server.Close)
	src, err := upstream.Open(server.URL+"/"+filepath.Base(dir), upstream.Options{Client: &http.Client{}})
	if err != nil {
		t.Fatal(err)
	}
	rev, err := src.Resolve(t.Context(), "v4.5.0")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	tree, err := src.Load(t.Context(), rev, upstream.ForFacts())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d kB in %s", len(tree.Files), tree.Transferred/1000, time.Since(start).Round(time.Millisecond))
	if tree.Transferred > 4_000_000 {
		t.Errorf("%d bytes, want a small part of the 24 MB of a tarball", tree.Transferred)
	}
	far, err := upstream.Read(t.Context(), src, "v4.5.0")
	if err != nil {
		t.Fatal(err)
	}
	near, err := facts.Embedded(version.Parse("v4.5.0"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(near, far); diff != "" {
		t.Error(diff)
	}
}

// BenchmarkRead reads one release from the repository, opening it anew each time.
func BenchmarkRead(b *testing.B) {
	dir := source(b)
	for b.Loop() {
		src, err := upstream.Open(dir, upstream.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := upstream.Read(b.Context(), src, "v4.5.0"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkArchive is what BenchmarkRead is held against: git archive TAG | tar -t.
func BenchmarkArchive(b *testing.B) {
	dir := source(b)
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), "sh", "-c", fmt.Sprintf("git -C '%s' archive v4.5.0 | tar -t >/dev/null", dir))
		if err := cmd.Run(); err != nil {
			b.Logf("git archive: %v", err) // a history without its largest files ends early, in git's favour
		}
	}
}
