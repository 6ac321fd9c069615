package stories_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/internal/world"
	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/notify"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/repo"
)

// TestCostOfAnUnchangedPass counts what a process that stays asks for when
// nothing is new: with more than a thousand tags an image, both tracks open, a
// release held back by its age, and one that lacks an image.
func TestCostOfAnUnchangedPass(t *testing.T) {
	t.Parallel()

	now := midday
	w, b := staying(t, &now)
	f := registrytest.GlitchSoc()

	w.Registry.AnnounceZoo(f, now.AddDate(0, 0, -30))
	w.Registry.AnnounceRelease(f, "v4.4.5", now.Add(-1000*time.Hour))
	w.Registry.AnnounceRelease(f, "v4.4.6", now.Add(-time.Hour))
	w.WebOnly(f, "v4.5.2", now.Add(-time.Hour))

	// Opened; told of what is incomplete; as it then stands on GitHub. From then on nothing is new.
	for range 3 {
		pass(t, b)
		now = now.Add(2 * time.Hour)
	}

	if pulls := w.GitHub.In(world.Repository).Pulls(); len(pulls) != 2 {
		t.Fatalf("%d pull requests, want one a track", len(pulls))
	}

	for range 4 {
		w.GitHub.Forget()
		w.Registry.Forget()
		w.Git.Forget()

		now = now.Add(30 * time.Minute)
		pass(t, b)

		confirmed(t, w)
		frugal(t, w)
	}
}

// staying is a bot in a world, put together as a service does, that remembers.
func staying(t *testing.T, now *time.Time) (*world.World, *bot.Bot) {
	t.Helper()

	clock := func() time.Time { return *now }
	policy := "version: 1\napplications: [{name: mastodon, minimumAge: {patch: 240h}}]\n"

	files := os.DirFS(standard)

	w, err := world.Start(context.Background(), world.Options{RegistrySecrets: []string{canaryRegistry}, Dir: t.TempDir(), Files: files, Now: clock})
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})

	person(t, w, map[string]string{"bot.yaml": policy})

	images, err := registry.New(registry.Options{Transport: w.Transport(), Now: clock, Credentials: anonymous})
	if err != nil {
		t.Fatal(err)
	}

	token := func(context.Context) (string, error) { return world.Token, nil }

	github, err := gh.New(gh.Options{BaseURL: w.GitHubURL, Token: token, Transport: w.Transport()})
	if err != nil {
		t.Fatal(err)
	}

	author := repo.Signature{Name: "bot", Email: "bot@goingdark.social"}

	return w, bot.New(bot.Options{
		Registry: func() bot.Registry { return images.Pass() },
		GitHub:   github, Author: author, Now: clock, Seam: effect.Direct{},
		Log:     slog.New(slog.DiscardHandler),
		Targets: []notify.Target{notify.NewGitHub(github)},
		Open: func(_ context.Context, r gh.Repository) (bot.Git, error) {
			return repo.Open(repo.Options{URL: r.CloneURL, Auth: repo.Auth{Token: token}, Author: author, Now: clock})
		},
	})
}

func anonymous(context.Context, string) (user, secret string, err error) { return "", "", nil }

func pass(t *testing.T, b *bot.Bot) {
	t.Helper()

	result, err := b.Run(t.Context(), config.Repository{Name: world.Repository, Branch: "main"})
	if err != nil {
		t.Fatal(err)
	}

	if len(result.Applications) != 1 || len(result.Applications[0].Proposed) != 2 {
		t.Fatalf("the pass came to %+v", result.Applications)
	}
}

// confirmed: at most three requests to GitHub, each answered that nothing has
// changed.
func confirmed(t *testing.T, w *world.World) {
	t.Helper()

	requests := w.GitHub.Requests()
	if len(requests) > 3 {
		t.Errorf("GitHub was asked %d times: %v", len(requests), requests)
	}

	for _, r := range requests {
		if r.Method != http.MethodGet || r.Status != http.StatusNotModified {
			t.Errorf("%s %s was answered %d", r.Method, r.Path, r.Status)
		}
	}
}

// frugal: no clone and no push, one look at the references for each of base,
// state and branches; at most four requests to the registry beside tokens.
func frugal(t *testing.T, w *world.World) {
	t.Helper()

	for _, r := range w.Git.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("git: %s %s", r.Method, r.Path)
		}
	}

	if n := len(w.Git.Requests()); n > 3 {
		t.Errorf("git was asked %d times", n)
	}

	asked := slices.DeleteFunc(w.Registry.Requests(), func(r registrytest.Request) bool { return r.Route == registrytest.Token })
	if len(asked) > 4 {
		var lines string
		for _, r := range asked {
			lines += fmt.Sprintf("\n%s %s %d", r.Method, r.Path, r.Status)
		}

		t.Errorf("the registry was asked %d times:%s", len(asked), lines)
	}
}

// person commits files to main.
func person(t *testing.T, w *world.World, files map[string]string) {
	t.Helper()

	if _, err := w.Repo.Commit(t.Context(), gittest.Commit{Branch: "main", Files: files}); err != nil {
		t.Fatal(err)
	}
}
