package cli

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/notify"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/repo"
)

// committer is who the bot's commits are by, which also tells them from
// people's, and what signs them; nil: nothing does.
func (p *Program) committer(c config.Commits) (repo.Signature, repo.Signer, error) {
	author := repo.Signature{Name: c.Name, Email: c.Email}
	if c.SigningKeyFrom == nil {
		return author, nil, nil
	}

	key, err := p.secret(*c.SigningKeyFrom)
	if err != nil {
		return author, nil, fmt.Errorf("no key to sign commits with: %w", err)
	}

	signer, err := repo.NewSigner([]byte(key.Reveal()))

	return author, signer, err
}

func userAgent() string { return "goingdark-bot/" + programVersion() }

// operator reads the operator's file, or takes the defaults; --repo and the
// environment add to it.
func (p *Program) operator(g *globals, repository string) (*config.Operator, error) {
	o := config.DefaultOperator()

	if g.config != "" {
		data, err := p.ReadFile(g.config)
		if err != nil {
			return nil, fmt.Errorf("reading the operator's file: %w", err)
		}

		if o, err = config.ParseOperator(g.config, data); err != nil {
			return nil, err
		}
	}

	if repository != "" {
		if !config.IsRepository(repository) { // it may be anything, and whom it concerns is told to people
			return nil, misused("bot", "--repo is owner/name, not %q", repository)
		}

		o.Repositories = []config.Repository{withBranch(o, repository)}
	}

	if o.GitHub.BaseURL == "" {
		o.GitHub.BaseURL = p.Getenv("GITHUB_API_URL")
	}

	if o.GitHub.TokenFrom == nil && o.GitHub.App == nil {
		o.GitHub.TokenFrom = &config.Source{Env: "GITHUB_TOKEN"}
	}

	return o, nil
}

// withBranch is the configured repository of that name, or one by name alone.
func withBranch(o *config.Operator, name string) config.Repository {
	for _, r := range o.Repositories {
		if r.Name == name {
			return r
		}
	}

	return config.Repository{Name: name}
}

// local is a bot for a folder: it has a registry, unless offline, and no
// repository to write to. A database is asked for the sizes of tables; nil: none.
func (p *Program) local(g *globals, offline bool, sizes bot.Database) (*bot.Bot, error) {
	o := bot.Options{Now: p.Now, Log: g.logger(p), Progress: p.progressf, Database: sizes}

	if err := p.observe(&o, g, offline); err != nil {
		return nil, err
	}

	return bot.New(o), nil
}

// observe wires the rooms that read the outside.
func (p *Program) observe(o *bot.Options, g *globals, offline bool) error {
	upstream, err := p.upstream(offline)
	if err != nil {
		return err
	}

	o.Upstream = upstream

	if offline {
		return nil
	}

	client, err := p.registry(g)
	if err != nil {
		return err
	}

	o.Registry = func() bot.Registry { return client.Pass() }
	o.Updates = p.updates()

	return nil
}

func (p *Program) registry(g *globals) (*registry.Client, error) {
	return p.registryClient(g.logger(p))
}

func (p *Program) registryClient(log *slog.Logger) (*registry.Client, error) {
	o := registry.Options{
		Transport: p.Transport,
		UserAgent: userAgent(),
		PlainHTTP: p.PlainHTTP,
		Now:       p.Now,
		Log:       log,
	}

	if p.Anonymous {
		o.Credentials = func(context.Context, string) (user, secret string, err error) { return "", "", nil }
	}

	return registry.New(o)
}

// once is the crew of a command that runs and ends, for the repositories of
// the operator's file or the one named.
func (p *Program) once(g *globals, command, repository string, offline bool) (*crew, error) {
	operator, err := p.operator(g, repository)
	if err != nil {
		return nil, err
	}

	if len(operator.Repositories) == 0 {
		return nil, misused(command, "%w", errNoPlace)
	}

	return p.passing(g, operator, offline)
}

// passing is a crew that does one thing and is gone.
func (p *Program) passing(g *globals, operator *config.Operator, offline bool) (*crew, error) {
	return p.assemble(g, operator, &crew{log: g.logger(p), seam: effect.Or(p.Seam), offline: offline, progress: p.progressf})
}

// only is the bot for the one repository that a command is about.
func (c *crew) only(command string) (*bot.Bot, config.Repository, error) {
	if len(c.operator.Repositories) != 1 {
		return nil, config.Repository{}, misused(command, "several repositories are listed: say which with --repo owner/name")
	}

	r := c.operator.Repositories[0]
	b, err := c.bot(r.Name)

	return b, r, err
}

// targets are where notifications go: pull requests, and Slack if configured.
func (p *Program) targets(operator *config.Operator, github notify.Commenter) ([]notify.Target, error) {
	targets := []notify.Target{notify.NewGitHub(github)}

	slack := operator.Notify.Slack
	if slack == nil {
		return targets, nil
	}

	o := notify.SlackOptions{
		Channel: slack.Channel, SecurityGroup: slack.SecurityGroup, BaseURL: p.Getenv("BOT_SLACK_API_URL"),
		HTTPClient: &http.Client{Transport: p.Transport, Timeout: 30 * time.Second}, Now: p.Now, Veil: p.veil,
	}

	if quiet := slack.Quiet; quiet != nil {
		o.Quiet = notify.Quiet{From: quiet.From, To: quiet.To, Location: operator.TimeZone}
	}

	for _, from := range []struct {
		source *config.Source
		into   *string
	}{{slack.TokenFrom, &o.Token}, {slack.WebhookFrom, &o.WebhookURL}} {
		if from.source == nil {
			continue
		}

		secret, err := p.secret(*from.source)
		if err != nil {
			return nil, fmt.Errorf("no credentials for Slack: %w", err)
		}

		*from.into = secret.Reveal()
	}

	target, err := notify.NewSlack(o)
	if err != nil {
		return nil, err
	}

	return append(targets, target), nil
}
