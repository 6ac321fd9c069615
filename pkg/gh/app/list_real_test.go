//go:build real

package app_test

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/internal/githubtest/openapi"
)

// TestGitHubsDescriptionAgrees holds what is asked of an App's installations,
// and what the stand-in answers, against GitHub's own OpenAPI description.
func TestGitHubsDescriptionAgrees(t *testing.T) {
	spec := os.Getenv("BOT_TEST_GITHUB_OPENAPI")
	if spec == "" {
		t.Fatal("BOT_TEST_GITHUB_OPENAPI names no api.github.com.json of @octokit/openapi: run make test-real")
	}

	key, pem := newKey(t)
	s := fleet(t, &key.PublicKey)

	handler, violations, err := openapi.Validate(s, spec)
	if err != nil {
		t.Fatal(err)
	}

	discover(t, s, handler, pem)

	for _, violation := range violations.All() {
		t.Error(violation)
	}

	want := []string{
		"GET /app/installations 200",
		"GET /installation/repositories 200",
		"GET /installation/repositories 401",
		"GET /repos/{owner}/{repo}/contents/{path} 200",
		"GET /repos/{owner}/{repo}/contents/{path} 304",
		"GET /repos/{owner}/{repo}/contents/{path} 404",
		"POST /app/installations/{installation_id}/access_tokens 201",
		"POST /app/installations/{installation_id}/access_tokens 403",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(violations.Checked()))); diff != "" {
		t.Errorf("the story does not pass every exchange it should: %s", diff)
	}
}
