package dashboard_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/pkg/dashboard"
)

func token(text string) func() (string, error) { return func() (string, error) { return text, nil } }

// ask makes a request and gives the answer.
func ask(t *testing.T, a dashboard.Access, change func(*http.Request)) *httptest.ResponseRecorder {
	t.Helper()

	pages, err := dashboard.New(dashboard.Options{State: func() dashboard.State { return dashboard.State{} }, Access: a})
	if err != nil {
		t.Fatal(err)
	}

	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:8080/", http.NoBody)
	change(r)

	w := httptest.NewRecorder()
	pages.ServeHTTP(w, r)

	return w
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func TestWhoMayLook(t *testing.T) {
	t.Parallel()

	local := dashboard.Access{Listen: "127.0.0.1:8080"}
	closed := dashboard.Access{Listen: ":8080", Token: token("s3cret")}
	behind := dashboard.Access{Listen: ":8080", Proxy: &dashboard.Proxy{Header: "X-User", From: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}}
	named := dashboard.Access{Listen: ":8080", Token: token("s3cret"), Hosts: []string{"bot.example.org"}}
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	both := func(fs ...func(*http.Request)) func(*http.Request) {
		return func(r *http.Request) {
			for _, f := range fs {
				f(r)
			}
		}
	}

	for name, c := range map[string]struct {
		access dashboard.Access
		change func(*http.Request)
		want   int
	}{
		"this machine":               {local, host("127.0.0.1:8080"), 200},
		"this machine by name":       {local, host("localhost:8080"), 200},
		"this machine, IPv6":         {local, host("[::1]:8080"), 200},
		"a name led here":            {local, host("evil.example:8080"), 421},
		"a name that looks like it":  {local, host("localhost.evil.example"), 421},
		"nobody":                     {closed, host("bot.example.org"), 401},
		"the token":                  {closed, header("Authorization", "Bearer s3cret"), 200},
		"another token":              {closed, header("Authorization", "Bearer s3cre"), 401},
		"no token":                   {closed, header("Authorization", "Bearer "), 401},
		"another scheme":             {closed, header("Authorization", "Digest s3cret"), 401},
		"a browser's prompt":         {closed, func(r *http.Request) { r.SetBasicAuth("me", "s3cret") }, 200},
		"a wrong password":           {closed, func(r *http.Request) { r.SetBasicAuth("s3cret", "") }, 401},
		"the proxy":                  {behind, both(header("X-User", "ada"), func(r *http.Request) { r.RemoteAddr = "192.0.2.7:1234" }), 200},
		"the proxy, of nobody":       {behind, func(r *http.Request) { r.RemoteAddr = "192.0.2.7:1234" }, 401},
		"somebody else's header":     {behind, both(header("X-User", "ada"), func(r *http.Request) { r.RemoteAddr = "198.51.100.7:1234" }), 401},
		"a name of ours":             {named, both(host("bot.example.org"), header("Authorization", "Bearer s3cret")), 200},
		"a name of nobody's":         {named, both(host("other.example.org"), header("Authorization", "Bearer s3cret")), 421},
		"another site's script":      {local, header("Origin", "https://evil.example"), 403},
		"our own form":               {local, header("Origin", "http://127.0.0.1:8080"), 200},
		"another site's picture":     {local, both(header("Sec-Fetch-Site", "cross-site"), header("Sec-Fetch-Mode", "no-cors")), 403},
		"another site's frame":       {local, both(header("Sec-Fetch-Site", "cross-site"), header("Sec-Fetch-Mode", "navigate"), header("Sec-Fetch-Dest", "iframe")), 403},
		"a link on another site":     {local, both(header("Sec-Fetch-Site", "cross-site"), header("Sec-Fetch-Mode", "navigate"), header("Sec-Fetch-Dest", "document")), 200},
		"something is to be changed": {local, func(r *http.Request) { r.Method = http.MethodPost }, 405},
		"only the head":              {local, func(r *http.Request) { r.Method = http.MethodHead }, 200},
		"no such page":               {local, func(r *http.Request) { r.URL.Path = "/applications/a/b/c" }, 404},
		"no such file":               {local, func(r *http.Request) { r.URL.Path = "/assets/..%2fdoc.go" }, 404},
		"the style sheet":            {local, func(r *http.Request) { r.URL.Path = "/assets/style.css" }, 200},
	} {
		w := ask(t, c.access, c.change)
		if w.Code != c.want {
			t.Errorf("%s: %d, want %d: %s", name, w.Code, c.want, w.Body.String())
		}

		if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: Content-Security-Policy %q", name, policy)
		}

		if strings.Contains(w.Body.String(), "s3cret") {
			t.Errorf("%s: the token is shown", name)
		}
	}
}

func TestNobodyMayLookWithoutTheToken(t *testing.T) {
	t.Parallel()

	for _, broken := range []func() (string, error){
		token(""), func() (string, error) { return "", errors.New("the file is gone") },
	} {
		a := dashboard.Access{Listen: ":8080", Token: broken}
		for _, given := range []string{"Bearer ", "Bearer x", "Basic Og=="} {
			if w := ask(t, a, header("Authorization", given)); w.Code != http.StatusUnauthorized || w.Header().Get("WWW-Authenticate") == "" {
				t.Errorf("%q: %d", given, w.Code)
			}
		}
	}
}

func TestOpenAddressesAreRefused(t *testing.T) {
	t.Parallel()

	for listen, open := range map[string]bool{
		"127.0.0.1:8080": false, "[::1]:8080": false, "localhost:8080": false, "127.8.8.8:0": false,
		":8080": true, "0.0.0.0:8080": true, "[::]:8080": true, "192.0.2.1:80": true, "bot.example.org:80": true, "localhost.example.org:80": true, "": true,
	} {
		_, err := dashboard.New(dashboard.Options{Access: dashboard.Access{Listen: listen}})

		if _, refused := errors.AsType[*dashboard.OpenError](err); refused != open {
			t.Errorf("%q: %v", listen, err)
		}
	}

	half := dashboard.Access{Listen: "127.0.0.1:1", Proxy: &dashboard.Proxy{Header: "X-User"}}
	if _, err := dashboard.New(dashboard.Options{Access: half}); err == nil {
		t.Error("a proxy whose addresses nobody named is believed")
	}
}
