package repo_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/pkg/repo"
)

const (
	writeToken = "canary-write-4711"
	readToken  = "canary-read-0815"
	wrongToken = "canary-wrong-1234"
)

func TestTokens(t *testing.T) {
	t.Parallel()

	w := newWorld(t, seed())
	base := fetch(t, w.Remote, "main")
	c := bump(t, w.Remote, base, "v4.4.4")

	w.server.Allow(writeToken, true)
	w.server.Allow(readToken, false)

	writer := w.open(t, withToken(writeToken))
	fetch(t, writer, "main")
	must(t, writer.Push(t.Context(), c, "bot/x", ""))

	reader := w.open(t, withToken(readToken))
	fetch(t, reader, "main")

	url := strings.Replace(w.there.URL, "http://", "http://someone:"+writeToken+"@", 1)
	fetch(t, w.open(t, func(o *repo.Options) { o.URL = url }), "main")

	alone := strings.Replace(w.there.URL, "http://", "http://"+writeToken+"@", 1)
	fetch(t, w.open(t, func(o *repo.Options) { o.URL = alone }), "main")

	for what, err := range map[string]error{
		"no token":    second(w.Fetch(t.Context(), "main")),
		"empty token": second(w.open(t, withToken("")).Fetch(t.Context(), "main")),
		"wrong token": second(w.open(t, withToken(wrongToken)).Fetch(t.Context(), "main")),
		"in the URL":  second(w.open(t, func(o *repo.Options) { o.URL = strings.Replace(url, writeToken, wrongToken, 1) }).Heads(t.Context())),
	} {
		access, ok := errors.AsType[*repo.AccessError](err)
		if !ok || access.Permission != "contents: read" || access.Missing {
			t.Errorf("%s: err = %v", what, err)
		}

		noCanary(t, err)
	}

	err := reader.Push(t.Context(), c, "bot/y", "")
	if access, ok := errors.AsType[*repo.AccessError](err); !ok || access.Permission != "contents: write" || access.Anonymous {
		t.Errorf("read-only push: err = %v", err)
	}

	if !strings.Contains(err.Error(), `"contents: write"`) || !strings.Contains(err.Error(), "this token may not write") {
		t.Errorf("err = %v", err)
	}

	noCanary(t, err)

	boom := errors.New("the vault is closed")
	closed := w.open(t, func(o *repo.Options) {
		o.Auth.Token = func(context.Context) (string, error) { return "", boom }
	})

	if _, err := closed.Heads(t.Context()); !errors.Is(err, boom) {
		t.Errorf("err = %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

func noCanary(t *testing.T, err error) {
	t.Helper()

	for e := err; e != nil; e = errors.Unwrap(e) {
		if strings.Contains(e.Error(), "canary") {
			t.Errorf("a secret shows: %v", e)
		}
	}
}

func TestMissingRepository(t *testing.T) {
	t.Parallel()

	w := newGitWorld(t, seed())
	r := w.open(t, func(o *repo.Options) { o.URL = w.server.URL + "/example/other.git" })

	_, err := r.Fetch(t.Context(), "main")
	if access, ok := errors.AsType[*repo.AccessError](err); !ok || !access.Missing {
		t.Errorf("err = %v, want an AccessError that says missing", err)
	}

	_, err = w.Fetch(t.Context(), "nothing")
	if branch, ok := errors.AsType[*repo.BranchError](err); !ok || branch.Branch != "nothing" {
		t.Errorf("err = %v, want a BranchError", err)
	}
}

func TestURLs(t *testing.T) {
	t.Parallel()

	token := withToken("canary")
	key := func(o *repo.Options) { o.Auth.SSHKeyFile = "canary" }

	for url, options := range map[string]func(*repo.Options){
		"":                                      nil,
		"host/owner/name":                       nil,
		"/srv/git/x.git":                        nil,
		"file:///srv/git/x.git":                 nil,
		"ftp://user:canary@host/x":              nil,
		"https://user:canary%zz@host/x":         nil,
		"https://user:canary secret@host/x":     nil,
		"https://user:canary\x7f@host/x":        nil,
		"https://host/x?token=canary":           nil,
		"https://host/x#canary":                 nil,
		"https://u:canary@host:port/x":          nil,
		"http://example.org/x":                  token,
		"http://user:canary@example.org/x":      nil,
		"git@host:owner/name":                   token,
		"https://host/owner/name":               key,
		"://canary@":                            nil,
		"https://user:canary@/x":                nil,
		"https://ghp_canary@[::1/owner/name":    nil,
		"ssh://user:canary@ho st/owner/name.it": nil,
	} {
		o := repo.Options{URL: url}
		if options != nil {
			options(&o)
		}

		_, err := repo.Open(o)
		if err == nil {
			t.Errorf("%q was taken", url)
		}

		noCanary(t, err)
	}

	for url, want := range map[string]string{
		"https://user:secret@host/owner/name.git": "https://host/owner/name.git",
		"git@github.com:owner/name.git":           "ssh://github.com/owner/name.git",
		"ssh://git@host:2222/owner/name":          "ssh://host:2222/owner/name",
		"http://user:secret@127.0.0.1:80/x":       "http://127.0.0.1:80/x",
	} {
		r, err := repo.Open(repo.Options{URL: url})
		must(t, err)
		same(t, url, r.URL(), want)
	}

	for url, want := range map[string]string{
		"https://user:secret@host/x?y=z#f": "https://host/x", "user:secret@host": "host", "": "", "plain": "plain",
	} {
		same(t, url, repo.Redact(url), want)
	}
}

func TestTheNetworkFails(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		at        string
		fault     gittest.Fault
		temporary bool
		contains  string
	}{
		"reset":           {at: "info/refs", fault: gittest.Fault{Refuse: true}, temporary: true},
		"reset at pack":   {at: "POST", fault: gittest.Fault{Refuse: true}, temporary: true},
		"stalled":         {at: "info/refs", fault: gittest.Fault{Stall: true}, temporary: true, contains: "sent nothing"},
		"stalled at pack": {at: "POST", fault: gittest.Fault{Stall: true}, temporary: true, contains: "sent nothing"},
		"cut":             {at: "info/refs", fault: gittest.Fault{Cut: 100}, temporary: true},
		"cut pack":        {at: "POST", fault: gittest.Fault{Cut: 300}, temporary: true},
		"empty":           {at: "POST", fault: gittest.Fault{Lose: true}, temporary: true},
		"500":             {at: "info/refs", fault: gittest.Fault{Status: 500}, temporary: true, contains: "500"},
		"502 at pack":     {at: "POST", fault: gittest.Fault{Status: 502}, temporary: true, contains: "502"},
		"429": {
			at: "info/refs", temporary: true, contains: "429",
			fault: gittest.Fault{Status: 429, Header: http.Header{"Retry-After": {"77"}}},
		},
		"418": {at: "info/refs", fault: gittest.Fault{Status: 418}, contains: "418"},
		"HTML": {
			at: "info/refs", contains: "is this the address",
			fault: gittest.Fault{Status: 200, Header: http.Header{"Content-Type": {"text/html"}}, Body: "<html>log in first"},
		},
		"garbage": {
			at: "info/refs", temporary: true,
			fault: gittest.Fault{Status: 200, Header: http.Header{"Content-Type": {"application/x-git-upload-pack-advertisement"}}, Body: "zzzz"},
		},
		"a long body": {
			at: "info/refs", temporary: true, contains: "503",
			fault: gittest.Fault{Status: 503, Header: http.Header{"Content-Type": {"text/plain"}}, Body: strings.Repeat("no ", 1_000_000)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			w := newWorld(t, seed())
			w.server.Inject(c.at, c.fault, 0)

			hasty := w.open(t, func(o *repo.Options) {
				if c.fault.Stall {
					o.Idle = 300 * time.Millisecond
				}
			})
			_, err := hasty.Fetch(t.Context(), "main")

			network, ok := errors.AsType[*repo.NetworkError](err)
			if !ok {
				t.Fatalf("err = %v (%T), want a NetworkError", err, err)
			}

			same(t, "temporary", network.Temporary, c.temporary)

			if !strings.Contains(err.Error(), c.contains) || len(err.Error()) > 600 {
				t.Errorf("err = %v", err)
			}

			if name == "429" {
				same(t, "retry after", network.RetryAfter, 77*time.Second)
			}

			w.server.Heal()
			fetch(t, w.Remote, "main")
		})
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()

	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	must(t, listener.Close())

	r, err := repo.Open(repo.Options{URL: "http://" + listener.Addr().String() + "/x", Retries: 1})
	must(t, err)

	_, err = r.Heads(t.Context())
	if network, ok := errors.AsType[*repo.NetworkError](err); !ok || !network.Temporary {
		t.Errorf("err = %v, want a temporary NetworkError", err)
	}
}

func TestReadingIsTriedAgain(t *testing.T) {
	t.Parallel()

	w := newWorld(t, seed(), func(o *repo.Options) { o.Retries = 2 })

	w.server.Inject("info/refs", gittest.Fault{Status: 503, Header: http.Header{"Retry-After": {"1"}}}, 1)
	w.server.Inject("POST", gittest.Fault{Cut: 50}, 1)
	fetch(t, w.Remote, "main")

	w.server.Inject("info/refs", gittest.Fault{Status: 503}, 0)
	w.server.Forget()

	if _, err := w.Heads(t.Context()); err == nil {
		t.Error("no error")
	}

	same(t, "requests", len(w.server.Requests()), 3)
}

func TestTheContextEnds(t *testing.T) {
	t.Parallel()

	w := newWorld(t, seed())
	w.server.Inject("info/refs", gittest.Fault{Stall: true}, 0)

	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()

	if _, err := w.Heads(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("err = %v", err)
	}

	ctx, cancel = context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)

	_, err := w.Heads(ctx)
	if !errors.Is(err, context.Canceled) || is[*repo.NetworkError](err) {
		t.Errorf("err = %v, want a plain cancellation", err)
	}

	slow := w.open(t, func(o *repo.Options) { o.Timeout = 200 * time.Millisecond })
	if _, err := slow.Heads(t.Context()); !is[*repo.NetworkError](err) {
		t.Errorf("err = %v, want a NetworkError", err)
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()

	w := newWorld(t, seed())
	w.server.Allow(writeToken, true)

	var seen []string

	stranger := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header.Get("Authorization"))
	}))
	t.Cleanup(stranger.Close)

	// To another host: not even without the token.
	w.server.Inject("info/refs", gittest.Fault{Status: 301, Header: http.Header{"Location": {stranger.URL + "/x/info/refs?service=git-upload-pack"}}}, 1)

	_, err := w.open(t, withToken(writeToken)).Heads(t.Context())
	if err == nil || !strings.Contains(err.Error(), "redirects to another host") {
		t.Errorf("err = %v", err)
	}

	same(t, "requests at the stranger's", len(seen), 0)

	// On the same host: a repository that was renamed.
	to := w.there.URL + "/info/refs?service=git-upload-pack"
	w.server.Inject("/old/name.git/info/refs", gittest.Fault{Status: 301, Header: http.Header{"Location": {to}}}, 0)

	renamed := w.open(t, withToken(writeToken), func(o *repo.Options) { o.URL = w.server.URL + "/old/name.git" })
	fetch(t, renamed, "main")

	// In circles.
	w.server.Inject("/loop.git/info/refs", gittest.Fault{Status: 302, Header: http.Header{"Location": {"/loop.git/info/refs"}}}, 0)

	loop := w.open(t, func(o *repo.Options) { o.URL = w.server.URL + "/loop.git" })
	if _, err := loop.Heads(t.Context()); err == nil || !strings.Contains(err.Error(), "circles") {
		t.Errorf("err = %v", err)
	}
}
