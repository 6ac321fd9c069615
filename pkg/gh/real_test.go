//go:build real

package gh_test

import (
	"errors"
	"maps"
	"net/http"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/internal/githubtest/openapi"
	"github.com/goingdark-social/bot/pkg/gh"
)

// TestGitHubsDescriptionAgrees holds everything this package sends, and
// everything the stand-in answers, against GitHub's own OpenAPI description.
func TestGitHubsDescriptionAgrees(t *testing.T) {
	spec := os.Getenv("BOT_TEST_GITHUB_OPENAPI")
	if spec == "" {
		t.Fatal("BOT_TEST_GITHUB_OPENAPI names no api.github.com.json of @octokit/openapi: run make test-real")
	}

	s := newStand(t)

	handler, violations, err := openapi.Validate(s.Server, spec)
	if err != nil {
		t.Fatal(err)
	}

	s.options.Transport = githubtest.Transport(handler)
	s.client = s.another(t, nil)

	s.story(t)
	s.refusals(t)
	s.bare(t, githubtest.Transport(handler))

	for _, violation := range violations.All() {
		t.Error(violation)
	}

	checked := slices.Sorted(maps.Keys(violations.Checked()))
	if diff := cmp.Diff(exchanges, checked); diff != "" {
		t.Errorf("the story does not pass every exchange it should: %s", diff)
	}
}

// exchanges are what the story consists of, each at least once.
var exchanges = []string{
	"GET /rate_limit 200",
	"GET /repos/{owner}/{repo} 200",
	"GET /repos/{owner}/{repo} 301",
	"GET /repos/{owner}/{repo} 304",
	"GET /repos/{owner}/{repo} 401",
	"GET /repos/{owner}/{repo} 403",
	"GET /repos/{owner}/{repo} 404",
	"GET /repos/{owner}/{repo}/issues/{issue_number} 200",
	"GET /repos/{owner}/{repo}/issues/{issue_number}/comments 200",
	"GET /repos/{owner}/{repo}/issues/{issue_number}/events 200",
	"GET /repos/{owner}/{repo}/issues/{issue_number}/labels 200",
	"GET /repos/{owner}/{repo}/pulls 200",
	"GET /repos/{owner}/{repo}/pulls 304",
	"GET /repos/{owner}/{repo}/pulls 403",
	"GET /repos/{owner}/{repo}/pulls/{pull_number} 200",
	"GET /user 200",
	"GET /user 403",
	"PATCH /repos/{owner}/{repo}/issues/comments/{comment_id} 200",
	"PATCH /repos/{owner}/{repo}/pulls/{pull_number} 200",
	"PATCH /repos/{owner}/{repo}/pulls/{pull_number} 422",
	"POST /repos/{owner}/{repo}/issues 201",
	"POST /repos/{owner}/{repo}/issues 422",
	"POST /repos/{owner}/{repo}/issues/{issue_number}/assignees 201",
	"POST /repos/{owner}/{repo}/issues/{issue_number}/comments 201",
	"POST /repos/{owner}/{repo}/issues/{issue_number}/labels 200",
	"POST /repos/{owner}/{repo}/pulls 201",
	"POST /repos/{owner}/{repo}/pulls 403",
	"POST /repos/{owner}/{repo}/pulls 422",
	"POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers 201",
	"POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers 422",
}

// story is the life of pull requests, through the client.
func (s *stand) story(t *testing.T) {
	t.Helper()

	must := func(err error) {
		t.Helper()

		if err != nil {
			t.Fatal(err)
		}
	}

	ctx, hands := t.Context(), s.hands()

	for range 2 {
		_, err := s.client.Repository(ctx, repo)
		must(err)
	}

	s.ensure(t, want(), gh.Opened)
	s.ensure(t, want(), gh.Unchanged)

	s.git.Push(repo, "develop")

	w := want()
	w.Title, w.Body, w.Base = "Mastodon v4.4.5", "## News", "develop"
	w.Labels = append(w.Labels, "security")
	s.ensure(t, w, gh.Updated)

	must(hands.AddLabel(1, "hold", "alice"))
	must(hands.RemoveLabel(1, "mastodon", "alice"))
	must(hands.Review(1, "alice"))
	must(hands.Edit(1, "A person's title", ""))
	must(hands.CommentAs(1, "alice", "Looks good."))
	s.ensure(t, w, gh.Unchanged)

	for range 2 {
		_, err := s.client.Comment(ctx, repo, 1, "Moved to v4.4.5.", "retargeted/v4.4.5")
		must(err)
	}

	must(s.client.Close(ctx, repo, 1))
	must(hands.Reopen(1, "carol"))
	must(hands.ClosePR(1, "carol"))
	s.ensure(t, want(), gh.Opened)
	must(hands.Merge(2, "squash", "carol"))

	draft := want()
	draft.Draft = true
	s.ensure(t, draft, gh.Opened)

	for _, pr := range s.list(t, gh.Query{State: "closed"}) {
		if _, err := s.client.ClosedByOther(ctx, repo, pr); err != nil {
			t.Fatal(err)
		}
	}

	s.list(t, gh.Query{Application: "mastodon", Track: "patch"})
}

