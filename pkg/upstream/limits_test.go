package upstream_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/pkg/upstream"
)

// TestRedirectsStaySafe: an address with TLS leads to no address without.
func TestRedirectsStaySafe(t *testing.T) {
	t.Parallel()
	var asked []string
	plain := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked = append(asked, r.URL.Path) }))
	t.Cleanup(plain.Close)
	secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL+"/elsewhere", http.StatusFound))
	t.Cleanup(secure.Close)
	for _, path := range []string{"/fork/mastodon.git", "/v4.5.0.tar.gz"} {
		src, err := upstream.Open(secure.URL+path, upstream.Options{Client: secure.Client()})
		if err != nil {
			t.Fatal(err)
		}
		_, err = upstream.Read(t.Context(), src, "v4.5.0")
		if err == nil || !strings.Contains(err.Error(), "redirect") || len(asked) > 0 {
			t.Errorf("%s: %v, asked %s", path, err, asked)
		}
	}
}
