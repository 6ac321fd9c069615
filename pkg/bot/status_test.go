package bot_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/plan"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/status"
	"github.com/goingdark-social/bot/pkg/version"
)

const (
	webImage       = "ghcr.io/glitch-soc/mastodon"
	streamingImage = "ghcr.io/glitch-soc/mastodon-streaming"
)

func parsed(tags ...string) []version.Version {
	var out []version.Version
	for _, tag := range tags {
		out = append(out, version.Parse(tag))
	}

	return out
}

func TestStatusOfAPass(t *testing.T) {
	t.Parallel()

	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	ref := func(c patch.Component, image, tag string) patch.Reference {
		return patch.Reference{Application: "mastodon", Components: []patch.Component{c}, Image: image, Tag: tag}
	}

	outlook := &bot.Outlook{
		Application: patch.Application{Name: "mastodon", Roots: []string{"k8s"}, On: parsed("v4.4.2")},
		Policy:      config.DefaultApplication(),
		Listed:      parsed("v4.4.2", "v4.4.3", "v4.4.4", "v4.5.0-rc.1", "nightly.2026-01-01"),
		Missing:     map[string][]registry.Missing{"v4.4.4": {{Image: streamingImage}}},
		Security:    []bot.Published{{version.Parse("v4.4.3"), at.Add(-time.Hour)}},
		Decision: plan.Decision{
			Proposals: []plan.Proposal{{Track: plan.Patch, To: version.Parse("v4.4.3"), Security: true, Why: "newest"}},
			Held:      []plan.Held{{Version: version.Parse("v4.4.4"), Rule: plan.Incomplete, Reason: "missing streaming"}},
		},
	}
	result := &bot.Result{
		Repository: "example/gitops", URL: "https://github.com/example/gitops", Branch: "main", Commit: "abc",
		References: []patch.Reference{
			ref(patch.Streaming, streamingImage, "v4.4.2"), ref(patch.Web, webImage, "v4.4.2"), ref(patch.Web, webImage, "v4.4.1"),
			{Application: "other", Components: []patch.Component{patch.Web}, Image: webImage, Tag: "v4.3.0"},
		},
		Applications: []bot.ApplicationResult{{
			Name: "mastodon", Outlook: outlook,
			Open: []gh.PullRequest{{Number: 7, Labels: []string{"security"}, Marker: gh.Marker{Track: "patch", From: "v4.4.2", To: "v4.4.3"}}},
		}},
	}

	want := status.Repository{
		Name: "example/gitops", URL: "https://github.com/example/gitops", Branch: "main", Commit: "abc", At: at,
		Applications: []status.Application{{
			Name: "mastodon", Roots: []string{"k8s"}, On: []string{"v4.4.2"}, Newest: "v4.4.3",
			Rows: []status.Row{
				{Component: "web", Image: webImage, Repository: []string{"v4.4.1", "v4.4.2"}, Registry: "v4.4.4"},
				{Component: "streaming", Image: streamingImage, Repository: []string{"v4.4.2"}, Registry: "v4.4.3"},
			},
			Proposals: []status.Proposal{{Track: "patch", To: "v4.4.3", Security: true, Why: "newest"}},
			Pulls:     []status.Pull{{Number: 7, Track: "patch", From: "v4.4.2", To: "v4.4.3", Security: true}},
			Held:      []status.Held{{Version: "v4.4.4", Rule: "incomplete", Reason: "missing streaming"}},
			Waiting:   []status.Waiting{{Version: "v4.4.3", Since: at.Add(-time.Hour), Pull: 7}},
		}},
	}

	if diff := cmp.Diff(want, bot.Status(config.Repository{Name: "example/gitops"}, result, nil, at)); diff != "" {
		t.Errorf("status (-want +got):\n%s", diff)
	}
}

func TestStatusOfWhatCouldNotBeRead(t *testing.T) {
	t.Parallel()

	got := bot.Status(config.Repository{Name: "example/gitops", Branch: "main"}, nil, errors.New("no"), time.Time{})
	if got.Err != "no" || got.Name != "example/gitops" || !got.Failed() {
		t.Errorf("%+v", got)
	}
}
