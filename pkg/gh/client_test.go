package gh_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/pkg/gh"
)

func TestRepository(t *testing.T) {
	t.Parallel()

	s := newStand(t)

	got, err := s.client.Repository(t.Context(), repo)
	if err != nil {
		t.Fatal(err)
	}

	if got.NodeID == "" {
		t.Error("no id that outlives a new name")
	}

	got.NodeID = ""

	expected := gh.Repository{
		FullName: repo, DefaultBranch: "main", Issues: true, CloneURL: "https://github.com/example/gitops.git",
		HTMLURL: "https://github.com/example/gitops", Permissions: gh.Permissions{Pull: true, Push: true},
		Methods: []gh.Method{gh.MergeCommit, gh.Squash, gh.Rebase},
	}
	if diff := cmp.Diff(expected, got); diff != "" {
		t.Error(diff)
	}
}

func TestARenamedRepositoryIsFollowed(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.Rename(repo, "example/infra")

	got, err := s.client.Repository(t.Context(), repo)
	if err != nil || got.FullName != "example/infra" {
		t.Errorf("repository = %+v, %v", got, err)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()

	for base, expected := range map[string]string{
		"":                                "https://api.github.com/repos/example/gitops",
		"https://github.com":              "https://api.github.com/repos/example/gitops",
		"https://api.github.com/":         "https://api.github.com/repos/example/gitops",
		"https://ghes.example.com":        "https://ghes.example.com/api/v3/repos/example/gitops",
		"https://ghes.example.com/":       "https://ghes.example.com/api/v3/repos/example/gitops",
		"https://ghes.example.com/api/v3": "https://ghes.example.com/api/v3/repos/example/gitops",
		"https://octo.ghe.com/":           "https://api.octo.ghe.com/repos/example/gitops",
		"http://127.0.0.1:8080/":          "http://127.0.0.1:8080/api/v3/repos/example/gitops",
	} {
		asked := ""

		client, err := gh.New(gh.Options{BaseURL: base, Transport: transportFunc(func(req *http.Request) (*http.Response, error) {
			asked = req.URL.String()

			return nil, context.Canceled
		})})
		if err != nil {
			t.Errorf("%s: %v", base, err)

			continue
		}

		if _, err := client.Repository(t.Context(), repo); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: err = %v", base, err)
		}

		if asked != expected {
			t.Errorf("%s: asked %s, want %s", base, asked, expected)
		}
	}
}

func TestAddressesThatAreRefused(t *testing.T) {
	t.Parallel()

	for base, part := range map[string]string{
		"http://ghes.example.com/":                    "must be https",
		"https://user:" + secret + "@example.com/":    "no credentials",
		"https://example.com/?access_token=" + secret: "must look like",
		"ghes.example.com":                            "must look like",
		"https://bad host" + secret:                   "not a URL",
	} {
		_, err := gh.New(gh.Options{BaseURL: base})
		if err == nil || !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: err = %v, want %s", base, err, part)
		}
	}
}

func TestEnterpriseServer(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	server := httptest.NewServer(s.Server)
	transport := &http.Transport{}

	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})

	client := s.another(t, func(o *gh.Options) { o.BaseURL, o.Transport = server.URL, transport })

	pr, action, err := client.Ensure(t.Context(), repo, want())
	if err != nil || action != gh.Opened || pr.URL != server.URL+"/example/gitops/pull/1" {
		t.Errorf("pull request %s, %s, %v", pr.URL, action, err)
	}
}

