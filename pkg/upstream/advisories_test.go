package upstream_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/upstream"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// services stands in for the update check and for GitHub; it refuses what it was not told to expect.
func services(t *testing.T, answers map[string]string) (*upstream.Advisories, *httptest.Server) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, ok := answers[r.URL.RequestURI()]
		if !ok {
			t.Errorf("nobody expected %s", r.URL.RequestURI())
			http.NotFound(w, r)
			return
		}
		if strings.HasPrefix(r.URL.Path, "/repos/") && r.Header.Get("Authorization") != "Bearer t0ken" {
			t.Errorf("without the token: %v", r.Header)
		}
		head, body, _ := strings.Cut(answer, "\n")
		if head != "" {
			w.Header().Set("Link", strings.ReplaceAll(head, "HOST", "http://"+r.Host))
		}
		fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	return upstream.NewAdvisories(upstream.AdvisoryOptions{
		UpdateURL: server.URL + "/update-check", APIURL: server.URL + "/",
		Token: func(context.Context) (string, error) { return "t0ken", nil },
	}), server
}

func TestUpdates(t *testing.T) {
	t.Parallel()
	a, _ := services(t, map[string]string{
		"/update-check?version=4.4.3": "\n" + `{"currentVersion":{"endOfSupport":"2026-12-17"},"updatesAvailable":[
			{"version":"4.4.4","urgent":true,"type":"patch","releaseNotes":"https://example.org/4.4.4"},
			{"version":"4.5.0","urgent":false,"type":"minor","releaseNotes":"","endOfSupport":"2027-05-06T00:00:00Z"}]}`,
		"/update-check?version=4.3.0-beta.1": "\n" + `{"updatesAvailable":[]}`,
	})
	got, err := a.Updates(t.Context(), version.Parse("v4.4.3"))
	if err != nil {
		t.Fatal(err)
	}
	if got.EndOfSupport != "2026-12-17" || len(got.Available) != 2 || !got.Available[0].Urgent || got.Available[1].EndOfSupport != "2027-05-06" ||
		!got.Available[0].Version.Equal(version.Parse("v4.4.4")) {
		t.Errorf("%+v", got)
	}
	// An older service says nothing of support.
	got, err = a.Updates(t.Context(), version.Parse("v4.3.0-beta.1"))
	if err != nil || got.EndOfSupport != "" || got.Available == nil {
		t.Errorf("%+v, %v", got, err)
	}
}

const advisoriesPath = "/repos/mastodon/mastodon/security-advisories?state=published&per_page=100"

func TestAdvisoriesFollowPagesOnTheirHostOnly(t *testing.T) {
	t.Parallel()
	a, _ := services(t, map[string]string{
		advisoriesPath: `<HOST/repos/page2>; rel="next", <HOST/repos/page9>; rel="last"` + "\n" + `[
			{"ghsa_id":"GHSA-aaaa","cve_id":null,"severity":"high","html_url":"u","published_at":"2025-01-01T00:00:00Z",
			 "vulnerabilities":[{"package":{"ecosystem":"","name":"mastodon"},"vulnerable_version_range":"< 4.4.8","patched_versions":"4.4.8, 4.3.14, v4.2.27"}]},
			{"ghsa_id":"GHSA-with","withdrawn_at":"2025-01-01T00:00:00Z"}]`,
		"/repos/page2": `<http://elsewhere.example/x>; rel="next"` + "\n" + `[
			{"ghsa_id":"GHSA-bbbb","cve_id":"CVE-2025-1","published_at":"2025-02-01T00:00:00Z",
			 "vulnerabilities":[{"vulnerable_version_range":">= 4.4.0, <= 4.4.3","patched_versions":null}]}]`,
	})
	got, err := a.Published(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].ID != "GHSA-bbbb" || got[1].ID != "GHSA-aaaa" || got[1].Severity != "high" {
		t.Fatalf("%+v", got)
	}
	for v, want := range map[string][2]bool{ // bbbb, aaaa
		"v4.4.3": {true, true}, "v4.4.8": {false, false}, "v4.3.14": {false, false}, "v4.3.13": {false, true}, "v4.4.0": {true, true},
		"v4.5.0": {false, false}, "v4.1.0": {false, true}, "v4.4.0-rc.1": {false, true}, "nightly": {false, false},
	} {
		for i, a := range got {
			if a.Affects(version.Parse(v)) != want[i] {
				t.Errorf("%s affects %s: %v", a.ID, v, !want[i])
			}
		}
	}
}

func TestFixesSayTheirSource(t *testing.T) {
	t.Parallel()
	changelog := []facts.Release{{Version: "v4.4.8", Advisories: []string{"CVE-2025-9", "GHSA-aaaa", "GHSA-cccc"}}, {Version: "v4.4.7", Advisories: []string{"GHSA-dddd"}}}
	v := version.Parse("v4.4.8")
	public := []upstream.Advisory{
		{ID: "GHSA-aaaa", CVE: "CVE-2025-9", Severity: "low", Ranges: []upstream.AffectedRange{{Patched: []version.Version{v}}}},
		{ID: "GHSA-eeee", Ranges: []upstream.AffectedRange{{Patched: []version.Version{version.Parse("v4.3.1")}}}},
	}
	want := []upstream.Fix{{ID: "GHSA-aaaa", Severity: "low", Source: upstream.FromAdvisories}, {ID: "GHSA-cccc", Source: upstream.FromChangelog}}
	if diff := cmp.Diff(want, upstream.Fixes(v, public, changelog)); diff != "" {
		t.Error(diff)
	}
	want = []upstream.Fix{
		{ID: "CVE-2025-9", Source: upstream.FromChangelog}, {ID: "GHSA-aaaa", Source: upstream.FromChangelog}, {ID: "GHSA-cccc", Source: upstream.FromChangelog},
	}
	if diff := cmp.Diff(want, upstream.Fixes(v, nil, changelog)); diff != "" {
		t.Errorf("offline: %s", diff)
	}
}

func TestServicesThatFail(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		status    int
		body      string
		temporary bool
	}{{500, "", true}, {429, "", true}, {404, "", false}, {200, "<html>", false}} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(tc.status)
			fmt.Fprint(w, tc.body)
		}))
		t.Cleanup(server.Close)
		address := strings.Replace(server.URL, "http://", "http://user:hunter2@", 1)
		a := upstream.NewAdvisories(upstream.AdvisoryOptions{UpdateURL: address, APIURL: address})
		_, errUpdates := a.Updates(t.Context(), version.Parse("v4.4.3"))
		_, errPublished := a.Published(t.Context())
		for _, err := range []error{errUpdates, errPublished} {
			e, ok := errors.AsType[*upstream.ServiceError](err)
			if !ok || e.Temporary != tc.temporary || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%d: %v", tc.status, err)
			}
		}
	}
	a := upstream.NewAdvisories(upstream.AdvisoryOptions{UpdateURL: "http://127.0.0.1:1", APIURL: "http://127.0.0.1:1"})
	if _, err := a.Updates(t.Context(), version.Parse("v4.4.3")); err == nil || !strings.Contains(err.Error(), "127.0.0.1:1") {
		t.Errorf("%v", err)
	}
}
