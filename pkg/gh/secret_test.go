package gh_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/pkg/gh"
)

// TestNoTokenIsTold runs every call through everything that goes wrong, with a
// server and a transport that repeat the token, and searches what comes out.
func TestNoTokenIsTold(t *testing.T) {
	t.Parallel()

	echo := fmt.Sprintf(`{"message":"bad token %s","errors":[{"message":"Bearer %s"}]}`, secret, secret)
	faults := []githubtest.Fault{
		{Status: 400, Body: echo},
		{Status: 401, Body: echo},
		{Status: 403, Body: echo, Header: map[string]string{"X-Accepted-Github-Permissions": "issues=write"}},
		{Status: 422, Body: echo},
		{Status: 429, Body: echo, Header: map[string]string{"Retry-After": "9999"}},
		{Status: 500, Body: echo, Times: 4},
		{Status: 200, Body: "not json " + secret},
		{Status: 200, Type: secret, Body: "x", Times: 4},
		{Status: 302, Header: map[string]string{"Location": "https://" + secret + ".example/" + secret}},
	}

	for i, fault := range faults {
		synctest.Test(t, func(t *testing.T) {
			s := newStand(t)

			for _, call := range s.calls(t, s.client) {
				s.Inject(fault)
				s.search(t, i, call())
			}
		})
	}

	synctest.Test(t, func(t *testing.T) {
		s := newStand(t)
		telling := s.another(t, func(o *gh.Options) {
			o.Transport = transportFunc(func(req *http.Request) (*http.Response, error) {
				return nil, fmt.Errorf("could not send %v", req.Header)
			})
		})
		noToken := s.another(t, func(o *gh.Options) {
			o.Token = func(context.Context) (string, error) { return secret, errors.New("the file says " + secret) }
		})

		for _, client := range []*gh.Client{telling, noToken} {
			for i, call := range s.calls(t, client) {
				s.search(t, i, call())
			}
		}
	})
}

func (s *stand) calls(t *testing.T, client *gh.Client) []func() error {
	t.Helper()

	ctx := t.Context()

	return []func() error{
		func() error { _, err := client.Repository(ctx, repo); return err },
		func() error { _, err := client.PullRequests(ctx, repo, gh.Query{}); return err },
		func() error { _, _, err := client.Ensure(ctx, repo, want()); return err },
		func() error { _, err := client.Comment(ctx, repo, 1, "hello", "key"); return err },
		func() error { return client.Close(ctx, repo, 1) },
	}
}

func (s *stand) search(t *testing.T, i int, err error) {
	t.Helper()

	if err == nil {
		t.Errorf("%d: no error", i)
	}

	said := []string{s.log.String()}
	for e := err; e != nil; e = errors.Unwrap(e) {
		said = append(said, fmt.Sprintf("%v %+v %#v %q", e, e, e, e))
	}

	for _, text := range said {
		if strings.Contains(text, "CANARY") {
			t.Errorf("%d: the token is in %s", i, text)
		}
	}
}
