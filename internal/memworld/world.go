package memworld

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/internal/gitmem"
	"github.com/goingdark-social/bot/internal/slacktest"
	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/notify"
	"github.com/goingdark-social/bot/pkg/repo"
)

// What is known in every world.
const (
	Repository = "example/gitops"
	Maintainer = "ada"
	token      = "github_pat_in_memory" //nolint:gosec // the stand-in's, known to everybody
)

// World is one world. The zero value of its faults is none.
type World struct {
	Git      *gitmem.Repo
	GitHub   *githubtest.Server
	Slack    *slacktest.Server
	Releases *Releases
	// Upstream is asked for the facts of releases. Nil: all are unknown.
	Upstream bot.Upstream
	// Trouble tells what becomes of a request to git. Nil: nothing.
	Trouble func(*http.Request) Trouble

	mu  sync.Mutex
	now time.Time
}

// New is a world that begins at now with files on main.
func New(files map[string]string, now time.Time) (*World, error) {
	w := &World{now: now, Releases: &Releases{}}

	var err error
	if w.Git, err = gitmem.New(files, func() time.Time { return now }); err != nil {
		return nil, err
	}

	w.Slack = slacktest.New(slacktest.Options{Now: w.Now})
	w.GitHub = githubtest.New(githubtest.Options{Git: branches{w.Git}, Now: w.Now, RateLimit: 1 << 30})
	w.GitHub.AddToken(githubtest.Token{Value: token, Login: "goingdark-bot", Permissions: githubtest.Writer()})
	w.GitHub.AddRepository(githubtest.Repository{
		Name: Repository, CloneURL: "http://127.0.0.1/example/gitops.git", Collaborators: []string{Maintainer, "goingdark-bot"},
	})

	return w, nil
}

// Now is the world's clock.
func (w *World) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()

	return w.now
}

// Pass lets time go by.
func (w *World) Pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()

	w.now = w.now.Add(d)
}

// People are the hands on the repository on GitHub.
func (w *World) People() githubtest.Hands { return w.GitHub.In(Repository) }

// Bot is the program, started anew, whose changes pass seam.
func (w *World) Bot(seam effect.Seam) (*bot.Bot, error) {
	secret := func(context.Context) (string, error) { return token, nil }

	github, err := gh.New(gh.Options{BaseURL: "http://127.0.0.1/", Token: secret, Transport: githubtest.Transport(w.GitHub), Seam: seam})
	if err != nil {
		return nil, err
	}

	slack, err := notify.NewSlack(notify.SlackOptions{
		Channel: "#ops", Token: w.Slack.Token(), BaseURL: "http://slack.invalid/api/", Now: w.Now,
		HTTPClient: &http.Client{Transport: githubtest.Transport(w.Slack)},
	})
	if err != nil {
		return nil, err
	}

	author := repo.Signature{Name: "bot", Email: "bot@goingdark.social"}

	return bot.New(bot.Options{
		Registry: func() bot.Registry { return w.Releases },
		Upstream: w.Upstream,
		GitHub:   github, Author: author, Now: w.Now, Seam: seam, Log: slog.New(slog.DiscardHandler),
		Targets: []notify.Target{notify.NewGitHub(github), slack},
		Open: func(_ context.Context, r gh.Repository) (bot.Git, error) {
			return repo.Open(repo.Options{
				URL: r.CloneURL, Author: author, Now: w.Now, Seam: seam, Retries: -1,
				Transport: unsteady{githubtest.Transport(w.Git), w},
			})
		},
	}), nil
}

// Run makes one pass of b over the repository.
func (w *World) Run(ctx context.Context, b *bot.Bot) (*bot.Result, error) {
	return b.Run(ctx, config.Repository{Name: Repository, Branch: "main"})
}

// Trouble is what becomes of a request.
type Trouble int

// The troubles.
const (
	Fine    Trouble = iota
	Refused         // it never arrives
	Lost            // it is done, and the answer never arrives
)

// unsteady carries git's requests, or fails.
type unsteady struct {
	http.RoundTripper

	w *World
}

func (u unsteady) RoundTrip(req *http.Request) (*http.Response, error) {
	trouble := Fine
	if u.w.Trouble != nil {
		trouble = u.w.Trouble(req)
	}

	if trouble == Refused {
		return nil, fmt.Errorf("%s: connection refused", req.URL.Host)
	}

	resp, err := u.RoundTripper.RoundTrip(req)
	if trouble == Lost && err == nil {
		return nil, errors.Join(fmt.Errorf("%s: connection reset", req.URL.Host), resp.Body.Close())
	}

	return resp, err
}

// branches lets the GitHub stand-in see and merge what is in the repository.
type branches struct{ git *gitmem.Repo }

func (b branches) Branch(_, name string) (string, bool) {
	head := b.git.Head(name)

	return head, head != ""
}

func (b branches) Merge(_, base, head, method string) (string, error) {
	return b.git.Merge(base, b.git.Head(head), method)
}
