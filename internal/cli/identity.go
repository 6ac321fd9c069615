package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/gh/app"
)

// identity is who the program is to GitHub: the owner of a token, or a GitHub
// App with an installation on each account.
type identity struct {
	app   *app.App
	token func(context.Context) (string, error)

	mu    sync.Mutex
	names map[string][]string // repositories by account, the one that last had a token first
}

// identity reads the credentials once, so that missing ones are known at the
// start. They are read again when they are used: files are replaced when
// secrets are.
func (p *Program) identity(o config.GitHub) (*identity, error) {
	if o.App == nil {
		read := func(context.Context) (string, error) {
			token, err := p.secret(*o.TokenFrom)

			return token.Reveal(), err
		}

		if _, err := read(context.Background()); err != nil {
			return nil, fmt.Errorf("no GitHub token (it needs contents: write and pull requests: write): %w", err)
		}

		return &identity{token: read}, nil
	}

	api, err := gh.APIURL(o.BaseURL)
	if err != nil {
		return nil, err
	}

	a, err := app.New(app.Options{
		ID: o.App.ID, Installation: o.App.Installation, API: api, Transport: p.Transport, UserAgent: userAgent(),
		Key: func() ([]byte, error) {
			key, err := p.secret(o.App.KeyFrom)

			return []byte(key.Reveal()), err
		},
	})
	if err != nil {
		return nil, err
	}

	return &identity{app: a}, nil
}

// tokens is the source of tokens for an account. Any of its repositories leads
// to its installation, so that one that is gone takes no other with it.
func (i *identity) tokens(account string) func(context.Context) (string, error) {
	if i.app == nil {
		return i.token
	}

	return func(ctx context.Context) (token string, err error) {
		for _, name := range i.of(account) {
			token, err = i.app.Token(name)(ctx)
			if gone, ok := errors.AsType[*gh.Error](err); ok && gone.Status == http.StatusNotFound {
				continue
			}

			if err == nil {
				i.leads(account, name)
			}

			return token, err
		}

		return token, err
	}
}

func (i *identity) of(account string) []string {
	i.mu.Lock()
	defer i.mu.Unlock()

	return slices.Clone(i.names[account])
}

// leads puts a repository first.
func (i *identity) leads(account, name string) {
	i.mu.Lock()
	defer i.mu.Unlock()

	if names := i.names[account]; len(names) > 0 && names[0] != name {
		rest := slices.DeleteFunc(slices.Clone(names), func(other string) bool { return other == name })
		i.names[account] = append([]string{name}, rest...)
	}
}

// knows adds repositories by name.
func (i *identity) knows(names ...string) {
	i.mu.Lock()
	defer i.mu.Unlock()

	if i.names == nil {
		i.names = map[string][]string{}
	}

	for _, name := range names {
		account := i.account(name)
		if !slices.Contains(i.names[account], name) {
			i.names[account] = append(i.names[account], name)
		}
	}
}

// account is what repositories have in common that share an installation, and
// with it rights and rate limits. A token has one for all.
func (i *identity) account(repository string) string {
	if i.app == nil {
		return ""
	}

	owner, _, _ := strings.Cut(repository, "/")

	return owner
}

// repositories tells about repositories. [*gh.Client] does.
type repositories interface {
	Repository(ctx context.Context, fullName string) (gh.Repository, error)
}

// check tells what is missing before work is begun. GitHub does not say what a
// token may; that its owner may not push is known all the same.
func (i *identity) check(ctx context.Context, github repositories, repository string) error {
	if i.app != nil {
		return i.app.Check(ctx, repository, app.Needed())
	}

	r, err := github.Repository(ctx, repository)
	if err != nil {
		return err
	}

	if !r.Permissions.Push {
		return &gh.Error{Op: "check the token", Repo: repository, Message: "its owner may not push there", Permission: "contents: write"}
	}

	return nil
}
