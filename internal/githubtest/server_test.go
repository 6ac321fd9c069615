package githubtest_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/githubtest"
)

const repo = "example/gitops"

type answer struct {
	status int
	header http.Header
	body   string
	fields map[string]any
}

// ask sends one request to the stand-in; header is "Name: value" or empty.
func ask(t *testing.T, s *githubtest.Server, method, path, body, header string) answer {
	t.Helper()

	req := httptest.NewRequest(method, "https://api.github.com"+path, strings.NewReader(body))
	req.Header.Set("Authorization", "Bearer token")

	if name, value, ok := strings.Cut(header, ": "); ok {
		req.Header.Set(name, value)
	}

	resp, err := githubtest.Transport(s).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}

	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}

	a := answer{status: resp.StatusCode, header: resp.Header, body: string(data)}
	_ = json.Unmarshal(data, &a.fields) // lists have none

	return a
}

func newServer() (*githubtest.Server, *githubtest.Branches) {
	git := githubtest.NewBranches()
	s := githubtest.New(githubtest.Options{Git: git, RateLimit: 50})
	s.AddRepository(githubtest.Repository{Name: repo, Private: true, Collaborators: []string{"carol"}})
	s.AddToken(githubtest.Token{Value: "token", Login: "bot", Permissions: githubtest.Writer()})
	git.Push(repo, "main")
	git.Push(repo, "bot/mastodon/patch")

	return s, git
}

func TestWhatIsUnknownIsRefusedAndRemembered(t *testing.T) {
	t.Parallel()

	for name, request := range map[string][3]string{
		"route":     {"GET", "/repos/example/gitops/milestones", ""},
		"method":    {"DELETE", "/repos/example/gitops", ""},
		"parameter": {"GET", "/repos/example/gitops/pulls?sort=created&filter=x", ""},
		"sorting":   {"GET", "/repos/example/gitops/pulls?sort=popularity", ""},
		"field":     {"POST", "/repos/example/gitops/issues", `{"title":"x","milestone":1}`},
		"path":      {"GET", "//repos/example/gitops", ""},
	} {
		s, _ := newServer()

		a := ask(t, s, request[0], request[1], request[2], "")
		if a.status != http.StatusNotImplemented || len(s.Unexpected()) != 1 {
			t.Errorf("%s: %d %s, unexpected %v", name, a.status, a.body, s.Unexpected())
		}
	}
}

func TestWhoMay(t *testing.T) {
	t.Parallel()

	s, _ := newServer()
	s.AddRepository(githubtest.Repository{Name: "example/public"})
	s.AddToken(githubtest.Token{Value: "reader", Login: "r", Permissions: githubtest.Reader()})
	s.AddToken(githubtest.Token{Value: "blind", Login: "b"})

	const pulls = "/repos/example/gitops/pulls"

	for name, test := range map[string]struct {
		header, method, path string
		status               int
		message, accepted    string
	}{
		"unknown token": {"Authorization: Bearer x", "GET", pulls, 401, "Bad credentials", ""},
		"basic":         {"Authorization: Basic token", "GET", pulls, 401, "Bad credentials", ""},
		"blind":         {"Authorization: Bearer blind", "GET", pulls, 404, "Not Found", ""},
		"public":        {"Authorization: Bearer blind", "GET", "/repos/example/public/pulls", 200, "", "pull_requests=read"},
		"reads":         {"Authorization: token reader", "GET", pulls, 200, "", "pull_requests=read"},
		"may not write": {
			"Authorization: Bearer reader", "POST", pulls, 403, "Resource not accessible by personal access token", "pull_requests=write",
		},
	} {
		a := ask(t, s, test.method, test.path, "{}", test.header)
		message, _ := a.fields["message"].(string)

		if a.status != test.status || message != test.message || a.header.Get("X-Accepted-Github-Permissions") != test.accepted {
			t.Errorf("%s: %d %s %v", name, a.status, a.body, a.header)
		}
	}

	s.Revoke("token")

	if a := ask(t, s, "GET", pulls, "", ""); a.status != 401 {
		t.Errorf("a revoked token: %d", a.status)
	}
}

func TestPullRequestsFollowTheirBranches(t *testing.T) {
	t.Parallel()

	s, git := newServer()
	create := `{"title":"x","head":"bot/mastodon/patch","base":"main"}`

	if a := ask(t, s, "POST", "/repos/example/gitops/pulls", create, ""); a.status != 201 {
		t.Fatal(a.body)
	}

	a := ask(t, s, "POST", "/repos/example/gitops/pulls", create, "")
	if a.status != 422 || !strings.Contains(a.body, "A pull request already exists for example:bot/mastodon/patch.") {
		t.Errorf("a second one: %d %s", a.status, a.body)
	}

	sha := git.Push(repo, "bot/mastodon/patch")
	if p := s.In(repo).Pulls()[0]; p.Head.SHA != sha || p.State != "open" {
		t.Errorf("after a push: %+v", p)
	}

	git.Delete(repo, "bot/mastodon/patch")

	if p := s.In(repo).Pulls()[0]; p.Head.SHA != sha || p.State != "closed" {
		t.Errorf("after the branch is gone: %+v", p)
	}

	if a := ask(t, s, "PATCH", "/repos/example/gitops/pulls/1", `{"state":"open"}`, ""); a.status != 422 {
		t.Errorf("reopened without a branch: %d %s", a.status, a.body)
	}
}