func TestTheMissingPermissionIsNamed(t *testing.T) {
	t.Parallel()

	reader := githubtest.Token{Login: "release-bot", Permissions: githubtest.Reader()}
	elsewhere := githubtest.Token{Login: "release-bot", Permissions: githubtest.Writer(), Repositories: []string{"example/other"}}
	noPulls := githubtest.Token{Login: "release-bot", Permissions: githubtest.Permissions{Metadata: githubtest.Read, Issues: githubtest.Write}}
	app := githubtest.Token{Login: "bot[bot]", App: true, Permissions: githubtest.Reader()}

	ensure := func(ctx context.Context, c *gh.Client) error {
		_, _, err := c.Ensure(ctx, repo, want())

		return err
	}
	comment := func(ctx context.Context, c *gh.Client) error {
		_, err := c.Comment(ctx, repo, 1, "hello", "key")

		return err
	}
	read := func(ctx context.Context, c *gh.Client) error {
		_, err := c.Repository(ctx, repo)

		return err
	}

	for name, test := range map[string]struct {
		token      githubtest.Token
		do         func(context.Context, *gh.Client) error
		status     int
		permission string
		message    string
	}{
		"read-only":        {reader, ensure, 403, "pull requests: write", "Resource not accessible by personal access token"},
		"app":              {app, ensure, 403, "pull requests: write", "Resource not accessible by integration"},
		"cannot list":      {noPulls, ensure, 403, "pull requests: read", "Resource not accessible by personal access token"},
		"issues only":      {noPulls, comment, 403, "issues: write or pull requests: write", "Resource not accessible by personal access token"},
		"other repository": {elsewhere, read, 404, "metadata: read", "Not Found (it does not exist, or the token cannot see it)"},
		"unknown token":    {githubtest.Token{}, ensure, 401, "pull requests: read", "Bad credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s := newStand(t)
			if _, err := s.hands().OpenPR("carol", "bot/other/patch", "main", "a", "b"); err != nil {
				t.Fatal(err)
			}

			if test.token.Login != "" {
				test.token.Value = "other-token"
				s.AddToken(test.token)
			}

			client := s.another(t, func(o *gh.Options) {
				o.Token = func(context.Context) (string, error) { return "other-token", nil }
			})

			err := test.do(t.Context(), client)

			failed, ok := errors.AsType[*gh.Error](err)
			if !ok {
				t.Fatalf("err = %v, want an *Error", err)
			}

			got := []any{failed.Status, failed.Permission, failed.Message, failed.Temporary, failed.Repo}
			if diff := cmp.Diff([]any{test.status, test.permission, test.message, false, repo}, got); diff != "" {
				t.Error(diff)
			}

			if !strings.Contains(err.Error(), fmt.Sprintf("the token needs %q on example/gitops", test.permission)) {
				t.Errorf("err = %v", err)
			}
		})
	}
}

func TestWithoutATokenNothingIsChanged(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.AddRepository(githubtest.Repository{Name: repo}) // public
	client := s.another(t, func(o *gh.Options) { o.Token = nil })

	if _, err := client.Repository(t.Context(), repo); err != nil {
		t.Errorf("a public repository: %v", err)
	}

	_, _, err := client.Ensure(t.Context(), repo, want())
	if failed, ok := errors.AsType[*gh.Error](err); !ok || failed.Status != 401 || failed.Permission != "pull requests: write" {
		t.Errorf("err = %v", err)
	}
}

func TestATokenThatIsNone(t *testing.T) {
	t.Parallel()

	for _, token := range []string{"", secret + "\n", "two words"} {
		s := newStand(t)
		client := s.another(t, func(o *gh.Options) { o.Token = func(context.Context) (string, error) { return token, nil } })

		_, err := client.Repository(t.Context(), repo)
		if err == nil || !strings.Contains(err.Error(), "the token is empty, or holds a space") || strings.Contains(err.Error(), secret) {
			t.Errorf("err = %v", err)
		}

		if n := s.Count("", ""); n != 0 {
			t.Errorf("%d requests with no token", n)
		}
	}
}

func TestNamesThatAreNoRepository(t *testing.T) {
	t.Parallel()

	s := newStand(t)

	for _, name := range []string{"", "gitops", "a/b/c", "../x", "a/..", "a/b?x=y", "a b/c", "/x"} {
		if _, err := s.client.Repository(t.Context(), name); err == nil || !strings.Contains(err.Error(), `"owner/name"`) {
			t.Errorf("%q: err = %v", name, err)
		}
	}

	if n := s.Count("", ""); n != 0 {
		t.Errorf("%d requests", n)
	}
}
