//go:build real

package upstream_test

import (
	"fmt"
	"net/http"
	"os"
	"testing"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/internal/githubtest/openapi"
	"github.com/goingdark-social/bot/pkg/upstream"
	"github.com/goingdark-social/bot/pkg/version"
)

// published is an advisory with all that GitHub's description requires.
func published(id, ranges, patched string) string {
	return fmt.Sprintf(`{
		"ghsa_id": %q, "cve_id": null, "url": "https://api.github.com/repos/mastodon/mastodon/security-advisories/%s",
		"html_url": "https://github.com/mastodon/mastodon/security/advisories/%s", "summary": "s", "description": "d", "severity": "high",
		"author": null, "publisher": null, "identifiers": [{"value": %q, "type": "GHSA"}], "state": "published",
		"created_at": "2025-09-01T10:00:00Z", "updated_at": "2025-09-02T10:00:00Z", "published_at": "2025-09-02T10:00:00Z",
		"closed_at": null, "withdrawn_at": null, "submission": null,
		"vulnerabilities": [{"package": {"ecosystem": "other", "name": ""}, "vulnerable_version_range": %q, "patched_versions": %q, "vulnerable_functions": []}],
		"cvss": null, "cvss_severities": null, "cwes": null, "cwe_ids": [], "credits": [], "credits_detailed": null,
		"collaborating_users": null, "collaborating_teams": null, "private_fork": null
	}`, id, id, id, id, ranges, patched)
}

// TestAdvisoriesAsDescribed holds what is asked for and what is read of the
// answer, page after page, against GitHub's description.
func TestAdvisoriesAsDescribed(t *testing.T) {
	t.Parallel()

	spec := os.Getenv("BOT_TEST_GITHUB_OPENAPI")
	if spec == "" {
		t.Fatal("BOT_TEST_GITHUB_OPENAPI does not say where GitHub's description is; `make test-real` does")
	}

	const list = "https://api.github.com/repos/mastodon/mastodon/security-advisories?state=published&per_page=100"

	handler, violations, err := openapi.Validate(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")

		if r.URL.Query().Get("after") == "" {
			w.Header().Set("Link", `<`+list+`&after=Y3Vyc29y>; rel="next"`)
			fmt.Fprint(w, "["+published("GHSA-2222-2222-2222", ">= 4.4.0, < 4.4.4", "4.4.4")+"]")
		} else {
			fmt.Fprint(w, "["+published("GHSA-3333-3333-3333", "< 4.3.12", "4.3.12")+"]")
		}
	}), spec)
	if err != nil {
		t.Fatal(err)
	}

	advisories := upstream.NewAdvisories(upstream.AdvisoryOptions{Client: &http.Client{Transport: githubtest.Transport(handler)}})

	got, err := advisories.Published(t.Context())
	if err != nil || len(got) != 2 || !got[0].PatchedIn(version.Parse("v4.4.4")) || !got[0].Affects(version.Parse("v4.4.3")) ||
		!got[1].PatchedIn(version.Parse("v4.3.12")) || got[0].Severity != "high" || got[0].Published.IsZero() {
		t.Errorf("%+v, %v", got, err)
	}

	for _, violation := range violations.All() {
		t.Error(violation)
	}

	if n := violations.Checked()["GET /repos/{owner}/{repo}/security-advisories 200"]; n != 2 {
		t.Errorf("%v was checked", violations.Checked())
	}
}
