package cli

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/dashboard"
	"github.com/goingdark-social/bot/pkg/history"
	"github.com/goingdark-social/bot/pkg/status"
)

// TestServeShowsItsPages: after a pass the application has a page with its pull request, its notes and its time line.
func TestServeShowsItsPages(t *testing.T) {
	t.Parallel()

	d := newDay(t)
	d.Release(registrytest.GlitchSoc(), "v4.4.4", d.clock.Now().Add(-1000*time.Hour))
	d.serve()
	d.passes(1)

	for path, wants := range map[string][]string{
		"/":                                     {"mastodon", "Update proposed", "v4.4.3"},
		"/applications/example/gitops/mastodon": {"Upstream releases against what the branch ran", "Migration notes", "v4.4.4", "streaming"},
	} {
		resp, err := http.Get(d.base + path)
		if err != nil {
			t.Fatal(err)
		}

		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()

		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %v", path, resp.Status, err)
		}

		for _, want := range wants {
			if !strings.Contains(string(body), want) {
				t.Errorf("%s lacks %q:\n%s", path, want, body)
			}
		}
	}
}

// TestServeDoesNotStartOpenToAll: on an address that others reach, the pages need somebody at the door.
func TestServeDoesNotStartOpenToAll(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()

	for text, says := range map[string]string{
		"":                        "would be open to everybody",
		"dashboard: {hosts: [x]}": "would be open to everybody",
		"dashboard: {tokenFrom: {env: BOT_PAGES_UNSET}}": "BOT_PAGES_UNSET",
	} {
		file := filepath.Join(dir, "operator.yaml")
		if err := os.WriteFile(file, []byte("version: 1\nrepositories: [{name: a/b}]\nserver:\n  listen: 0.0.0.0:0\n  "+text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}

		var errs bytes.Buffer

		status := Run(t.Context(), Program{
			Args: []string{"serve", "--config", file}, Stdout: io.Discard, Stderr: &errs, ReadFile: os.ReadFile, Now: time.Now,
			Getenv: func(string) string { return "" },
		})
		if status != exitFailed || !strings.Contains(errs.String(), says) {
			t.Errorf("%q: %d %s", text, status, errs.String())
		}
	}
}

func TestWhereThePagesAreServed(t *testing.T) {
	t.Parallel()

	p := &Program{Getenv: func(name string) string { return "s3cret of " + name }, Now: time.Now}

	for name, c := range map[string]struct {
		pages  config.Pages
		listen string
		serves bool
		open   bool
	}{
		"loopback":       {config.Pages{Enabled: true}, "127.0.0.1:8080", true, false},
		"turned off":     {config.Pages{}, ":8080", false, false},
		"open":           {config.Pages{Enabled: true}, ":8080", false, true},
		"behind a token": {config.Pages{Enabled: true, TokenFrom: &config.Source{Env: "PAGES"}}, ":8080", true, false},
	} {
		handler, err := p.pagesHandler(newPages(slog.New(slog.DiscardHandler)), c.pages, c.listen)
		if _, refused := errors.AsType[*dashboard.OpenError](err); refused != c.open || (handler != nil) != c.serves {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPagesKeepWhatWasKnown: a repository that could not be served keeps the applications of the pass before, and one that is no
// longer looked after is forgotten.
func TestPagesKeepWhatWasKnown(t *testing.T) {
	t.Parallel()

	s, r := newPages(slog.New(slog.DiscardHandler)), config.Repository{Name: "a/b"}
	s.releases = func() ([]history.Release, error) { return nil, nil }
	s.expect([]config.Repository{r, {Name: "c/d"}})
	s.keep(r, status.Repository{Name: "a/b", Commit: "1", Applications: []status.Application{{Name: "mastodon"}}})
	s.keep(r, status.Repository{Name: "a/b", Err: "GitHub does not answer"})

	got := s.state().Repositories
	if len(got) != 2 || len(got[0].Applications) != 1 || got[0].Err == "" || got[1].Name != "c/d" || !got[1].At.IsZero() {
		t.Errorf("%+v", got)
	}

	s.expect([]config.Repository{{Name: "c/d"}})

	if got := s.state().Repositories; len(got) != 1 || got[0].Name != "c/d" {
		t.Errorf("%+v", got)
	}
}
