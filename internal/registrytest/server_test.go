package registrytest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"go.uber.org/goleak"

	"github.com/goingdark-social/bot/internal/registrytest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T, o registrytest.Options) (*registrytest.Server, http.RoundTripper) {
	t.Helper()

	s, err := registrytest.New(o)
	if err != nil {
		t.Fatal(err)
	}

	transport := s.Transport()
	t.Cleanup(func() {
		transport.CloseIdleConnections()

		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})

	return s, transport
}

// TestAnIndependentClient reads the stand-in with go-containerregistry's own client.
func TestAnIndependentClient(t *testing.T) {
	t.Parallel()

	for host, o := range map[string]registrytest.Options{"plain": {}, "ghcr.io": {Host: registrytest.GHCR}} {
		t.Run(host, func(t *testing.T) {
			t.Parallel()

			s, transport := start(t, o)
			want := s.AnnounceZoo(registrytest.GlitchSoc(), time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC))

			digest, err := s.Publish(registrytest.Image{Name: "glitch-soc/mastodon", Tag: "v4.9.0", Revision: registrytest.FakeRevision("x"), Attested: true})
			if err != nil {
				t.Fatal(err)
			}

			tag, err := name.NewTag(s.Image("glitch-soc/mastodon") + ":v4.9.0")
			if err != nil {
				t.Fatal(err)
			}

			options := []remote.Option{remote.WithContext(t.Context()), remote.WithTransport(transport), remote.WithAuth(authn.Anonymous)}

			tags, err := remote.List(tag.Repository, append(options, remote.WithPageSize(1000))...)
			if err != nil || len(tags) != want+1 || tags[0] != "edge" || tags[want] != "v4.9.0" {
				t.Errorf("%d tags, %v", len(tags), err)
			}

			image, err := remote.Image(tag, options...)
			if err != nil {
				t.Fatal(err)
			}

			config, err := image.ConfigFile()
			if err != nil || len(config.Config.Labels) != 0 || !strings.Contains(strings.Join(config.Config.Env, " "), "SOURCE_COMMIT=") {
				t.Errorf("%+v, %v", config, err)
			}

			head, err := remote.Head(tag, options...)
			if err != nil || head.Digest.String() != digest {
				t.Errorf("%v, %v", head, err)
			}

			if odd := s.Unexpected(); len(odd) != 0 {
				t.Errorf("unexpected: %+v", odd)
			}
		})
	}
}

// TestWarts holds the stand-in to what ghcr.io does: a client that does not cope with it must not pass.
func TestWarts(t *testing.T) {
	t.Parallel()

	s, transport := start(t, registrytest.Options{Host: registrytest.GHCR})
	s.AnnounceZoo(registrytest.GlitchSoc(), time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC))

	resp := send(t, transport, "GET", "https://ghcr.io/v2/", "")
	if want := `Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:user/image:pull"`; resp.StatusCode != http.StatusUnauthorized || resp.Header.Get("WWW-Authenticate") != want {
		t.Errorf("%d %s", resp.StatusCode, resp.Header.Get("WWW-Authenticate"))
	}

	if resp := send(t, transport, "GET", "https://ghcr.io/token?service=ghcr.io&scope=repository:nobody/nothing:pull", ""); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a token for what does not exist: %d", resp.StatusCode)
	}

	var token struct {
		Token string `json:"token"`
	}
	resp = send(t, transport, "GET", "https://ghcr.io/token?service=ghcr.io&scope=repository:glitch-soc/mastodon:pull", "")
	if err := json.Unmarshal([]byte(body(t, resp)), &token); err != nil {
		t.Fatal(err)
	}

	for query, want := range map[string]struct {
		tags int
		link string
	}{
		"":            {100, `&n=0>; rel="next"`},
		"?n=3":        {3, `&n=3>; rel="next"`},
		"?n=999999":   {1000, `&n=999999>; rel="next"`},
		"?last=v4.3":  {100, `&n=0>; rel="next"`},
		"?n=nonsense": {100, `&n=0>; rel="next"`},
	} {
		var list struct {
			Tags []string `json:"tags"`
		}
		resp := send(t, transport, "GET", "https://ghcr.io/v2/glitch-soc/mastodon/tags/list"+query, token.Token)
		if err := json.Unmarshal([]byte(body(t, resp)), &list); err != nil {
			t.Fatal(err)
		}

		if len(list.Tags) != want.tags || !strings.HasSuffix(resp.Header.Get("Link"), want.link) {
			t.Errorf("%q: %d tags, link %s", query, len(list.Tags), resp.Header.Get("Link"))
		}
	}

	if resp := send(t, transport, "GET", "https://ghcr.io/v2/glitch-soc/mastodon-streaming/tags/list", token.Token); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("another repository with this token: %d", resp.StatusCode)
	}

	if resp := send(t, transport, "PUT", "https://ghcr.io/v2/glitch-soc/mastodon/manifests/v9", token.Token); resp.StatusCode != http.StatusMethodNotAllowed || len(s.Unexpected()) != 1 {
		t.Errorf("a write: %d, %d unexpected", resp.StatusCode, len(s.Unexpected()))
	}
}

