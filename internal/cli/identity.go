package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/gh/app"
)

// identity is who the program is to GitHub: the owner of a token, or a GitHub
// App with an installation on each account.
type identity struct {
	app   *app.App
	token func(context.Context) (string, error)
}

// identity reads the credentials once, so that missing ones are known at the
// start. They are read again when they are used: files are replaced when
// secrets are.
func (p *Program) identity(o config.GitHub) (*identity, error) {
	if o.App == nil {
		read := func(context.Context) (string, error) {
			token, err := o.TokenFrom.Read(p.Getenv, p.ReadFile)

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
			key, err := o.App.KeyFrom.Read(p.Getenv, p.ReadFile)

			return []byte(key.Reveal()), err
		},
	})
	if err != nil {
		return nil, err
	}

	return &identity{app: a}, nil
}

// tokens is the source of tokens for a repository.
func (i *identity) tokens(repository string) func(context.Context) (string, error) {
	if i.app != nil {
		return i.app.Token(repository)
	}

	return i.token
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
