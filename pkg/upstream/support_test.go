package upstream_test

import (
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// releases are the folders of testdata/lines.txtar, in the order of their commits.
var releases = []string{"v4.4.0", "v4.4.1", "v4.5.0"}

// git runs git with nothing of the machine's own configuration.
func git(t testing.TB, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org",
		"GIT_AUTHOR_DATE=2025-07-08T10:00:00Z", "GIT_COMMITTER_DATE=2025-07-08T10:00:00Z")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git %s: %v", strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out))
}

// repository makes a working repository of testdata/lines.txtar: each release changes the one before. An empty file
// takes the older one away, a dot file among the migrations stays. v4.5.0 is an annotated tag, the others are not.
func repository(t testing.TB) string {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/lines.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	git(t, dir, "init", "-q", "-b", "main")
	for _, tag := range releases {
		for _, f := range archive.Files {
			name, ok := strings.CutPrefix(f.Name, tag+"/")
			if !ok {
				continue
			}
			file := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if len(f.Data) == 0 && filepath.Base(name) != ".gitkeep" {
				if err := os.Remove(file); err != nil {
					t.Fatal(err)
				}
				continue
			}
			if err := os.WriteFile(file, f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		git(t, dir, "add", "-A")
		git(t, dir, "commit", "-q", "-m", tag)
		if tag == "v4.5.0" {
			git(t, dir, "tag", "-a", "-m", tag, tag)
		} else {
			git(t, dir, "tag", tag)
		}
	}
	return dir
}

// serve serves the repositories below root as a git server does, and counts requests.
func serve(t testing.TB, root string) (url string, requests func() int) {
	t.Helper()
	n := make(chan int, 1)
	n <- 0
	backend := filepath.Join(git(t, root, "--exec-path"), "git-http-backend")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n <- <-n + 1
		(&cgi.Handler{Path: backend, Env: []string{
			"GIT_PROJECT_ROOT=" + root, "GIT_HTTP_EXPORT_ALL=1", "GIT_PROTOCOL=" + r.Header.Get("Git-Protocol"),
			"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
		}}).ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, func() int {
		count := <-n
		n <- count
		return count
	}
}

// bare makes a bare copy of a repository below a new folder.
func bare(t testing.TB, dir string) (root string) {
	t.Helper()
	root = t.TempDir()
	git(t, root, "clone", "-q", "--bare", dir, "mastodon.git")
	return root
}
