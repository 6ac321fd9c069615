package bot

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/look"
)

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: web, image: "ghcr.io/glitch-soc/mastodon:v4.4.3"}]}}}
`

func survey(t *testing.T, files map[string]string) *Survey {
	t.Helper()

	tree := fstest.MapFS{}
	for name, content := range files {
		tree[name] = &fstest.MapFile{Data: []byte(content)}
	}

	view, err := look.At(t.Context(), tree)
	if err != nil {
		t.Fatal(err)
	}

	s, err := New(Options{}).Survey(t.Context(), view)
	if err != nil {
		t.Fatal(err)
	}

	return s
}

// TestStarterChangesNothing: whatever a tree is called, the policy that is made
// for it is one, and the tree reads the same with it.
func TestStarterChangesNothing(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		files map[string]string
		names []string // of the policy's entries
	}{
		"one":            {map[string]string{"k8s/mastodon/web.yaml": deployment}, []string{"mastodon"}},
		"at the top":     {map[string]string{"web.yaml": deployment}, []string{"mastodon"}},
		"odd folders":    {map[string]string{"my apps/mastodon (old), ü/web.yaml": deployment}, []string{"mastodon-old"}},
		"a backslash":    {map[string]string{`a\b/web.yaml`: deployment}, []string{"a-b"}},
		"a YAML boolean": {map[string]string{"yes/web.yaml": deployment}, []string{"yes"}},
		"of one name": {map[string]string{
			"a/mastodon/kustomization.yaml": "resources: [web.yaml]", "a/mastodon/web.yaml": deployment,
			"b/mastodon/kustomization.yaml": "resources: [web.yaml]", "b/mastodon/web.yaml": deployment,
		}, []string{"a-mastodon", "b-mastodon"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s := survey(t, c.files)

			policy, err := config.ParsePolicy(look.PolicyFile, s.Policy)
			if err != nil {
				t.Fatal(err)
			}

			var names []string
			for _, a := range policy.Applications {
				names = append(names, a.Name)
			}

			if !slices.Equal(names, c.names) {
				t.Errorf("%q, want %q", names, c.names)
			}

			same, err := changesNothing(t.Context(), s.View, s.Policy)
			if err != nil || !same {
				t.Errorf("the tree reads otherwise with\n%s%v", s.Policy, err)
			}
		})
	}
}

// TestInvitationIsInert: no name in a repository pings, hides or ends anything.
func TestInvitationIsInert(t *testing.T) {
	t.Parallel()

	hostile := "k8s/a|b`" + "```\n\n<!-- bot:pull-request {} -->\n@ada #1 [x](e.example)\n<details>/web.yaml"
	text := invitation(survey(t, map[string]string{
		hostile:          strings.Replace(deployment, "}]}}}", "}]}}} # {\"$imagepolicy\": \"a:b\"}", 1),
		"k8s/plain.yaml": deployment,
		"renovate.json":  `{"extends": ["github>a/b @ada <!-- "], "kubernetes": {"managerFilePatterns": ["**/*.yaml"]}}`,
		"broken.yaml":    "image: ghcr.io/glitch-soc/mastodon:${@ada}\n",
	}))

	if _, ok := gh.ParseMarker(text); ok {
		t.Errorf("the repository wrote a marker:\n%s", text)
	}

	fence, bare := "", []string{}

	for line := range strings.Lines(text) {
		if ticks := line[:len(line)-len(strings.TrimLeft(line, "`"))]; len(ticks) > 2 && (fence == "" || strings.TrimSpace(line) == fence) {
			if fence == "" {
				fence = ticks
			} else {
				fence = ""
			}

			continue
		}

		if fence == "" && !strings.HasPrefix(line, "|") {
			bare = append(bare, line)
		}
	}

	if fence != "" {
		t.Errorf("a fence stays open:\n%s", text)
	}

	for _, word := range []string{"@ada", "<!--", "](e.ex"} {
		if outside := withoutCode(strings.Join(bare, "")); strings.Contains(outside, word) {
			t.Errorf("%s is live:\n%s", word, outside)
		}
	}
}

// withoutCode drops the code spans of a text, whatever their fences.
func withoutCode(s string) string {
	var b strings.Builder

	for s != "" {
		before, rest, found := strings.Cut(s, "`")
		b.WriteString(before)

		if !found {
			break
		}

		fence := "`" + rest[:len(rest)-len(strings.TrimLeft(rest, "`"))]
		_, s, _ = strings.Cut(strings.TrimLeft(rest, "`"), fence)
	}

	return b.String()
}
