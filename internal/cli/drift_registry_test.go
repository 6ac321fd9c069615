package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/pkg/contract"
)

// published is a registry that has the images of the tidy example.
func publishedExample(t *testing.T) *registrytest.Server {
	t.Helper()

	server, err := registrytest.New(registrytest.Options{Host: registrytest.GHCR})
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})

	for _, name := range []string{"glitch-soc/mastodon", "glitch-soc/mastodon-streaming"} {
		publish(t, server, registrytest.Image{Name: name, Tag: "v4.4.3"})
	}

	return server
}

func publish(t *testing.T, server *registrytest.Server, i registrytest.Image) string {
	t.Helper()

	digest, err := server.Publish(i)
	if err != nil {
		t.Fatal(err)
	}

	return digest
}

// outside runs the checks of the registry on a folder: a line a finding.
func outside(t *testing.T, server *registrytest.Server, args ...string) (found []string, stderr string) {
	t.Helper()

	var out, errs bytes.Buffer

	p := &Program{
		Stdout: &out, Stderr: &errs, ReadFile: os.ReadFile, Transport: server.Transport(),
		Getenv: func(string) string { return "" },
		Now:    func() time.Time { return time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC) },
	}
	cmd := newDrift(p, &globals{output: "json"})
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetArgs(append([]string{"--checks", "tag-missing,platform-missing,tag-moved,revision-mismatch"}, args...))

	status := p.status(cmd.ExecuteContext(t.Context()))

	var report contract.Drift
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatalf("exit %d: %v\n%s%s", status, err, out.String(), errs.String())
	}

	for _, f := range report.Findings {
		found = append(found, fmt.Sprintf("%s %s %s", f.Check, f.File[strings.LastIndex(f.File, "mastodon/")+len("mastodon/"):], strings.Join(f.Components, ",")))
	}

	if want := exitDone; len(found) > 0 {
		want = exitFound
		if status != want {
			t.Errorf("exit %d, want %d", status, want)
		}
	} else if status != want {
		t.Errorf("exit %d, want %d: %s", status, want, errs.String())
	}

	return found, errs.String()
}

func TestDriftHoldsTheTreeAgainstTheRegistry(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		change func(*testing.T, *registrytest.Server)
		want   []string
	}{
		"as published": {func(*testing.T, *registrytest.Server) {}, nil},
		"streaming is gone": {func(_ *testing.T, s *registrytest.Server) { s.Withdraw("glitch-soc/mastodon-streaming", "v4.4.3") }, []string{
			"tag-missing streaming/deployment.yaml streaming",
		}},
		"streaming for arm64 alone": {func(t *testing.T, s *registrytest.Server) {
			publish(t, s, registrytest.Image{Name: "glitch-soc/mastodon-streaming", Tag: "v4.4.3", Platforms: []string{"linux/arm64"}})
		}, []string{"platform-missing streaming/deployment.yaml streaming"}},
		"halves of two commits": {func(t *testing.T, s *registrytest.Server) {
			publish(t, s, registrytest.Image{Name: "glitch-soc/mastodon", Tag: "v4.4.3", Revisions: map[string]string{
				"linux/amd64": strings.Repeat("a", 40), "linux/arm64": strings.Repeat("b", 40),
			}})
		}, []string{"revision-mismatch streaming/deployment.yaml web,sidekiq,streaming,migrate"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			server := publishedExample(t)
			c.change(t, server)

			found, _ := outside(t, server, "--path", tidy)
			if diff := cmp.Diff(c.want, found); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestDriftTellsAPinnedTagThatMoved(t *testing.T) {
	t.Parallel()

	server := publishedExample(t)
	digest := publish(t, server, registrytest.Image{Name: "glitch-soc/mastodon-streaming", Tag: "v4.4.3", Revision: "first"})

	dir := copied(t, "goingdark")
	replaced(t, dir, "k8s/applications/web/mastodon/streaming/deployment.yaml", "mastodon-streaming:v4.4.3", "mastodon-streaming:v4.4.3@"+digest)

	if found, _ := outside(t, server, "--path", dir); len(found) > 0 {
		t.Errorf("as pinned: %v", found)
	}

	publish(t, server, registrytest.Image{Name: "glitch-soc/mastodon-streaming", Tag: "v4.4.3", Revision: "second"})

	found, _ := outside(t, server, "--path", dir)
	if diff := cmp.Diff([]string{"tag-moved streaming/deployment.yaml streaming"}, found); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestARegistryThatIsDownIsToldAndNoFinding(t *testing.T) {
	t.Parallel()

	server := publishedExample(t)
	server.Break(registrytest.Fault{Trouble: registrytest.Status, Status: 403})

	found, stderr := outside(t, server, "--path", tidy)
	if len(found) > 0 || !strings.Contains(stderr, "the registry could not be asked") || !strings.Contains(stderr, "not checked: the images in the registry") {
		t.Errorf("%v\n%s", found, stderr)
	}
}

func TestChecksThatNeedAFlagSaySo(t *testing.T) {
	t.Parallel()

	_, stderr, status := drifts(t, "text", "--path", tidy, "--checks", "tag-missing")
	if status != exitMisused || !strings.Contains(stderr, "leave --offline away") {
		t.Errorf("exit %d: %s", status, stderr)
	}
}

func TestDriftKnowsDatesWithoutAsking(t *testing.T) {
	t.Parallel()

	stdout, _, status := drifts(t, "text", "--path", tidy, "--checks", "line-unsupported")
	if status != exitFound || !strings.Contains(stdout, "the security release v4.4.4 is out since 2025-09-16") {
		t.Errorf("exit %d: %s", status, stdout)
	}
}