// refusals are what GitHub refuses, each through the client.
func (s *stand) refusals(t *testing.T) {
	t.Helper()

	ctx := t.Context()
	expect := func(status int, err error) {
		t.Helper()

		if failed, ok := errors.AsType[*gh.Error](err); !ok || failed.Status != status {
			t.Errorf("err = %v, want status %d", err, status)
		}
	}

	reviewers := want()
	reviewers.Reviewers = []string{"mallory"}
	_, _, err := s.client.Ensure(ctx, repo, reviewers)
	expect(422, err)

	other := want()
	other.Head, other.Marker.Track = "bot/mastodon/minor", "minor"
	_, _, err = s.client.Ensure(ctx, repo, other)
	expect(422, err)

	other = want()
	other.Base = "trunk"
	_, _, err = s.client.Ensure(ctx, repo, other)
	expect(422, err)

	for name, token := range map[string]githubtest.Token{
		"reader": {Login: "release-bot", Permissions: githubtest.Reader()},
		"app":    {Login: "release[bot]", App: true, Permissions: githubtest.Writer()},
		"none":   {Login: "release-bot", Permissions: githubtest.Permissions{Metadata: githubtest.Read}},
	} {
		token.Value = name
		s.AddToken(token)
	}

	as := func(token string) *gh.Client {
		return s.another(t, func(o *gh.Options) { o.Token = tokenOf(token) })
	}

	minor := want()
	minor.Head, minor.Marker.Track = "bot/mastodon/minor", "minor"
	_, _, err = as("reader").Ensure(ctx, repo, minor)
	expect(403, err)

	_, err = as("none").PullRequests(ctx, repo, gh.Query{})
	expect(403, err)

	_, err = as("unknown").Repository(ctx, repo)
	expect(401, err)

	_, err = s.client.Repository(ctx, "example/nowhere")
	expect(404, err)

	for range 2 {
		if _, err := as("app").Comment(ctx, repo, 1, "From an App.", "app"); err != nil {
			t.Error(err)
		}
	}

	s.AddToken(githubtest.Token{Value: "poor", Login: "poor", Permissions: githubtest.Reader()})
	s.Exhaust("poor", 3_600_000_000_000)
	_, err = as("poor").Repository(ctx, repo)
	expect(403, err)

	s.Rename(repo, "example/infra")

	if _, err := s.client.Repository(ctx, repo); err != nil {
		t.Error(err)
	}
}

// bare are the routes that the stand-in has for others, spoken to directly.
func (s *stand) bare(t *testing.T, transport http.RoundTripper) {
	t.Helper()

	for _, request := range [][3]string{
		{"GET", "/rate_limit"},
		{"GET", "/repos/example/infra/issues/1/labels"},
		{"POST", "/repos/example/infra/issues", `{"title":"Dashboard","body":"x","labels":["bot"],"assignees":["carol"]}`},
		{"POST", "/repos/example/infra/issues", `{"title":"Dashboard","assignees":["mallory"]}`},
	} {
		speak(t, transport, request[0], request[1], request[2])
	}

	if err := s.In("example/infra").CommentAs(1, "release-bot", "x"); err != nil {
		t.Fatal(err)
	}

	speak(t, transport, "PATCH", "/repos/example/infra/issues/comments/"+s.lastComment(t, transport), `{"body":"edited"}`)
}
