package veil_test

import (
	"strings"
	"testing"

	"github.com/goingdark-social/bot/pkg/veil"
)

// TestStray: what looks like a secret goes, what only is long stays.
func TestStray(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]string{
		"the token " + token + ".":                                 "the token [redacted].",
		"ghp_cAnary0123456789":                                     "[redacted]",
		"xoxb-4711-cAnary81d2 is no channel":                       "[redacted] is no channel",
		"https://hooks.slack.com/services/T0/B0/cAnary":            "[redacted]",
		"postgres://bot:cAnary@db/bot?sslmode=require":             "postgres://[redacted]@db/bot?sslmode=require",
		"https://ghs_cAnary01@github.com/example/gitops":           "https://[redacted]@github.com/example/gitops",
		"host=db password='c Anary' user=bot":                      "host=db password=[redacted] user=bot",
		"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQE": "-----BEGIN PRIVATE KEY-----\n[redacted]",
		"k8s/applications/web/mastodon-implementation.md":          "k8s/applications/web/mastodon-implementation.md",
		"sha256:" + strings.Repeat("ab01", 16):                     "sha256:" + strings.Repeat("ab01", 16),
		"https://github.com/glitch-soc/mastodon":                   "https://github.com/glitch-soc/mastodon",
		"/home/User1/gitops/k8s/Mastodon4/kustomization.yaml":      "/home/User1/gitops/k8s/Mastodon4/kustomization.yaml",
		"ssh://git@github.com/example/gitops":                      "ssh://git@github.com/example/gitops",
		"nightly.2026-01-02-security":                              "nightly.2026-01-02-security",
	} {
		if got := veil.Stray(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestAddresses: those with a password, whatever is around them.
func TestAddresses(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]string{
		"--queue=postgres://bot:cAnary@db/bot":     "postgres://bot:cAnary@db/bot",
		"postgres://db/bot?user=b&password=cAnary": "postgres://db/bot?user=b&password=cAnary",
		"host=db password=cAnary":                  "host=db password=cAnary",
		"http://bot:cAnary@proxy:3128":             "http://bot:cAnary@proxy:3128",
		"https://github.com/example/gitops":        "",
		"postgres://bot@db/bot?sslmode=require":    "",
		"--path=.":                                 "",
		"see https://a.example.org b@example.org":  "",
	} {
		if got := strings.Join(veil.Addresses(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
