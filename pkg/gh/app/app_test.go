package app_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/gh/app"
)

// The source fits the client that uses it.
var _ = gh.Options{Token: (&app.App{}).Token("example/gitops")}

func token(t *testing.T, a *app.App, repository string) string {
	t.Helper()

	s, err := a.Token(repository)(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	return s
}

func TestATokenIsKeptUntilItIsAboutToExpire(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.install("example/gitops", 1, app.Needed())

	a := s.app()

	first := token(t, a, "example/gitops")
	if again := token(t, a, "example/gitops"); again != first {
		t.Errorf("a second token was made: %s", again)
	}

	if want := []string{"GET /repos/example/gitops/installation", "POST /app/installations/1/access_tokens"}; !slices.Equal(s.said(), want) {
		t.Errorf("calls = %v, want %v", s.said(), want)
	}

	s.change(func() { s.life = 50 * time.Second })

	short := s.app()
	if before, after := token(t, short, "example/gitops"), token(t, short, "example/gitops"); before == after {
		t.Error("a token with less than a minute to live was given again")
	}
}

func TestSeveralInstallations(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	for i := range 4 {
		s.install(fmt.Sprintf("owner%d/gitops", i), int64(i+1), app.Needed())
	}

	a := s.app()

	var wait sync.WaitGroup

	for i := range 40 {
		wait.Go(func() {
			got, err := a.Token(fmt.Sprintf("owner%d/gitops", i%4))(t.Context())
			if want := fmt.Sprintf("ghs_%d_", i%4+1); err != nil || !strings.HasPrefix(got, want) {
				t.Errorf("token of owner%d = %q, %v", i%4, got, err)
			}
		})
	}

	wait.Wait()

	if s.issued != 4 {
		t.Errorf("%d tokens were made for 4 installations", s.issued)
	}
}

func TestAConfiguredInstallationIsNotLookedUp(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.install("example/gitops", 7, app.Needed())

	token(t, s.app(func(o *app.Options) { o.Installation = 7 }), "example/gitops")

	if want := []string{"POST /app/installations/7/access_tokens"}; !slices.Equal(s.said(), want) {
		t.Errorf("calls = %v, want %v", s.said(), want)
	}
}

func TestAnAppInstalledAnewIsFound(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.life = time.Second // each use makes a new one
	s.install("example/gitops", 1, app.Needed())

	a := s.app()
	token(t, a, "example/gitops")

	s.change(func() { delete(s.installed, 1) })
	s.install("example/gitops", 2, app.Needed())

	if got := token(t, a, "example/gitops"); !strings.HasPrefix(got, "ghs_2_") {
		t.Errorf("token = %q, want one of installation 2", got)
	}
}

func TestAReplacedKeyIsTakenUp(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.life = time.Second
	s.install("example/gitops", 1, app.Needed())

	a := s.app()
	token(t, a, "example/gitops")
	s.change(func() { s.key, s.pem = newKey(t) })
	token(t, a, "example/gitops")
}

func TestRefusalsSayWhatToDo(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		prepare   func(*stand)
		want      string
		status    int
		temporary bool
	}{
		"not installed": {
			func(s *stand) { delete(s.on, "example/gitops") },
			"github: authenticate as a GitHub App in example/gitops: 404 the App is not installed there: install it on the repository, or add the repository to its installation", 404, false,
		},
		"another key": {
			func(s *stand) { s.key, _ = newKey(s.t) },
			"GitHub does not accept the App's key: check its id, its private key, and this machine's clock (A JSON web token could not be decoded)", 401, false,
		},
		"suspended": {
			func(s *stand) { s.installed[1]["suspended_at"] = "2026-01-01T00:00:00Z" },
			"the App's installation may not: is it suspended? (This installation has been suspended)", 403, false,
		},
		"uninstalled meanwhile": {
			func(s *stand) { s.on["example/gitops"] = 9; s.installed[9] = map[string]any{"id": 8} },
			"the App's installation is gone: was it uninstalled?", 404, false,
		},
		"GitHub is down": {
			func(s *stand) {
				s.fault = func(w http.ResponseWriter) {
					w.WriteHeader(http.StatusBadGateway)
					fmt.Fprint(w, "<html>\x1b[31mbad gateway")
				}
			}, "502", 502, true,
		},
		"no JSON": {
			func(s *stand) { s.fault = func(w http.ResponseWriter) { fmt.Fprint(w, "<html>welcome to the hotel") } },
			"invalid character", 0, true,
		},
		"no end": {
			func(s *stand) {
				s.fault = func(w http.ResponseWriter) { fmt.Fprint(w, `"`+strings.Repeat("x", 2<<20)) }
			}, "the answer is longer than 1048576 bytes", 0, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s := newStand(t)
			s.install("example/gitops", 1, app.Needed())
			c.prepare(s)

			_, err := s.app().Token("example/gitops")(t.Context())

			e, ok := errors.AsType[*gh.Error](err)
			if !ok || !strings.Contains(err.Error(), c.want) || e.Status != c.status || e.Temporary != c.temporary {
				t.Errorf("err = %v (%+v)", err, e)
			}

			if err != nil && (strings.Contains(err.Error(), "eyJ") || strings.ContainsRune(err.Error(), '\x1b')) {
				t.Errorf("the error shows what it must not: %q", err)
			}
		})
	}
}

