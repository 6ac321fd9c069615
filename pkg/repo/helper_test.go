package repo_test

import (
	"context"
	"io/fs"
	"net/http"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/gitmem"
	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/pkg/repo"
)

// world is a server with one repository, and a Remote that looks at it.
type world struct {
	*repo.Remote

	server *gittest.Server
	there  *gittest.Repo
}

// seed is ugly on purpose: CRLF, no final newline, an executable, a link out
// of the tree, a submodule.
func seed() fs.FS { return gittest.Files(seedFiles()) }

func seedFiles() map[string]string {
	return map[string]string{
		"README.md":                   "# GitOps\n",
		"apps/web/deployment.yaml":    "image: ghcr.io/glitch-soc/mastodon:v4.4.3\r\nreplicas: 2\r\n",
		"apps/web/service.yaml":       "kind: Service",
		"apps/sidekiq/deploy.yaml":    "image: ghcr.io/glitch-soc/mastodon:v4.4.3\n",
		"apps/web.yaml":               "sorts: between\n",
		"docs/ünï cödé/\"quoted\".md": "v4.4.3\n",
	}
}

// newWorld has a server within this process, which starts none for a request;
// of make test-real it is git's own.
func newWorld(t *testing.T, files fs.FS, change ...func(*repo.Options)) *world {
	t.Helper()

	if servedByGit {
		return newGitWorld(t, files, change...)
	}

	return worldOf(t, gitmem.Disk, files, change...)
}

// newGitWorld has git's own server, for what is told of git itself: what it
// filters, refuses, and says.
func newGitWorld(t *testing.T, files fs.FS, change ...func(*repo.Options)) *world {
	t.Helper()

	return worldOf(t, nil, files, change...)
}

func worldOf(t *testing.T, within func(dir string) http.Handler, files fs.FS, change ...func(*repo.Options)) *world {
	t.Helper()

	server, err := gittest.New(t.TempDir())
	must(t, err)
	server.Within(within)
	t.Cleanup(func() { must(t, server.Close()) })

	there, err := server.CreateRepo(t.Context(), "example/gitops", files)
	must(t, err)

	w := &world{server: server, there: there}
	w.Remote = w.open(t, change...)

	return w
}

// open is another Remote of the same repository: another process.
func (w *world) open(t *testing.T, change ...func(*repo.Options)) *repo.Remote {
	t.Helper()

	o := repo.Options{
		URL: w.there.URL, Retries: -1, Timeout: 30 * time.Second, Transport: &http.Transport{},
		Author: repo.Signature{Name: "Bot", Email: "bot@example.org"},
		Now:    func() time.Time { return gittest.Epoch.Add(time.Hour) },
	}
	for _, f := range change {
		f(&o)
	}

	r, err := repo.Open(o)
	must(t, err)
	t.Cleanup(o.Transport.(*http.Transport).CloseIdleConnections)

	return r
}

func mirrored(dir string) func(*repo.Options) {
	return func(o *repo.Options) { o.Mirror = dir }
}

func withToken(token string) func(*repo.Options) {
	return func(o *repo.Options) {
		o.Auth.Token = func(context.Context) (string, error) { return token, nil }
	}
}

func must(t *testing.T, err error) {
	t.Helper()

	if err != nil {
		t.Fatal(err)
	}
}

func fetch(t *testing.T, r *repo.Remote, branch string) *repo.Commit {
	t.Helper()

	c, err := r.Fetch(t.Context(), branch)
	must(t, err)

	return c
}

// bump is the change that most tests make.
func bump(t *testing.T, r *repo.Remote, base *repo.Commit, to string) *repo.Commit {
	t.Helper()

	c, err := r.Commit(t.Context(), base, []repo.Change{
		{Path: "apps/sidekiq/deploy.yaml", Content: []byte("image: ghcr.io/glitch-soc/mastodon:" + to + "\n")},
	}, repo.Message{Text: "move to " + to})
	must(t, err)

	return c
}

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()

	if got != want {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

func constant(text string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return text, nil }
}
