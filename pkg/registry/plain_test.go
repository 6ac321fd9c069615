package registry_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/pkg/registry"
)

func TestPlainHTTPOnLoopback(t *testing.T) {
	t.Parallel()

	s, err := registrytest.New(registrytest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	s.AnnounceRelease(registrytest.GlitchSoc(), "v4.4.3", built())

	for name, o := range map[string]registry.Options{"loopback": {}, "named": {PlainHTTP: []string{s.Host()}}} {
		t.Run(name, func(t *testing.T) {
			c := client(t, s, o)
			if i, err := c.Image(t.Context(), s.Image("glitch-soc/mastodon"), "v4.4.3"); err != nil || !i.Has("linux/amd64") {
				t.Errorf("%+v, %v", i, err)
			}
		})
	}
}

// TestPlainHTTPNowhereElse has addresses that go-containerregistry would talk to without TLS.
func TestPlainHTTPNowhereElse(t *testing.T) {
	t.Parallel()

	c, err := registry.New(registry.Options{
		Credentials: anonymous, Retry: registry.Retry{Attempts: 1},
		Transport: roundTrips(func(r *http.Request) (*http.Response, error) {
			if r.URL.Scheme != "https" {
				t.Errorf("a request to %s", r.URL)
			}

			return nil, http.ErrSchemeMismatch
		}),
	})
	if err != nil {
		t.Fatal(err)
	}

	for _, image := range []string{"192.168.1.1:5000/x/y", "10.0.0.1/x/y", "registry.local/x/y"} {
		_, err := c.Tags(t.Context(), image)
		typed(t, err)
	}
}

func TestOptionsThatContradict(t *testing.T) {
	t.Parallel()

	for want, o := range map[string]registry.Options{
		"negative":  {PageSize: -1},
		"PlainHTTP": {PlainHTTP: []string{"http://registry.internal"}},
		"pause":     {Retry: registry.Retry{Wait: time.Minute}},
	} {
		if _, err := registry.New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want an error about %s", o, err, want)
		}
	}
}