func TestNobodyElseIsSentASignature(t *testing.T) {
	t.Parallel()

	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("another host was asked, with %q", r.Header.Get("Authorization"))
	}))
	defer elsewhere.Close()

	s := newStand(t)
	s.fault = func(w http.ResponseWriter) {
		w.Header().Set("Location", elsewhere.URL+"/api/v3/repos/x/y/installation")
		w.WriteHeader(http.StatusMovedPermanently)
	}

	if _, err := s.app().Token("example/gitops")(t.Context()); err == nil || !strings.Contains(err.Error(), "refused to speak to") {
		t.Errorf("err = %v", err)
	}
}

func TestTheContextEndsARequest(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.install("example/gitops", 1, app.Needed())

	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if _, err := s.app().Token("example/gitops")(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want that of the context", err)
	}
}

func TestCheckNamesWhatIsMissing(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		granted   map[string]string
		suspended bool
		want      string // "" for nothing amiss
	}{
		"all":     {map[string]string{"contents": "write", "pull_requests": "write", "metadata": "read", "issues": "write"}, false, ""},
		"more":    {map[string]string{"contents": "admin", "pull_requests": "write", "metadata": "write", "issues": "read"}, false, ""},
		"reading": {map[string]string{"contents": "read", "metadata": "read"}, false, `the token needs "contents: write and issues: read and pull requests: write" on example/gitops`},
		"none":    {nil, false, `"contents: write and issues: read and metadata: read and pull requests: write"`},
		"asleep":  {app.Needed(), true, "is suspended: unsuspend it at https://github.com/organizations/example/settings/installations/1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s := newStand(t)
			s.install("example/gitops", 1, c.granted)

			if c.suspended {
				s.installed[1]["suspended_at"] = "2026-01-01T00:00:00Z"
			}

			err := s.app().Check(t.Context(), "example/gitops", app.Needed())
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("err = %v, want %q", err, c.want)
			}
		})
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	t.Parallel()

	_, key := newKey(t)
	secret := "s3cr3t-that-is-no-key"

	for name, c := range map[string]struct {
		options app.Options
		want    string
	}{
		"no id":      {app.Options{Key: func() ([]byte, error) { return key, nil }}, "its id is missing"},
		"no key":     {app.Options{ID: 1}, "its private key is missing"},
		"not a key":  {app.Options{ID: 1, Key: func() ([]byte, error) { return []byte(secret), nil }}, "not an RSA key in PEM"},
		"unreadable": {app.Options{ID: 1, Key: func() ([]byte, error) { return nil, os.ErrPermission }}, "reading its private key: permission denied"},
		"address":    {app.Options{ID: 1, Key: func() ([]byte, error) { return key, nil }, API: "https://" + secret + "@ghes.example.com/"}, "must look like"},
		"plain http": {app.Options{ID: 1, Key: func() ([]byte, error) { return key, nil }, API: "http://ghes.example.com/api/v3/"}, "must be https"},
	} {
		if _, err := app.New(c.options); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: err = %v, want %q", name, err, c.want)
		}
	}
}

func TestAStrangeNameIsNoPath(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	for _, name := range []string{"", "example", "example/gitops/../x", "example/gitops?x", "ex%2fample/x", "/x"} {
		if _, err := s.app().Installation(t.Context(), name); err == nil {
			t.Errorf("%q: no error", name)
		}
	}

	if len(s.said()) > 0 {
		t.Errorf("GitHub was asked: %v", s.said())
	}
}
