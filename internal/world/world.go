package world

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/internal/slacktest"
)

// What is known in every world.
const (
	Repository = "example/gitops"
	Token      = "github_pat_stand_in" //nolint:gosec // the stand-in's, known to everybody
	Maintainer = "ada"
	Channel    = "#ops"
)

// Options say what the world holds at its beginning.
type Options struct {
	// Dir is an empty folder for the git server's repositories.
	Dir string
	// Host is the registry's real name. Default: ghcr.io.
	Host string
	// Files is the tree of the repository's branch main.
	Files fs.FS
	// Now is the clock of all that keep time. Default: time.Now.
	Now func() time.Time
	// Wrap puts a handler around GitHub's, to watch or check what passes.
	// Default: none.
	Wrap func(http.Handler) http.Handler
	// Slack says what it accepts. Default: as slacktest does; its clock is Now.
	Slack slacktest.Options
	// RegistrySecrets are the passwords that the registry takes. Default: none.
	RegistrySecrets []string
}

// World is a running world. Close it.
type World struct {
	Registry *registrytest.Server
	Git      *gittest.Server
	Repo     *gittest.Repo
	GitHub   *githubtest.Server
	Slack    *slacktest.Server
	Updates  *Updates
	// GitHubURL is where GitHub's API listens.
	GitHubURL string

	github *http.Server
}

// Start makes a world.
func Start(ctx context.Context, o Options) (*World, error) {
	w := &World{Updates: &Updates{}}

	if err := w.start(ctx, o); err != nil {
		return nil, errors.Join(fmt.Errorf("starting the stand-ins: %w", err), w.Close())
	}

	return w, nil
}

func (w *World) start(ctx context.Context, o Options) (err error) {
	if w.Registry, err = registrytest.New(registrytest.Options{Host: cmp.Or(o.Host, registrytest.GHCR), Secrets: o.RegistrySecrets}); err != nil {
		return err
	}

	if w.Git, err = gittest.New(o.Dir); err != nil {
		return err
	}

	w.Git.Allow(Token, true)

	if w.Repo, err = w.Git.CreateRepo(ctx, Repository, o.Files); err != nil {
		return err
	}

	o.Slack.Now = o.Now
	w.Slack = slacktest.New(o.Slack)

	if err := w.Slack.Start(ctx); err != nil {
		return err
	}

	return w.startGitHub(ctx, o)
}

func (w *World) startGitHub(ctx context.Context, o Options) error {
	w.GitHub = githubtest.New(githubtest.Options{Git: branches{ctx: ctx, repo: w.Repo}, Now: o.Now})
	w.GitHub.AddToken(githubtest.Token{Value: Token, Login: "goingdark-bot", Permissions: githubtest.Writer()})
	w.GitHub.AddRepository(githubtest.Repository{
		Name: Repository, CloneURL: w.Repo.URL, Collaborators: []string{Maintainer, "goingdark-bot"},
	})

	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}

	var handler http.Handler = w.GitHub
	if o.Wrap != nil {
		handler = o.Wrap(handler)
	}

	w.GitHubURL = "http://" + listener.Addr().String() + "/"
	w.github = &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}

	go w.github.Serve(listener) //nolint:errcheck // it ends with ErrServerClosed when the world does

	return nil
}

// Close ends the world.
func (w *World) Close() error {
	var errs []error

	if w.github != nil {
		errs = append(errs, w.github.Close())
	}

	if w.Slack != nil {
		errs = append(errs, w.Slack.Close())
	}

	if w.Git != nil {
		errs = append(errs, w.Git.Close())
	}

	if w.Registry != nil {
		errs = append(errs, w.Registry.Close())
	}

	return errors.Join(errs...)
}

// Transport reaches the stand-ins under the names that the program knows them
// by, and no other host: whatever is not GitHub or Slack is the registry's.
func (w *World) Transport() http.RoundTripper {
	own := map[string]bool{
		strings.TrimSuffix(strings.TrimPrefix(w.GitHubURL, "http://"), "/"): true,
		strings.TrimPrefix(w.Slack.URL(), "http://"):                        true,
	}

	return router{updates: w.Updates, own: own, plain: &http.Transport{}, registry: w.Registry.Transport()}
}

type router struct {
	updates         *Updates
	own             map[string]bool
	plain, registry http.RoundTripper
}

func (r router) RoundTrip(req *http.Request) (*http.Response, error) {
	if r.own[req.URL.Host] {
		return r.plain.RoundTrip(req)
	}

	if req.URL.Host == UpdatesHost {
		return r.updates.RoundTrip(req)
	}

	return r.registry.RoundTrip(req)
}

// Operator is the operator's file of this world.
func (w *World) Operator() string {
	return fmt.Sprintf(`version: 1
repositories: [{name: %s, branch: main}]
github: {baseURL: %q, tokenFrom: {env: GITHUB_TOKEN}}
notify: {slack: {channel: %q, tokenFrom: {env: SLACK_TOKEN}, securityGroup: S0SECURITY}}
talk: {comments: false, dashboard: false, review: false}
`, Repository, w.GitHubURL, Channel)
}

// Env is the environment of this world: its secrets, and where Slack is.
func (w *World) Env() map[string]string {
	return map[string]string{
		"GITHUB_TOKEN":      Token,
		"SLACK_TOKEN":       w.Slack.Token(),
		"BOT_SLACK_API_URL": w.Slack.APIURL(),
	}
}
