package gh_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/gh"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	repo   = "example/gitops"
	head   = "bot/mastodon/patch"
	secret = "github_pat_11CANARY0000000000000_doNotPrintMe"
)

// stand is a GitHub with one repository, a branch of ours and a client.
type stand struct {
	*githubtest.Server

	git      *githubtest.Branches
	recorder *effect.Recorder
	client   *gh.Client
	options  gh.Options
	log      *strings.Builder
}

// hands are what people do in the repository.
func (s *stand) hands() githubtest.Hands { return s.In(repo) }

// another is a second client with the same token: another process.
func (s *stand) another(t *testing.T, change func(*gh.Options)) *gh.Client {
	t.Helper()

	o := s.options
	if change != nil {
		change(&o)
	}

	client, err := gh.New(o)
	if err != nil {
		t.Fatal(err)
	}

	return client
}

func newStand(t *testing.T) *stand {
	t.Helper()

	git := githubtest.NewBranches()
	server := githubtest.New(githubtest.Options{Git: git})
	server.AddRepository(githubtest.Repository{
		Name: repo, Private: true, Collaborators: []string{"alice", "carol", "release-bot"}, Teams: []string{"ops"},
	})
	server.AddToken(githubtest.Token{Value: secret, Login: "release-bot", Permissions: githubtest.Writer()})
	git.Push(repo, "main")
	git.Push(repo, head)

	s := &stand{Server: server, git: git, recorder: effect.NewRecorder(nil), log: &strings.Builder{}}
	s.options = gh.Options{
		Token:     func(context.Context) (string, error) { return secret, nil },
		Transport: githubtest.Transport(server),
		Seam:      s.recorder,
		Log:       slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	s.client = s.another(t, nil)

	t.Cleanup(func() {
		for _, line := range server.Unexpected() {
			t.Error(line)
		}

		for _, fault := range server.Unmet() {
			t.Errorf("a fault was injected and never met: %+v", fault)
		}
	})

	return s
}

func want() gh.Want {
	return gh.Want{
		Head: head, Base: "main",
		Title:     "Mastodon v4.4.4",
		Body:      "## Steps\n\n1. Back up.\n",
		Labels:    []string{"mastodon"},
		Reviewers: []string{"alice", "example/ops"},
		Assignees: []string{"carol"},
		Marker:    gh.Marker{Application: "mastodon", Track: "patch", From: "v4.4.3", To: "v4.4.4"},
	}
}

// ensure ensures w and expects the action.
func (s *stand) ensure(t *testing.T, w gh.Want, expected gh.Action) gh.PullRequest {
	t.Helper()

	pr, action, err := s.client.Ensure(t.Context(), repo, w)
	if err != nil {
		t.Fatal(err)
	}

	if action != expected {
		t.Fatalf("action = %s, want %s", action, expected)
	}

	return pr
}

// kinds are the kinds of effects so far.
func (s *stand) kinds() string {
	var kinds []string
	for _, e := range s.recorder.Log() {
		kinds = append(kinds, strings.TrimPrefix(e.Kind, "github."))
	}

	return strings.Join(kinds, " ")
}

// transportFunc is a transport that a test writes in place.
type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func tokenOf(value string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return value, nil }
}
