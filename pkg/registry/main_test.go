package registry_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/pkg/registry"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	web       = "ghcr.io/glitch-soc/mastodon"
	streaming = "ghcr.io/glitch-soc/mastodon-streaming"
)

func family() registry.Family { return registry.Family{Images: []string{web, streaming}} }

func built() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

// start runs a stand-in under ghcr.io's name. At the end it must have got no request that it was not made for, and neither its tokens nor
// the secret may have reached the log.
func start(t testing.TB, o registrytest.Options) *registrytest.Server {
	t.Helper()

	o.Host = registrytest.GHCR
	s, err := registrytest.New(o)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}

		for _, r := range s.Unexpected() {
			t.Errorf("a request that no client should make: %+v", r)
		}
	})

	return s
}

func client(t testing.TB, s *registrytest.Server, o registry.Options) *registry.Client {
	t.Helper()

	transport := s.Transport()
	t.Cleanup(transport.CloseIdleConnections)

	log := &logged{}
	t.Cleanup(func() {
		if strings.Contains(log.String(), "canary") {
			t.Errorf("a secret in the log:\n%s", log)
		}
	})

	o.Transport = transport
	o.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if o.Credentials == nil {
		o.Credentials = anonymous
	}

	if o.Retry.Wait == 0 {
		o.Retry.Wait = time.Millisecond
	}

	c, err := registry.New(o)
	if err != nil {
		t.Fatal(err)
	}

	return c
}

type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()

	return l.buf.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()

	return l.buf.String()
}

func publish(t testing.TB, s *registrytest.Server, i registrytest.Image) string {
	t.Helper()

	digest, err := s.Publish(i)
	if err != nil {
		t.Fatal(err)
	}

	return digest
}

// typed insists on an *Error without secrets.
func typed(t *testing.T, err error) *registry.Error {
	t.Helper()

	e, ok := errors.AsType[*registry.Error](err)
	if !ok {
		t.Fatalf("error %v of type %T, want a *registry.Error", err, err)
	}

	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		if strings.Contains(cause.Error(), "canary") || strings.ContainsAny(cause.Error(), "\n\x1b") {
			t.Errorf("not fit to be shown: %q", cause)
		}
	}

	return e
}

// roundTrips is a transport made of a function.
type roundTrips func(*http.Request) (*http.Response, error)

func (f roundTrips) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func text(status int, contentType, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(strings.NewReader(body))}
}
