//go:build real

package gh_test

import (
	"os"
	"testing"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/internal/githubtest/openapi"
)

// TestTalkByGitHubsDescription holds issues, comments, reactions and verdicts
// against GitHub's own OpenAPI description.
func TestTalkByGitHubsDescription(t *testing.T) {
	t.Parallel()

	description, err := openapi.Load(os.Getenv("BOT_TEST_GITHUB_OPENAPI"))
	if err != nil {
		t.Fatalf("run make test-real: %v", err)
	}

	for _, part := range []func(*stand, *testing.T){
		(*stand).talk, (*stand).keep,
		func(s *stand, t *testing.T) { s.judge(t, false) },
		func(s *stand, t *testing.T) { s.judge(t, true) },
	} {
		s := newStand(t)
		s.options.Transport = githubtest.Transport(description.Validate(s.Server))
		s.client = s.another(t, nil)

		part(s, t)
	}

	for _, violation := range description.Violations().All() {
		t.Error(violation)
	}

	checked := description.Violations().Checked()

	for _, exchange := range []string{
		"DELETE /repos/{owner}/{repo}/issues/comments/{comment_id} 204",
		"GET /repos/{owner}/{repo}/collaborators/{username}/permission 200",
		"GET /repos/{owner}/{repo}/collaborators/{username}/permission 404",
		"GET /repos/{owner}/{repo}/commits/{ref}/check-runs 200",
		"GET /repos/{owner}/{repo}/commits/{ref}/status 200",
		"GET /repos/{owner}/{repo}/issues 200",
		"GET /repos/{owner}/{repo}/issues/comments 200",
		"GET /repos/{owner}/{repo}/issues/{issue_number} 200",
		"GET /repos/{owner}/{repo}/issues/{issue_number} 301",
		"GET /repos/{owner}/{repo}/issues/{issue_number} 404",
		"PATCH /repos/{owner}/{repo}/issues/{issue_number} 200",
		"POST /repos/{owner}/{repo}/check-runs 201",
		"POST /repos/{owner}/{repo}/issues 201",
		"POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions 200",
		"POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions 201",
		"POST /repos/{owner}/{repo}/statuses/{sha} 201",
	} {
		if checked[exchange] == 0 {
			t.Errorf("nothing had %s", exchange)
		}
	}
}
