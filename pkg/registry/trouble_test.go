package registry_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/version"
)

// TestTroubleThatPasses breaks each route for a while: the answer is right all the same.
func TestTroubleThatPasses(t *testing.T) {
	t.Parallel()

	routes := []registrytest.Route{registrytest.Ping, registrytest.Token, registrytest.Tags, registrytest.Manifest, registrytest.BlobRedirect, registrytest.Blob}
	for name, fault := range map[string]registrytest.Fault{
		"429":          {Status: http.StatusTooManyRequests},
		"500":          {},
		"502":          {Status: http.StatusBadGateway},
		"503 nonsense": {Status: http.StatusServiceUnavailable, RetryAfterText: "soon"},
		"503 past":     {Status: http.StatusServiceUnavailable, RetryAfterText: "Wed, 21 Oct 2015 07:28:00 GMT"},
		"504":          {Status: http.StatusGatewayTimeout},
		"408":          {Status: http.StatusRequestTimeout},
		"403 limited":  {Status: http.StatusForbidden, RetryAfterText: "0"},
		"truncated":    {Trouble: registrytest.Truncated},
		"reset":        {Trouble: registrytest.Reset},
		"slow":         {Trouble: registrytest.Slow, Delay: 20 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s := start(t, registrytest.Options{})
			s.AnnounceRelease(registrytest.GlitchSoc(), "v4.4.3", built())
			for _, route := range routes {
				fault.On, fault.Times = route, 2
				s.Break(fault)
			}

			c := client(t, s, registry.Options{})
			listings, err := c.Listings(t.Context(), family())
			if err != nil || len(listings) != 1 {
				t.Fatalf("%v, %v", listings, err)
			}

			r, err := c.Inspect(t.Context(), family(), version.Parse("v4.4.3"), []string{"linux/amd64"})
			if err != nil || !r.Complete() {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

// TestTroubleThatStays breaks each route for good: one clear error in bounded time that says whether to try again, and no half answer.
func TestTroubleThatStays(t *testing.T) {
	t.Parallel()

	routes := []registrytest.Route{registrytest.Ping, registrytest.Token, registrytest.Tags, registrytest.Manifest, registrytest.BlobRedirect, registrytest.Blob}
	for name, c := range map[string]struct {
		fault     registrytest.Fault
		temporary bool
		skip      registrytest.Route // where it is no trouble
	}{
		"429":       {registrytest.Fault{Status: http.StatusTooManyRequests}, true, ""},
		"500":       {registrytest.Fault{}, true, ""},
		"401":       {registrytest.Fault{Status: http.StatusUnauthorized}, false, registrytest.Ping},
		"403":       {registrytest.Fault{Status: http.StatusForbidden}, false, ""},
		"418":       {registrytest.Fault{Status: http.StatusTeapot}, false, ""},
		"truncated": {registrytest.Fault{Trouble: registrytest.Truncated}, true, registrytest.BlobRedirect},
		"reset":     {registrytest.Fault{Trouble: registrytest.Reset}, true, ""},
		"stalled":   {registrytest.Fault{Trouble: registrytest.Slow, Delay: time.Hour}, true, ""},
		"HTML":      {registrytest.Fault{Trouble: registrytest.HTML}, true, registrytest.Ping},
		"huge":      {registrytest.Fault{Trouble: registrytest.Huge}, false, ""},
	} {
		for _, route := range routes {
			if route == c.skip {
				continue
			}

			t.Run(name+" "+string(route), func(t *testing.T) {
				t.Parallel()

				s := start(t, registrytest.Options{})
				s.AnnounceRelease(registrytest.GlitchSoc(), "v4.4.3", built())
				fault := c.fault
				fault.On = route
				s.Break(fault)

				client := client(t, s, registry.Options{Timeout: 300 * time.Millisecond, Retry: registry.Retry{Attempts: 2}})
				if name == "huge" { // must be read to its cap
					client = slowClient(t, s)
				}

				began := time.Now()
				_, err := client.Tags(t.Context(), web)
				if route != registrytest.Ping && route != registrytest.Token && route != registrytest.Tags {
					_, err = client.Image(t.Context(), web, "v4.4.3")
				}

				if e := typed(t, err); e.Temporary != c.temporary || errors.Is(err, registry.ErrNotFound) {
					t.Errorf("%v: temporary %v, want %v", err, e.Temporary, c.temporary)
				}

				if took := time.Since(began); took > 20*time.Second {
					t.Errorf("took %s", took)
				}
			})
		}
	}
}

func slowClient(t *testing.T, s *registrytest.Server) *registry.Client {
	t.Helper()

	return client(t, s, registry.Options{Timeout: 20 * time.Second})
}

func TestRetryAfterBeyondTheBound(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	s.AnnounceRelease(registrytest.GlitchSoc(), "v4.4.3", built())
	s.Break(registrytest.Fault{On: registrytest.Tags, Status: http.StatusTooManyRequests, RetryAfter: time.Hour})

	began := time.Now()
	_, err := client(t, s, registry.Options{}).Tags(t.Context(), web)

	e := typed(t, err)
	if !e.Temporary || e.RetryAfter != time.Hour || e.Status != http.StatusTooManyRequests || e.Code != "TOOMANYREQUESTS" || s.Count(registrytest.Tags) != 1 {
		t.Errorf("%#v after %d requests", e, s.Count(registrytest.Tags))
	}

	if time.Since(began) > 10*time.Second {
		t.Error("it was waited for")
	}
}

func TestRedirectsLeadNowhereElse(t *testing.T) {
	t.Parallel()

	for _, route := range []registrytest.Route{registrytest.Tags, registrytest.Manifest} {
		s := start(t, registrytest.Options{})
		s.AnnounceRelease(registrytest.GlitchSoc(), "v4.4.3", built())
		s.Break(registrytest.Fault{On: route, Trouble: registrytest.ForeignRedirect})

		c := client(t, s, registry.Options{})
		_, err := c.Tags(t.Context(), web)
		if route == registrytest.Manifest {
			_, err = c.Image(t.Context(), web, "v4.4.3")
		}

		if e := typed(t, err); e.Temporary || !strings.Contains(err.Error(), "registry.example") {
			t.Errorf("%v", err)
		}
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	s.AnnounceRelease(registrytest.GlitchSoc(), "v4.4.3", built())
	s.Break(registrytest.Fault{On: registrytest.Tags, Trouble: registrytest.Slow, Delay: time.Hour})

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()

	_, err := client(t, s, registry.Options{}).Pass().Listings(ctx, family())
	if typed(t, err); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

// TestAnswersThatLie has a registry of one function, for what no real one would send.
func TestAnswersThatLie(t *testing.T) {
	t.Parallel()

	digest := "sha256:" + strings.Repeat("a", 64)
	index := "application/vnd.oci.image.index.v1+json"
	for name, c := range map[string]struct{ contentType, body, want string }{
		"another digest":      {index, `{"schemaVersion":2,"manifests":[]}`, "does not match its digest"},
		"no manifest":         {"text/plain", "hello", "no manifest"},
		"schema 1":            {"application/vnd.docker.distribution.manifest.v1+json", `{}`, "schema 1"},
		"broken index":        {index, `{"manifests":`, "not understood"},
		"a layer in an index": {index, `{"manifests":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"` + digest + `"}]}`, "no image"},
		"platform of escapes": {index, `{"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"` + digest + `","platform":{"os":"\u001b[31m","architecture":"amd64"}}]}`, "can't be a platform"},
		"sha512":              {index, `{"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha512:` + strings.Repeat("a", 128) + `"}]}`, "not sha256"},
		"too many":            {index, `{"manifests":[` + strings.TrimSuffix(strings.Repeat(`{"mediaType":"application/vnd.oci.image.manifest.v1+json"},`, 200), ",") + `]}`, "200"},
		"no config":           {"application/vnd.oci.image.manifest.v1+json", `{}`, "not understood"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			client, err := registry.New(registry.Options{Credentials: anonymous, Transport: roundTrips(func(r *http.Request) (*http.Response, error) {
				if r.URL.Path == "/v2/" {
					return text(http.StatusOK, "", ""), nil
				}

				answer := text(http.StatusOK, c.contentType, c.body)
				if name == "another digest" {
					answer.Header.Set("Docker-Content-Digest", digest)
				}

				return answer, nil
			})})
			if err != nil {
				t.Fatal(err)
			}

			_, err = client.Image(t.Context(), web, "v4.4.3")
			if typed(t, err); !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

func TestTagListsThatLie(t *testing.T) {
	t.Parallel()

	for name, body := range map[string]string{
		"a tag of escapes": `{"tags":["v4.4.3","\u001b[31mred"]}`,
		"a path":           `{"tags":["../../x"]}`,
		"numbers":          `{"tags":[1]}`,
		"nothing":          ``,
		"without end":      manyTags(200_001),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			client, err := registry.New(registry.Options{Credentials: anonymous, Transport: roundTrips(func(r *http.Request) (*http.Response, error) {
				if r.URL.Path == "/v2/" {
					return text(http.StatusOK, "", ""), nil
				}

				return text(http.StatusOK, "application/json", body), nil
			})})
			if err != nil {
				t.Fatal(err)
			}

			_, err = client.Tags(t.Context(), web)
			typed(t, err)
		})
	}
}

func manyTags(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"t%d"`, i)
	}

	return `{"tags":[` + b.String()[1:] + `]}`
}

func TestServerThatIsNoRegistry(t *testing.T) {
	t.Parallel()

	client, err := registry.New(registry.Options{Credentials: anonymous, Transport: roundTrips(func(*http.Request) (*http.Response, error) {
		return text(http.StatusNotFound, "text/html", "<h1>canary</h1>"), nil
	})})
	if err != nil {
		t.Fatal(err)
	}

	_, err = client.Tags(t.Context(), "example.org/some/image")
	if e := typed(t, err); errors.Is(err, registry.ErrNotFound) || e.Temporary || !strings.Contains(err.Error(), "example.org does not answer as a registry") {
		t.Errorf("%v", err)
	}
}

func TestNetworkThatIsDown(t *testing.T) {
	t.Parallel()

	client, err := registry.New(registry.Options{
		Credentials: anonymous, Retry: registry.Retry{Wait: time.Millisecond},
		Transport: roundTrips(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }),
	})
	if err != nil {
		t.Fatal(err)
	}

	_, err = client.Tags(t.Context(), web)
	if e := typed(t, err); !e.Temporary || err.Error() != "list tags of "+web+": the connection was cut" {
		t.Errorf("%v", err)
	}
}

func TestCertificateThatIsNotTrusted(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	transport := s.Transport()
	transport.TLSClientConfig.RootCAs = nil
	t.Cleanup(transport.CloseIdleConnections)

	client, err := registry.New(registry.Options{Credentials: anonymous, Transport: transport})
	if err != nil {
		t.Fatal(err)
	}

	_, err = client.Tags(t.Context(), web)
	if e := typed(t, err); e.Temporary || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("%v", err)
	}
}
