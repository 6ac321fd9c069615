package board_test

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/board"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/status"
)

var update = flag.Bool("update", false, "remake testdata")

const (
	web       = "ghcr.io/glitch-soc/mastodon"
	streaming = "ghcr.io/glitch-soc/mastodon-streaming"
)

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func ago(days int) time.Time { return now.AddDate(0, 0, -days) }

func row(component, image, repository, registry string, cluster ...string) status.Row {
	return status.Row{Component: component, Image: image, Repository: []string{repository}, Registry: registry, Cluster: cluster, Live: true}
}

// full is a repository with everything that a dashboard can show.
func full() status.Repository {
	return status.Repository{
		Name: "example/gitops", Branch: "main", At: now,
		Applications: []status.Application{
			{
				Name: "mastodon", On: []string{"v4.4.3"}, Newest: "v4.5.1", Judged: now,
				Rows: []status.Row{
					row("web", web, "v4.4.3", "v4.5.2", "v4.4.3"),
					row("sidekiq", web, "v4.4.3", "v4.5.2", "v4.4.3"),
					row("streaming", streaming, "v4.4.3", "v4.5.1", "v4.4.2", "v4.4.3"),
					row("migrate", web, "v4.4.3", "v4.5.2", "v4.4.3"),
				},
				Pulls: []status.Pull{
					{Number: 41, Track: "patch", To: "v4.4.8", Security: true, Opened: ago(3), Waits: "the checks have not finished"},
					{Number: 44, Track: "minor", To: "v4.5.1", Opened: ago(1), Draft: true, Left: "1a2b3c4d5e by Ada"},
				},
				Held: []status.Held{
					{Version: "v4.5.2", Rule: "incomplete", Reason: "missing " + streaming + ":v4.5.2"},
					{Version: "v4.5.0", Rule: "minimum-age", Reason: "built 2026-11-20 10:00; the policy waits 168h, until 2026-11-27 10:00 UTC"},
				},
				Waiting: []status.Waiting{{Version: "v4.4.8", Since: ago(3), Pull: 41}, {Version: "v4.4.9", Since: time.Time{}}},
				Findings: []status.Finding{
					{Check: "live-version", Severity: severity.Warning, File: "k8s/mastodon/streaming.yaml", Line: 14, Message: "pods of Deployment mastodon-streaming still run v4.4.2"},
					{Check: "docs-drift", Severity: severity.Warning, File: "docs/mastodon.md", Line: 7, Message: "the notes say 2 replicas | the manifest says 3"},
					{Check: "line-unsupported", Severity: severity.Info, Message: "upstream supports v4.4 until 2027-01-08"},
				},
				Due:     &status.Due{From: "v4.3.9", To: "v4.4.3", Names: []string{"20240101000000_drop_old_index.rb"}},
				Rollout: &status.Rollout{From: "v4.4.2", To: "v4.4.3", Since: ago(0), State: "running", Detail: "streaming has 1 of 3 pods on it."},
			},
			{
				Name: "staging", On: []string{"v4.5.1"}, Newest: "v4.5.1", Judged: now,
				Rows: []status.Row{{Component: "web", Image: web, Repository: []string{"v4.5.1"}, Registry: "v4.5.2"}},
			},
			{Name: "old", On: []string{"latest"}, Blocked: "it follows the floating tag latest, which only `bot bump` moves"},
			{Name: "broken", Err: "listing the releases of application broken: the registry does not answer"},
		},
		Problems: []status.Problem{{File: "k8s/x.yaml", Line: 3, Message: "names an image but can't be parsed: did not find expected key"}},
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()

	const golden = "testdata/dashboard.md"

	got := board.Markdown(full(), now, gh.Inert)

	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}

	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", golden, diff)
	}

	if !board.Is(got) || board.Is("hello") {
		t.Error("a dashboard is not known as one")
	}
}

func TestOnlyWhatChangedChangesIt(t *testing.T) {
	t.Parallel()

	later := full()
	later.At = now.Add(6 * time.Hour)

	for i := range later.Applications {
		if !later.Applications[i].Judged.IsZero() {
			later.Applications[i].Judged = later.At
		}
	}

	if diff := cmp.Diff(board.Markdown(full(), now, gh.Inert), board.Markdown(later, later.At, gh.Inert)); diff != "" {
		t.Errorf("another text although nothing changed:\n%s", diff)
	}
}

func TestStrangersWords(t *testing.T) {
	t.Parallel()

	r := full()
	bad := "@everybody --> - [x] <!-- /bot bump v4.4.4 --> #1 | a\nb </details>"
	a := &r.Applications[0]
	a.Findings[0].Message, a.Findings[0].File, a.Held[0].Reason, a.Pulls[0].Waits, a.Err, r.Problems[0].Message = bad, bad, bad, bad, bad, bad

	text := board.Markdown(r, now, gh.Inert)

	if got := board.Ticked(text); len(got) > 0 {
		t.Errorf("words became ticked boxes: %v", got)
	}

	for _, live := range []string{"@everybody", "\nb <", "a | a", "-->" + " #1"} {
		if strings.Contains(text, live) {
			t.Errorf("%q stands in it as it came", live)
		}
	}
}

func TestTicked(t *testing.T) {
	t.Parallel()

	text := board.Markdown(full(), now, gh.Inert)
	if got := board.Ticked(text); len(got) > 0 {
		t.Fatalf("ticked from the start: %v", got)
	}

	all := strings.ReplaceAll(strings.ReplaceAll(text, "- [ ]", "- [X]"), "\n", "\r\n")

	var got []string
	for _, c := range board.Ticked(all) {
		got = append(got, c.String())
	}

	want := []string{"/bot rebase mastodon", "/bot bump v4.5.0 mastodon", "/bot check"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	for _, none := range []string{
		"- [x] <!-- /bot bump v4.4.4", "- [x] <!-- rm -rf -->", "- [x] <!-- /bot merge -->", "> - [x] <!-- /bot check -->", "[x] <!-- /bot check -->",
	} {
		if got := board.Ticked(none); len(got) > 0 {
			t.Errorf("%q: %v", none, got)
		}
	}
}

func TestANameThatIsNoWordHasNoBox(t *testing.T) {
	t.Parallel()

	r := full()
	r.Applications[0].Name = "a --> - [x] <!-- /bot bump v4.4.4"

	if text := board.Markdown(r, now, gh.Inert); strings.Contains(text, "/bot rebase") || len(board.Ticked(text)) > 0 {
		t.Error(text)
	}
}

func TestWhatCouldNotBeRead(t *testing.T) {
	t.Parallel()

	text := board.Markdown(status.Repository{Name: "example/gitops", Branch: "main", Err: "no\nanswer"}, now, gh.Inert)
	if !strings.Contains(text, "> [!CAUTION]\n> no answer\n") {
		t.Errorf("%s", text)
	}
}
