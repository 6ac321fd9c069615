package faultproxy_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/goingdark-social/bot/internal/faultproxy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTroubles(t *testing.T) {
	t.Parallel()

	served := 0
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		served++
		_, _ = io.WriteString(w, strings.Repeat("x", 1000))
	}))
	t.Cleanup(backend.Close)

	at, err := url.Parse(backend.URL)
	if err != nil {
		t.Fatal(err)
	}

	through := &http.Transport{}
	t.Cleanup(through.CloseIdleConnections)

	p, err := faultproxy.New(at, through)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = p.Close() })

	for name, c := range map[string]struct {
		fault  *faultproxy.Fault
		served int
		length int // -1: no answer
		err    bool
	}{
		"none":      {nil, 1, 1000, false},
		"reset":     {&faultproxy.Fault{Trouble: faultproxy.Reset}, 0, -1, true},
		"lost":      {&faultproxy.Fault{Trouble: faultproxy.Lost}, 1, -1, true},
		"truncated": {&faultproxy.Fault{Trouble: faultproxy.Truncated}, 1, 500, true},
		"mistyped":  {&faultproxy.Fault{Trouble: faultproxy.Mistyped}, 1, 1000, false},
		"answer":    {&faultproxy.Fault{Status: 503, Body: "no"}, 0, 2, false},
	} {
		served = 0

		p.Fail(func(int, *http.Request) *faultproxy.Fault { return c.fault })

		length, err := get(t, p.Addr)
		if served != c.served || length != c.length || (err != nil) != c.err {
			t.Errorf("%s: served %d times, %d bytes, err = %v", name, served, length, err)
		}
	}
}

func get(t *testing.T, addr string) (int, error) {
	t.Helper()

	transport := &http.Transport{DisableKeepAlives: true}
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+addr, nil)

	resp, err := transport.RoundTrip(req)
	if err != nil {
		return -1, err
	}
	defer resp.Body.Close()

	body, err := io.ReadAll(resp.Body)

	return len(body), err
}
