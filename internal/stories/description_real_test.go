//go:build real

package stories_test

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/goingdark-social/bot/internal/githubtest/openapi"
)

// TestStoriesByGitHubsDescription tells every story once more, with git's own
// server, and holds each exchange with GitHub against its own OpenAPI
// description.
func TestStoriesByGitHubsDescription(t *testing.T) {
	t.Parallel()

	spec := os.Getenv("BOT_TEST_GITHUB_OPENAPI")
	if spec == "" {
		t.Fatal("BOT_TEST_GITHUB_OPENAPI names no api.github.com.json of @octokit/openapi: run make test-real")
	}

	description, err := openapi.Load(spec)
	if err != nil {
		t.Fatal(err)
	}

	schema := os.Getenv("BOT_TEST_GITHUB_GRAPHQL")
	if schema == "" {
		t.Fatal("BOT_TEST_GITHUB_GRAPHQL names no schema.graphql of @octokit/graphql-schema: run make test-real")
	}

	if err := description.GraphQL(schema); err != nil {
		t.Fatal(err)
	}

	validated := func(env *testscript.Env) error { return setup(env, description.Validate) }

	t.Run("stories", func(t *testing.T) { tell(t, validated) })
	t.Run("talk", func(t *testing.T) { talkAll(t, validated, "polling") })

	for _, violation := range description.Violations().All() {
		t.Error(violation)
	}

	for _, exchange := range []string{
		"GET /repos/{owner}/{repo}/commits/{ref}/check-runs 200",
		"GET /repos/{owner}/{repo}/commits/{ref}/status 200",
		"GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews 200",
		"GET /repos/{owner}/{repo}/pulls/{pull_number}/files 200",
		"POST /repos/{owner}/{repo}/check-runs 201",
		"POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions 201",
		"POST /repos/{owner}/{repo}/statuses/{sha} 201",
		"PATCH /repos/{owner}/{repo}/pulls/{pull_number} 200",
		"POST /repos/{owner}/{repo}/git/blobs 201",
		"POST /repos/{owner}/{repo}/git/commits 201",
		"POST /repos/{owner}/{repo}/git/trees 201",
		"POST /repos/{owner}/{repo}/pulls 201",
		"PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge 200",
		"PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge 405",
		"mutation disablePullRequestAutoMerge",
		"mutation enablePullRequestAutoMerge",
		"mutation markPullRequestReadyForReview",
		"mutation updateRefs",
	} {
		if description.Violations().Checked()[exchange] == 0 {
			t.Errorf("no story has %s; there were %v", exchange, slices.Sorted(maps.Keys(description.Violations().Checked())))
		}
	}
}