func TestOtherHostsAreOutOfReach(t *testing.T) {
	t.Parallel()

	_, transport := start(t, registrytest.Options{Host: registrytest.GHCR})

	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://example.org/", nil)
	if err != nil {
		t.Fatal(err)
	}

	if resp, err := transport.RoundTrip(r); err == nil {
		resp.Body.Close()
		t.Error("example.org was reached")
	}
}

func TestFaultsEnd(t *testing.T) {
	t.Parallel()

	s, transport := start(t, registrytest.Options{Host: registrytest.GHCR})
	mend := s.Break(registrytest.Fault{On: registrytest.Ping, Status: 503, RetryAfter: 2 * time.Second})
	s.Break(registrytest.Fault{On: registrytest.Ping, Status: 500, Times: 1})

	for at, want := range []int{503, 503, 500, 401} {
		if at == 2 {
			mend()
		}

		if resp := send(t, transport, "GET", "https://ghcr.io/v2/", ""); resp.StatusCode != want || want == 503 && resp.Header.Get("Retry-After") != "2" {
			t.Errorf("request %d: %d, want %d", at, resp.StatusCode, want)
		}
	}
}

func TestTagsAreManaged(t *testing.T) {
	t.Parallel()

	s, _ := start(t, registrytest.Options{})
	if err := s.Retag("glitch-soc/mastodon", "v1", "v2"); err == nil {
		t.Error("retagged what does not exist")
	}

	if _, err := s.Publish(registrytest.Image{Name: "a/b", Tag: "v1", Platforms: []string{"a/b/c/d"}}); err == nil {
		t.Error("published for a platform that can't be")
	}

	first, err := s.Publish(registrytest.Image{Name: "a/b", Tag: "v1"})
	if err != nil {
		t.Fatal(err)
	}

	if again, err := s.Publish(registrytest.Image{Name: "a/b", Tag: "v1"}); err != nil || again != first {
		t.Errorf("the same image has another digest: %s, %v", again, err)
	}

	if err := s.Retag("a/b", "v1", "latest"); err != nil {
		t.Error(err)
	}

	s.Withdraw("a/b", "v1")
	s.Withdraw("a/b", "v1")
	s.Withdraw("nobody/nothing", "v1")

	if err := s.Retag("a/b", "v1", "v3"); err == nil {
		t.Error("retagged what was withdrawn")
	}
}

func send(t *testing.T, transport http.RoundTripper, method, url, token string) *http.Response {
	t.Helper()

	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}

	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}

	resp, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { resp.Body.Close() })

	return resp
}

func body(t *testing.T, resp *http.Response) string {
	t.Helper()

	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatal(resp.Status, err)
	}

	return string(b)
}
