package registry_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/pkg/registry"
)

const secret = "canary-github-token"

func anonymous(context.Context, string) (string, string, error) { return "", "", nil }

func private() registrytest.Options {
	return registrytest.Options{Private: []string{"glitch-soc/mastodon"}, Secrets: []string{secret}}
}

func TestPrivatePackage(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		secret string
		denied bool
	}{"right": {secret, false}, "wrong": {"canary-wrong", true}, "none": {"", true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s := start(t, private())
			s.AnnounceRelease(registrytest.GlitchSoc(), "v4.4.3", built())

			_, err := client(t, s, registry.Options{Credentials: func(_ context.Context, host string) (string, string, error) {
				if host != registrytest.GHCR {
					t.Errorf("asked for credentials of %q", host)
				}

				return "", c.secret, nil
			}}).Tags(t.Context(), web)

			if c.denied {
				if e := typed(t, err); !errors.Is(err, registry.ErrDenied) || errors.Is(err, registry.ErrNotFound) || e.Temporary {
					t.Errorf("%v is no refusal", err)
				}
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestWhatDoesNotExistIsDenied(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	c := client(t, s, registry.Options{})

	_, err := c.Tags(t.Context(), web)
	if typed(t, err); !errors.Is(err, registry.ErrDenied) {
		t.Errorf("%v is no refusal", err)
	}

	s.AnnounceRelease(registrytest.GlitchSoc(), "v4.4.3", built())
	if _, err := c.Tags(t.Context(), web); err != nil {
		t.Errorf("the refusal sticks: %v", err)
	}
}

func TestDockerConfig(t *testing.T) {
	s := start(t, private())
	s.AnnounceRelease(registrytest.GlitchSoc(), "v4.4.3", built())

	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("DOCKER_CONFIG", home)
	t.Setenv("XDG_RUNTIME_DIR", home)
	t.Setenv("REGISTRY_AUTH_FILE", "")

	transport := s.Transport()
	t.Cleanup(transport.CloseIdleConnections)

	for name, c := range map[string]struct {
		config string
		ok     bool
	}{
		"login":  {fmt.Sprintf(`{"auths":{"ghcr.io":{"auth":%q}}}`, base64.StdEncoding.EncodeToString([]byte("me:"+secret))), true},
		"other":  {`{"auths":{"docker.io":{"auth":"bWU6eA=="}}}`, false},
		"broken": {`{"auths": canary-broken`, false},
		"helper": {`{"credHelpers":{"ghcr.io":"canary-does-not-exist"}}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(filepath.Join(home, "config.json"), []byte(c.config), 0o600); err != nil {
				t.Fatal(err)
			}

			client, err := registry.New(registry.Options{Transport: transport})
			if err != nil {
				t.Fatal(err)
			}

			_, err = client.Tags(t.Context(), web)
			if c.ok && err != nil {
				t.Error(err)
			}

			if !c.ok {
				typed(t, err)
			}
		})
	}
}

func TestTokensAreKeptAndRenewed(t *testing.T) {
	t.Parallel()

	var now atomic.Int64
	s := start(t, registrytest.Options{TokenLife: time.Minute, Now: func() time.Time { return built().Add(time.Duration(now.Load())) }})
	s.AnnounceRelease(registrytest.GlitchSoc(), "v4.4.3", built())
	c := client(t, s, registry.Options{})

	ask := func() {
		t.Helper()
		s.Forget()

		if _, err := c.Tags(t.Context(), web); err != nil {
			t.Fatal(err)
		}
	}

	ask()
	if s.Count(registrytest.Token) != 1 || s.Count(registrytest.Ping) != 1 {
		t.Errorf("%d tokens, %d pings at first", s.Count(registrytest.Token), s.Count(registrytest.Ping))
	}

	ask()
	if s.Count(registrytest.Any) != 1 {
		t.Errorf("%d requests with a good token, want 1", s.Count(registrytest.Any))
	}

	now.Store(int64(2 * time.Minute))
	ask()
	if s.Count(registrytest.Token) != 1 || s.Count(registrytest.Tags) != 2 {
		t.Errorf("%d tokens, %d lists after the token ran out", s.Count(registrytest.Token), s.Count(registrytest.Tags))
	}
}

func TestTokenRunsOutBetweenPages(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	want := s.AnnounceZoo(registrytest.GlitchSoc(), built())
	c := client(t, s, registry.Options{PageSize: 100})

	if _, err := c.Image(t.Context(), web, "v4.4.3"); err != nil {
		t.Fatal(err)
	}

	s.ExpireTokens()

	if tags, err := c.Tags(t.Context(), web); err != nil || len(tags) != want {
		t.Errorf("%d tags, %v", len(tags), err)
	}
}

func TestCredentialsThatCantBeHad(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	cause := errors.New("the file is gone")

	_, err := client(t, s, registry.Options{Credentials: func(context.Context, string) (string, string, error) {
		return "", "", cause
	}}).Tags(t.Context(), web)
	if typed(t, err); !errors.Is(err, cause) || s.Count(registrytest.Any) != 0 {
		t.Errorf("%v after %d requests", err, s.Count(registrytest.Any))
	}
}

// TestBlobsAreFetchedWithoutTheToken: the stand-in's storage host answers 400 to a request that carries the registry's token.
func TestBlobsAreFetchedWithoutTheToken(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	s.AnnounceRelease(registrytest.GlitchSoc(), "v4.4.3", built())

	if _, err := client(t, s, registry.Options{}).Image(t.Context(), web, "v4.4.3"); err != nil {
		t.Fatal(err)
	}

	for _, r := range s.Requests() {
		if r.Route == registrytest.Blob && (r.Authorized || r.Status != 200) {
			t.Errorf("%+v", r)
		}
	}
}
