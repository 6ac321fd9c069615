package fleetworld

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/goingdark-social/bot/examples"
	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/internal/gitmem"
	"github.com/goingdark-social/bot/internal/registrytest"
)

// Token is what GitHub and git take.
const Token = "github_pat_fleet_stand_in" //nolint:gosec // the stand-in's, known to everybody

// The releases of the world: every repository is on Before; After comes out.
const (
	Before = "v4.5.1"
	After  = "v4.5.2"
)

// World is a running world. Close it.
type World struct {
	GitHub   *githubtest.Server
	Registry *registrytest.Server
	// Names are the repositories, "owner-3/gitops-17".
	Names []string
	// GitHubURL is where GitHub's API listens.
	GitHubURL string

	git     string // where git listens
	family  registrytest.Family
	repos   map[string]*gitmem.Repo // by name
	counts  *counts
	servers []*http.Server
}

// Accounts is how many accounts the repositories of a world belong to.
const Accounts = 10

// Start makes a world of n repositories, copies of the example tree that each
// differ in a file.
func Start(ctx context.Context, n int) (*World, error) {
	w := &World{repos: map[string]*gitmem.Repo{}, counts: newCounts(), family: registrytest.GlitchSoc()}

	if err := w.start(ctx, n); err != nil {
		return nil, errors.Join(fmt.Errorf("starting a world of %d repositories: %w", n, err), w.Close())
	}

	return w, nil
}

func (w *World) start(ctx context.Context, n int) (err error) {
	if w.Registry, err = registrytest.New(registrytest.Options{
		Watch: func(l net.Listener) net.Listener { return w.counts.bytes("registry", l) },
	}); err != nil {
		return err
	}

	w.Registry.AnnounceZoo(w.family, time.Now().AddDate(0, 0, -30))

	if w.git, err = w.listen(ctx, "git", http.HandlerFunc(w.serveGit)); err != nil {
		return err
	}

	w.GitHub = githubtest.New(githubtest.Options{Git: branches{w}, RateLimit: 1 << 30})
	w.GitHub.AddToken(githubtest.Token{Value: Token, Login: "goingdark-bot", Permissions: githubtest.Writer()})

	if err := w.populate(n, w.git); err != nil {
		return err
	}

	w.GitHubURL, err = w.listen(ctx, "github", w.GitHub)

	return err
}

// populate makes the repositories.
func (w *World) populate(n int, git string) error {
	files, err := tree(w.Registry.Host())
	if err != nil {
		return err
	}

	for i := range n {
		name := fmt.Sprintf("owner-%d/gitops-%d", i%Accounts, i)
		files["OWNERS"] = "repository " + name + "\n"

		repo, err := gitmem.New(files, time.Now)
		if err != nil {
			return err
		}

		w.Names, w.repos[name] = append(w.Names, name), repo
		w.GitHub.AddRepository(githubtest.Repository{Name: name, Private: true, CloneURL: git + name + ".git", Collaborators: []string{"goingdark-bot"}})
	}

	return nil
}

// tree is the example tree, whose images are in the world's registry.
func tree(host string) (map[string]string, error) {
	example, err := examples.GoingDark()
	if err != nil {
		return nil, err
	}

	files := map[string]string{}
	policy := fmt.Sprintf("version: 1\napplications:\n- images:\n    web: %[1]s/glitch-soc/mastodon\n    streaming: %[1]s/glitch-soc/mastodon-streaming\n", host)

	err = fs.WalkDir(example, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}

		data, err := fs.ReadFile(example, path)
		text := strings.ReplaceAll(string(data), "ghcr.io/glitch-soc/", host+"/glitch-soc/")
		files[path] = strings.ReplaceAll(text, "v4.4.3", Before)

		return err
	})

	files["bot.yaml"] = policy

	return files, err
}

// Tree is the files of the example tree on Before, whose images are in the
// world's registry.
func (w *World) Tree() (map[string]string, error) { return tree(w.Registry.Host()) }

// listen serves on a free port and gives its address.
func (w *World) listen(ctx context.Context, name string, handler http.Handler) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}

	server := &http.Server{Handler: w.counts.requests(name, handler), ReadHeaderTimeout: 10 * time.Second}
	w.servers = append(w.servers, server)

	go server.Serve(w.counts.bytes(name, listener)) //nolint:errcheck // it ends with ErrServerClosed when the world does

	return "http://" + listener.Addr().String() + "/", nil
}

func (w *World) serveGit(rw http.ResponseWriter, r *http.Request) {
	name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), ".git/")

	repo, ok := w.repos[name]
	if !ok {
		http.NotFound(rw, r)

		return
	}

	repo.ServeHTTP(rw, r)
}

// Release lets the release come out that every repository lacks.
func (w *World) Release() { w.Registry.AnnounceRelease(w.family, After, time.Now().Add(-time.Hour)) }

// Proposed counts the open pull requests of each repository that propose After.
func (w *World) Proposed() map[string]int {
	out := map[string]int{}

	for _, name := range w.Names {
		for _, p := range w.GitHub.In(name).Pulls() {
			if p.State == "open" && strings.Contains(p.Title, After) {
				out[name]++
			}
		}
	}

	return out
}

// Commit changes a file of a repository, as a person does.
func (w *World) Commit(name, file, content string) error {
	return w.repos[name].Commit("main", "Ada", "ada@example.org", "change "+file, map[string]string{file: content})
}

// Close ends the world.
func (w *World) Close() error {
	var errs []error
	for _, s := range w.servers {
		errs = append(errs, s.Close())
	}

	if w.Registry != nil {
		errs = append(errs, w.Registry.Close())
	}

	return errors.Join(errs...)
}

// Operator is the operator's file of this world, with more lines of its own.
func (w *World) Operator(more string) string {
	var b strings.Builder

	fmt.Fprintf(&b, "version: 1\ngithub: {baseURL: %q, tokenFrom: {env: GITHUB_TOKEN}}\n%srepositories:\n", w.GitHubURL, more)

	for _, name := range w.Names {
		fmt.Fprintf(&b, "- {name: %s, branch: main}\n", name)
	}

	return b.String()
}

// branches lets the GitHub stand-in see and merge what is in the repositories.
type branches struct{ w *World }

// Branch is the head of a branch.
func (b branches) Branch(repo, name string) (string, bool) {
	r, ok := b.w.repos[repo]
	if !ok {
		return "", false
	}

	head := r.Head(name)

	return head, head != ""
}

// Merge merges as GitHub does.
func (b branches) Merge(repo, base, head, method string) (string, error) {
	r := b.w.repos[repo]

	return r.Merge(base, r.Head(head), method)
}

var _ io.Closer = (*World)(nil)
