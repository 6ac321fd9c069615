package dashboard_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/goingdark-social/bot/pkg/dashboard"
	"github.com/goingdark-social/bot/pkg/history"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/status"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// now is when the examples are looked at: some days after v4.5.10 came out.
var now = time.Date(2026, 5, 25, 8, 40, 0, 0, time.UTC)

// moves is when an example was moved: the version, how long after its release,
// and how long streaming stayed behind.
var moves = []struct {
	to           string
	after, apart time.Duration
}{
	{"v4.4.4", 26 * time.Hour, 40 * time.Minute},
	{"v4.4.5", 31 * time.Hour, 3 * 24 * time.Hour},
	{"v4.4.7", 9 * time.Hour, 0},
	{"v4.4.8", 4 * 24 * time.Hour, 0},
	{"v4.5.1", 7 * 24 * time.Hour, 2 * 24 * time.Hour},
	{"v4.5.2", 2 * 24 * time.Hour, 0},
	{"v4.5.3", 5 * 24 * time.Hour, 0},
	{"v4.5.4", 12 * time.Hour, 0},
	{"v4.5.5", 3 * time.Hour, 0},
	{"v4.5.6", 30 * time.Hour, 20 * time.Hour},
	{"v4.5.7", 2 * 24 * time.Hour, 0},
	{"v4.5.8", 15 * 24 * time.Hour, 4 * 24 * time.Hour},
	{"v4.5.9", 45 * time.Minute, 0},
}

// ran is what the branch of an example ran.
func ran(t *testing.T, name string) *history.Branch {
	t.Helper()

	released := map[string]time.Time{}
	for _, s := range facts.All() {
		released[s.Version.String()] = s.Date
	}

	was := version.Parse("v4.4.3")
	points := []history.Point{point(released["v4.4.3"].Add(50*time.Hour), was, was)}

	for _, m := range moves {
		to, at := version.Parse(m.to), released[m.to].Add(m.after)

		if m.apart > 0 {
			points = append(points, point(at, to, was))
		}

		points = append(points, point(at.Add(m.apart), to, to))
		was = to
	}

	return &history.Branch{Points: map[string][]history.Point{name: points}, Since: points[0].At}
}

func point(at time.Time, rest, streaming version.Version) history.Point {
	return history.Point{
		Commit: "4f0c9a51d2" + at.Format("20060102150405"), At: at,
		Runs: []patch.Run{
			{Component: patch.Web, Version: rest},
			{Component: patch.Sidekiq, Version: rest},
			{Component: patch.Streaming, Version: streaming},
			{Component: patch.Migrate, Version: rest},
		},
	}
}

// example is a state with an application in each situation.
func example(t *testing.T) dashboard.State {
	t.Helper()

	changelog, err := facts.Changelog()
	if err != nil {
		t.Fatal(err)
	}

	notes, err := os.ReadFile("testdata/notes.md")
	if err != nil {
		t.Fatal(err)
	}

	return dashboard.State{
		Repositories: []status.Repository{social(string(notes)), staging(), {Name: "example/new", Applications: []status.Application{}}},
		Branches:     map[string]*history.Branch{"example/gitops": ran(t, "mastodon")},
		Releases:     history.Releases(facts.All(), changelog),
	}
}

// social is a repository whose instance waits for a security release.
func social(notes string) status.Repository {
	return status.Repository{
		Name: "example/gitops", URL: "https://github.com/example/gitops", Branch: "main", At: now.Add(-2 * time.Minute),
		Commit:       "9a1c7f0e5b3d2468ace013579bdf02468ace1357",
		Applications: []status.Application{mastodon(notes)},
		Problems:     []status.Problem{{File: "apps/old/values.yaml", Line: 12, Message: "names an image with a tag that nothing defines"}},
	}
}

func mastodon(notes string) status.Application {
	rows := func(component string, running ...string) status.Row {
		image := "ghcr.io/glitch-soc/mastodon"
		if component == "streaming" {
			image += "-streaming"
		}

		return status.Row{
			Component: component, Image: image, Repository: []string{"v4.5.9"}, Registry: "v4.5.10", Cluster: running, Live: len(running) > 0,
		}
	}

	return status.Application{
		Name: "mastodon", Roots: []string{"apps/mastodon/overlays/production"}, On: []string{"v4.5.9"}, Newest: "v4.5.10",
		Rows: []status.Row{
			rows("web", "v4.5.9"), rows("sidekiq", "v4.5.8", "v4.5.9"), rows("streaming", "v4.5.9"), rows("migrate"),
		},
		Proposals: []status.Proposal{{Track: "patch", To: "v4.5.10", Security: true, Why: "the newest release of line 4.5; it mends a vulnerability", Notes: notes}},
		Pulls: []status.Pull{{
			Number: 128, URL: "https://github.com/example/gitops/pull/128", Title: "mastodon: v4.5.9 → v4.5.10 (security)", Track: "patch",
			From: "v4.5.9", To: "v4.5.10", Security: true, Opened: now.Add(-94 * time.Hour), Waits: "the check deploy-preview has not ended",
		}},
		Held: []status.Held{
			{Version: "v4.6.0-beta.2", Rule: "channel", Reason: "the channel is stable, and this is a pre-release"},
			{Version: "v4.4.17", Rule: "older", Reason: "its line is older than the one in use", Security: true},
		},
		Findings: []status.Finding{
			{Check: "version-skew", Severity: severity.Error, File: "apps/mastodon/base/sidekiq.yaml", Line: 31, Message: "2 of 3 pods of sidekiq run v4.5.8 while the branch says v4.5.9", Fix: "Look at the roll-out of deployment/mastodon-sidekiq: its new pod is not ready."},
			{Check: "docs-drift", Severity: severity.Warning, File: "docs/runbook.md", Line: 12, Message: "the runbook says v4.5.7, the branch runs v4.5.9", Fix: "Let the bot keep the page: bot drift --fix."},
			{Check: "env-unread", Severity: severity.Info, File: "apps/mastodon/base/env.yaml", Line: 44, Message: "GITHUB_REPOSITORY is set and nothing reads it since v4.5.0"},
		},
		Judged:  now.Add(-2 * time.Minute),
		Waiting: []status.Waiting{{Version: "v4.5.10", Since: time.Date(2026, 5, 20, 14, 56, 0, 0, time.UTC), Pull: 128}},
	}
}

// staging is a repository with several applications, in other situations.
func staging() status.Repository {
	plain := func(name string, change func(*status.Application)) status.Application {
		a := status.Application{Name: name, On: []string{"v4.5.10"}, Newest: "v4.5.10", Judged: now, Held: nil}
		change(&a)

		return a
	}

	return status.Repository{
		Name: "example/platform", URL: "https://github.com/example/platform", Branch: "main", Commit: strings.Repeat("b", 40), At: now,
		Applications: []status.Application{
			plain("community", func(*status.Application) {}),
			plain("events", func(a *status.Application) {
				a.On, a.Mixed = []string{"v4.5.8", "v4.5.10"}, true
				a.Findings = []status.Finding{{Check: "version-skew", Severity: severity.Error, Message: "streaming is on v4.5.8 while web is on v4.5.10"}}
			}),
			plain("press", func(a *status.Application) {
				a.On, a.Judged = []string{"v4.4.17"}, time.Time{}
				a.Held = []status.Held{{Version: "v4.5.10", Rule: "minimum-age", Reason: "it came out 5 days ago, and releases of the next line wait for 7"}}
			}),
			plain("sandbox", func(a *status.Application) {
				a.Err = "reading apps/sandbox/values.yaml: line 4: mapping values are not allowed here"
			}),
		},
	}
}