func TestRefusalsOfPullRequests(t *testing.T) {
	t.Parallel()

	for body, part := range map[string]string{
		`{"head":"bot/mastodon/patch","base":"main"}`:                                                         `"field":"title"`,
		`{"title":"x","head":"nowhere","base":"main"}`:                                                        `"field":"head"`,
		`{"title":"x","head":"bot/mastodon/patch","base":"trunk"}`:                                            `"field":"base"`,
		`{"title":"x","head":"main","base":"main"}`:                                                           "No commits between main and main",
		`{"title":"` + strings.Repeat("x", 257) + `","head":"bot/mastodon/patch","base":"main"}`:              "title is too long",
		`{"title":"x","head":"bot/mastodon/patch","base":"main","body":"` + strings.Repeat("é", 65537) + `"}`: "maximum is 65536 characters",
	} {
		s, _ := newServer()

		if a := ask(t, s, "POST", "/repos/example/gitops/pulls", body, ""); a.status != 422 || !strings.Contains(a.body, part) {
			t.Errorf("%.80s: %d %s", body, a.status, a.body)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()

	s, _ := newServer()

	a := ask(t, s, "GET", "/repos/example/gitops", "", "")
	if a.header.Get("X-Ratelimit-Remaining") != "49" || a.header.Get("X-Ratelimit-Resource") != "core" {
		t.Errorf("header = %v", a.header)
	}

	again := ask(t, s, "GET", "/repos/example/gitops", "", "If-None-Match: "+a.header.Get("ETag"))
	if again.status != 304 || again.body != "" || again.header.Get("X-Ratelimit-Remaining") != "49" {
		t.Errorf("again: %d %q %v", again.status, again.body, again.header)
	}

	s.Exhaust("token", time.Hour)

	a = ask(t, s, "GET", "/repos/example/gitops", "", "")
	if a.status != 403 || a.header.Get("X-Ratelimit-Remaining") != "0" || !strings.Contains(a.body, "API rate limit exceeded") {
		t.Errorf("exhausted: %d %s %v", a.status, a.body, a.header)
	}
}

func TestPagesAreLinked(t *testing.T) {
	t.Parallel()

	s, _ := newServer()

	for range 5 {
		if _, err := s.In(repo).OpenPR("carol", "carol:x", "main", "x", ""); err != nil {
			t.Fatal(err)
		}
	}

	a := ask(t, s, "GET", "/repos/example/gitops/pulls?per_page=2&page=2&state=all", "", "")
	expected := `<https://api.github.com/repos/example/gitops/pulls?page=1&per_page=2&state=all>; rel="prev", ` +
		`<https://api.github.com/repos/example/gitops/pulls?page=3&per_page=2&state=all>; rel="next", ` +
		`<https://api.github.com/repos/example/gitops/pulls?page=3&per_page=2&state=all>; rel="last", ` +
		`<https://api.github.com/repos/example/gitops/pulls?page=1&per_page=2&state=all>; rel="first"`

	if got := a.header.Get("Link"); got != expected {
		t.Errorf("Link = %s", got)
	}

	if a := ask(t, s, "GET", "/repos/example/gitops/pulls?page=9", "", ""); a.body != "[]" {
		t.Errorf("past the end: %s", a.body)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()

	s, _ := newServer()
	s.Inject(githubtest.Fault{Method: "GET", Path: "/repos/*/*", Status: 503, Times: 2})
	s.Inject(githubtest.Fault{Method: "POST", After: true})

	for _, expected := range []int{503, 503, 200} {
		if a := ask(t, s, "GET", "/repos/example/gitops", "", ""); a.status != expected {
			t.Errorf("status %d, want %d", a.status, expected)
		}
	}

	if len(s.Unmet()) != 1 {
		t.Errorf("unmet = %v", s.Unmet())
	}

	server := httptest.NewServer(s)
	defer server.Close()

	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/api/v3/repos/example/gitops/issues", strings.NewReader(`{"title":"x"}`))
	if err != nil {
		t.Fatal(err)
	}

	req.Header.Set("Authorization", "Bearer token")

	if resp, err := server.Client().Do(req); !errors.Is(err, io.EOF) {
		t.Errorf("answer %v, err = %v, want a broken connection", resp, err)
	}

	if a := ask(t, s, "GET", "/repos/example/gitops/issues/1", "", ""); a.status != 200 {
		t.Error("what was asked before the fault was not done")
	}

	if n := s.Count("GET", "/repos/*/*"); n != 3 {
		t.Errorf("counted %d", n)
	}
}
