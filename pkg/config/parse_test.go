package config_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/version"
)

var update = flag.Bool("update", false, "write what is found into testdata")

// parseAny reads either file; which one its name says.
func parseAny(name string, data []byte) error {
	if strings.HasPrefix(name, "operator") {
		_, err := config.ParseOperator(name, data)
		return err
	}
	_, err := config.ParsePolicy(name, data)
	return err
}

// TestInvalid reads each archive's first file and expects the mistakes that its last one lists.
func TestInvalid(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/invalid/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			input := archive.Files[0]
			err = parseAny(input.Name, input.Data)
			if err == nil {
				t.Fatal("no error")
			}
			if _, ok := errors.AsType[config.Errors](err); !ok {
				t.Fatalf("%T is not Errors", err)
			}
			got := err.Error() + "\n"
			if *update {
				archive.Files = append(archive.Files[:1], txtar.File{Name: "mistakes", Data: []byte(got)})
				if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want := string(archive.Files[len(archive.Files)-1].Data); got != want {
				t.Errorf("mistakes:\n%s\nwant:\n%s", got, want)
			}
			if strings.Contains(got, "canary") {
				t.Error("a secret is shown")
			}
		})
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "valid", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestPolicyOfTheDesign(t *testing.T) {
	t.Parallel()
	p, err := config.ParsePolicy("bot.yaml", read(t, "policy-design.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	allow, err := version.ParseRange("<4.7.0")
	if err != nil {
		t.Fatal(err)
	}
	want := config.Application{
		Name:       "mastodon",
		Root:       "k8s/applications/web/mastodon",
		Images:     config.Images{Web: "ghcr.io/glitch-soc/mastodon", Streaming: "ghcr.io/glitch-soc/mastodon-streaming"},
		Source:     "https://github.com/glitch-soc/mastodon",
		Notes:      []string{"website/docs/k8s/applications/mastodon-implementation.md"},
		Exclude:    []string{"**/archive/**"},
		Channel:    version.Stable,
		Tracks:     []string{"patch", "minor"},
		MinimumAge: map[string]time.Duration{"patch": 24 * time.Hour, "minor": 168 * time.Hour},
		Platforms:  []string{"linux/amd64"},
		Pin:        "tag",
		Allow:      allow,
		Ignore:     []version.Version{version.Parse("v4.5.3")},
		Freeze:     &config.Freeze{Until: time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC), Reason: "moving house"},
		After:      &config.After{Application: "staging", For: 24 * time.Hour},
		Windows: config.Windows{
			Open:  "0 6-20 * * 1-5",
			Merge: &config.MergeWindow{Cron: "0 4 * * 2", Duration: 2 * time.Hour, TimeZone: stockholm},
		},
		PullRequest: config.PullRequest{
			Labels: []string{"mastodon"}, Reviewers: []string{}, Assignees: []string{}, Rebase: config.RebaseNeeded,
			Merge: &config.Merge{Tracks: []string{"patch"}, When: config.MergeNoMigrations, By: config.MergeByBot},
		},
		Rollout: config.DefaultRollout(),
		Drift: config.Drift{Accept: []config.Accept{{
			Check: "env-unread", Name: "DATABASE_TIMEOUT", Reason: "read by a sidecar", Until: time.Date(2027, 1, 31, 23, 59, 59, 0, time.UTC),
		}}},
	}
	if len(p.Applications) != 1 || !reflect.DeepEqual(p.Applications[0], want) {
		t.Errorf("got  %+v\nwant %+v", p.Applications, want)
	}
	if err := p.CheckFound([]string{"mastodon", "staging"}); err != nil {
		t.Errorf("staging is found, yet: %v", err)
	}
	err = p.CheckFound([]string{"mastodon", "stagin"})
	e, ok := errors.AsType[*config.Error](err)
	if !ok || e.Line != 17 || e.Hint != "did you mean stagin?" {
		t.Errorf("nothing is called staging, yet: %v", err)
	}
}

func TestOperatorOfTheDesign(t *testing.T) {
	t.Parallel()
	o, err := config.ParseOperator("operator.yaml", read(t, "operator-design.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	want := &config.Operator{
		Version:      1,
		Repositories: []config.Repository{{Name: "example/gitops", Branch: "main"}},
		Schedule:     "*/30 * * * *",
		TimeZone:     stockholm,
		GitHub:       config.GitHub{TokenFrom: &config.Source{Env: "GITHUB_TOKEN"}},
		Commits:      config.DefaultCommitter(),
		Notify:       config.Notify{Slack: &config.Slack{Channel: "#ops", TokenFrom: &config.Source{Env: "SLACK_TOKEN"}, SecurityGroup: "S012345"}},
		Database:     &config.Database{DSNFrom: &config.Source{Env: "MASTODON_RO_DSN"}},
		Server:       config.Server{Listen: "127.0.0.1:8080", Dashboard: config.Pages{Enabled: true}},
		Talk:         config.Talk{Comments: true, Dashboard: true, Review: true},
		Fleet:        config.DefaultFleet(),
	}
	if !reflect.DeepEqual(o, want) {
		t.Errorf("got  %+v\nwant %+v", o, want)
	}
}

// TestNearlyNothing: the shortest files mean the defaults.
func TestNearlyNothing(t *testing.T) {
	t.Parallel()
	p, err := config.ParsePolicy("bot.yaml", []byte("version: 1\r\n"))
	if err != nil || !reflect.DeepEqual(p, config.DefaultPolicy()) {
		t.Errorf("%+v, %v", p, err)
	}
	o, err := config.ParseOperator("operator.yaml", []byte("\ufeffversion: 1"))
	if err != nil || !reflect.DeepEqual(o, config.DefaultOperator()) {
		t.Errorf("%+v, %v", o, err)
	}
	p, err = config.ParsePolicy("bot.yaml", []byte("version: 1\napplications: [{}]\n"))
	if err != nil || !reflect.DeepEqual(p.Applications, []config.Application{config.DefaultApplication()}) {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for root, want := range map[string]string{
		"k8s/applications/web/mastodon":  "mastodon",
		"k8s/staging/base":               "staging",
		"./k8s/staging/":                 "staging",
		"base":                           "base",
		".":                              "",
		"apps/mastodon/overlays/goblins": "goblins",
	} {
		p, err := config.ParsePolicy("bot.yaml", []byte("version: 1\napplications: [{root: '"+root+"'}]"))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Applications[0].Name; got != want {
			t.Errorf("root %s: name %q, want %q", root, got, want)
		}
	}
}

func TestAliasesAndMerges(t *testing.T) {
	t.Parallel()
	p, err := config.ParsePolicy("bot.yaml", read(t, "policy-aliases.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	a, b := p.Applications[0], p.Applications[1]
	if b.Name != "production" || b.Root != "apps/production" {
		t.Errorf("an own key gives way to a merged one: %+v", b)
	}
	if !reflect.DeepEqual(a.MinimumAge, b.MinimumAge) || b.Channel != version.Prereleases {
		t.Errorf("merged keys are missing: %+v", b)
	}
}

func TestDurations(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"24h": 24 * time.Hour, "7d": 168 * time.Hour, "1d12h": 36 * time.Hour, "90m": 90 * time.Minute, "1h30m15s": 5415 * time.Second, "0s": 0,
	} {
		p, err := config.ParsePolicy("bot.yaml", []byte("version: 1\napplications: [{minimumAge: {minor: "+text+"}}]"))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Applications[0].MinimumAge["minor"]; got != want {
			t.Errorf("%s = %s, want %s", text, got, want)
		}
	}
	for _, text := range []string{"24", "1.5h", "-1h", "1h1d", "h", "''", "1w", "10000d", "1ms", "١h"} {
		if _, err := config.ParsePolicy("bot.yaml", []byte("version: 1\napplications: [{minimumAge: {minor: "+text+"}}]")); err == nil {
			t.Errorf("%s passes", text)
		}
	}
}
