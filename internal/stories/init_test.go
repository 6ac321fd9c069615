package stories_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/cli"
	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/internal/world"
	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/contract"
)

// TestInitOnBothExamples: init finds what is there, knows whether Renovate is
// in the way, and opens one pull request whose policy means the defaults.
func TestInitOnBothExamples(t *testing.T) {
	t.Parallel()

	for name, want := range map[string]struct {
		objects []string // purposes
		verdict string
		advice  string
	}{
		"as-noted":  {[]string{"migrate", "backup", "database", "pooler"}, "moves", `"enabled": false`},
		"goingdark": {[]string{"migrate", "migrate", "backup", "backup", "database", "pooler"}, "excluded", "Nothing has to be done"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			w := example(t, name)

			var got contract.Init
			if err := json.Unmarshal([]byte(in(t, w, "init", "--repo", world.Repository, "-o", "json")), &got); err != nil {
				t.Fatal(err)
			}

			if got.Action != "opened" || got.PullRequest == nil || len(got.References) < 10 || got.Unanswered != "" {
				t.Errorf("%+v", got)
			}

			if a := got.Applications; len(a) != 1 || a[0].Name != "mastodon" || a[0].Engine != "argocd" || a[0].Mixed ||
				len(a[0].Notes) != 1 || len(a[0].Proposals) != 1 || a[0].Proposals[0].To != "v4.4.4" {
				t.Errorf("applications %+v", a)
			}

			var purposes []string
			for _, o := range got.Objects {
				purposes = append(purposes, o.Purpose)
			}

			if !reflect.DeepEqual(purposes, want.objects) {
				t.Errorf("objects %v, want %v", purposes, want.objects)
			}

			if len(got.Rivals) != 1 || got.Rivals[0].Updater != "renovate" || got.Rivals[0].Verdict != want.verdict {
				t.Errorf("rivals %+v", got.Rivals)
			}

			policy := starterOf(t, w)
			if policy.Root != "k8s/applications/web/mastodon" {
				t.Errorf("root %q", policy.Root)
			}

			pulls := w.GitHub.In(world.Repository).Pulls()
			if len(pulls) != 1 || !strings.Contains(pulls[0].Body, want.advice) {
				t.Errorf("%+v", pulls)
			}

			before := in(t, w, "check", "--repo", world.Repository)
			if err := w.GitHub.In(world.Repository).Merge(1, "merge", world.Maintainer); err != nil {
				t.Fatal(err)
			}

			if after := in(t, w, "check", "--repo", world.Repository); after != before {
				t.Errorf("with the file\n%s\nwithout\n%s", after, before)
			}
		})
	}
}

// example is a world whose repository is an example tree on v4.4.3, with
// v4.4.4 published.
func example(t *testing.T, name string) *world.World {
	t.Helper()

	w, err := world.Start(t.Context(), world.Options{
		RegistrySecrets: []string{canaryRegistry},
		Dir:             t.TempDir(), Files: os.DirFS(filepath.Join("..", "..", "examples", name)), Now: func() time.Time { return midday },
	})
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		if unexpected := w.GitHub.Unexpected(); len(unexpected) > 0 {
			t.Errorf("GitHub was asked for what the stand-in does not know: %v", unexpected)
		}

		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})

	for _, tag := range []string{"v4.4.3", "v4.4.4"} {
		w.Release(registrytest.GlitchSoc(), tag, midday.Add(-1000*time.Hour))
	}

	return w
}

// in runs the program in a world and returns what it prints.
func in(t *testing.T, w *world.World, args ...string) string {
	t.Helper()

	operator := filepath.Join(t.TempDir(), "operator.yaml")
	if err := os.WriteFile(operator, []byte(w.Operator()), 0o600); err != nil {
		t.Fatal(err)
	}

	var stdout, stderr bytes.Buffer

	env := w.Env()
	if status := cli.Run(context.Background(), cli.Program{
		Args: append(args, "--config", operator), Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
		Getenv: func(name string) string { return env[name] }, ReadFile: os.ReadFile,
		Now: func() time.Time { return midday }, Transport: w.Transport(),
	}); status != 0 {
		t.Fatalf("bot %s: exit status %d: %s", strings.Join(args, " "), status, stderr.String())
	}

	return stdout.String()
}

// starterOf is the only application of the policy on the onboarding branch; all
// but its name and root are the defaults.
func starterOf(t *testing.T, w *world.World) config.Application {
	t.Helper()

	data, err := w.Repo.Show(t.Context(), "bot/init/onboarding", "bot.yaml")
	if err != nil {
		t.Fatal(err)
	}

	policy, err := config.ParsePolicy("bot.yaml", []byte(data))
	if err != nil || len(policy.Applications) != 1 {
		t.Fatalf("%v, %v", policy, err)
	}

	want := config.DefaultApplication()
	want.Name, want.Root = policy.Applications[0].Name, policy.Applications[0].Root

	if !reflect.DeepEqual(policy.Applications[0], want) {
		t.Errorf("%+v", policy.Applications[0])
	}

	return policy.Applications[0]
}
