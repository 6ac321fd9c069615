package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/bradleyfalzon/ghinstallation/v2"
	"github.com/google/go-github/v62/github"
)

// Options say which App it is, and where GitHub is.
type Options struct {
	// ID is the App's id, or for a newer App the number in its settings.
	ID int64
	// Key reads the App's private key, as PEM. It is read again whenever a
	// token is made, about once an hour, so that a key can be replaced.
	Key func() ([]byte, error)
	// Installation is the App's only one that is used. Default: 0, which looks
	// it up for each repository.
	Installation int64
	// API is the address of the REST API, ending in a slash:
	// "https://ghes.example.com/api/v3/" for GitHub Enterprise Server.
	// Default: "https://api.github.com/".
	API string
	// Transport carries the requests. Default: http.DefaultTransport.
	Transport http.RoundTripper
	// UserAgent is sent with each request. Default: "goingdark-social-bot".
	UserAgent string
}

// App is one GitHub App. It is safe for concurrent use, and made to be kept:
// it remembers installations, and tokens until they are about to expire.
type App struct {
	api       *github.Client
	base      string // without a slash at its end, as ghinstallation wants it
	id        int64
	only      int64 // the configured installation; 0: none is
	key       keySigner
	transport http.RoundTripper

	mu     sync.Mutex
	on     map[string]int64 // the installation of a repository
	tokens map[int64]*ghinstallation.Transport
}

// New reads the key once, so that a wrong one is known at the start. It does
// not speak to GitHub.
func New(o Options) (*App, error) {
	switch {
	case o.ID <= 0:
		return nil, errors.New("GitHub App: its id is missing")
	case o.Key == nil:
		return nil, errors.New("GitHub App: its private key is missing")
	}

	base, err := apiURL(o.API)
	if err != nil {
		return nil, err
	}

	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}

	if o.UserAgent == "" {
		o.UserAgent = "goingdark-social-bot"
	}

	a := &App{
		base: strings.TrimSuffix(base.String(), "/"), id: o.ID, only: o.Installation, key: keySigner{o.Key},
		transport: &exchange{next: o.Transport, host: base.Host, scheme: base.Scheme, userAgent: o.UserAgent},
		on:        map[string]int64{}, tokens: map[int64]*ghinstallation.Transport{},
	}

	if _, err := a.key.read(); err != nil {
		return nil, err
	}

	signed, err := a.signed()
	if err != nil {
		return nil, err
	}

	a.api = github.NewClient(&http.Client{Transport: signed})
	a.api.BaseURL = base

	return a, nil
}

// apiURL never repeats the address in an error: people put tokens there.
func apiURL(address string) (*url.URL, error) {
	if address == "" {
		address = "https://api.github.com/"
	}

	base, err := url.Parse(address)
	if err != nil || base.Host == "" || base.User != nil || !strings.HasSuffix(base.Path, "/") {
		return nil, errors.New("GitHub App: the API's address must look like https://ghes.example.com/api/v3/")
	}

	ip := net.ParseIP(base.Hostname())
	if base.Scheme != "https" && (base.Scheme != "http" || ip == nil || !ip.IsLoopback()) {
		return nil, errors.New("GitHub App: the API's address must be https; http is for loopback only")
	}

	return base, nil
}

// signed is a transport that signs as the App itself. Each has its own: the
// library writes to it when a token is renewed.
func (a *App) signed() (*ghinstallation.AppsTransport, error) {
	t, err := ghinstallation.NewAppsTransportWithOptions(a.transport, a.id, ghinstallation.WithSigner(a.key))
	if err != nil {
		return nil, fmt.Errorf("GitHub App %d: %w", a.id, err)
	}

	return t, nil
}

// Token is the source of tokens for a repository, "owner/name": one that is
// good for a minute at least is given again, then it is renewed. Its errors are
// a *gh.Error, or the context's.
func (a *App) Token(repository string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		token, err := a.token(ctx, repository)
		if uninstalled(err) && a.forget(repository) {
			// It may have been installed anew, which gives it another number.
			token, err = a.token(ctx, repository)
		}

		return token, err
	}
}

func (a *App) token(ctx context.Context, repository string) (string, error) {
	installation, err := a.installationOf(ctx, repository)
	if err != nil {
		return "", err
	}

	source, err := a.source(installation)
	if err != nil {
		return "", err
	}

	token, err := source.Token(ctx)
	if err != nil {
		return "", tokenFailure(ctx, repository, err)
	}

	if token == "" {
		return "", failure("GitHub's answer holds no token", repository, http.StatusOK)
	}

	return token, nil
}

// source is what renews the tokens of an installation.
func (a *App) source(installation int64) (*ghinstallation.Transport, error) {
	a.mu.Lock()
	defer a.mu.Unlock()

	if t, ok := a.tokens[installation]; ok {
		return t, nil
	}

	signed, err := a.signed()
	if err != nil {
		return nil, err
	}

	t := ghinstallation.NewFromAppsTransport(signed, installation)
	t.BaseURL = a.base
	t.InstallationTokenOptions = &github.InstallationTokenOptions{} // else the body is null, which is no object
	a.tokens[installation] = t

	return t, nil
}
