package rival

import (
	"strings"
	"testing"
)

func TestMatchList(t *testing.T) {
	t.Parallel()

	const image = "ghcr.io/glitch-soc/mastodon"

	for list, want := range map[string]string{
		"":                                  "no",
		"*":                                 "yes",
		"ghcr.io/glitch-soc/mastodon":       "yes",
		"GHCR.io/glitch-soc/mastodon":       "yes", // globs take letters' case for nothing
		"glitch-soc/mastodon":               "no",
		"ghcr.io/*":                         "no", // * stays in its folder
		"ghcr.io/**":                        "yes",
		"**/mastodon":                       "yes",
		"ghcr.io/{glitch-soc,x}/mast?don":   "yes",
		"ghcr.io/[!a-f]litch-soc/mastodon":  "yes",
		"ghcr.io/{unclosed":                 "no",
		"/mastodon$/":                       "yes",
		"/MASTODON/":                        "no",
		"/MASTODON/i":                       "yes",
		"/[/":                               "unknown",
		"!**/mastodon":                      "no",
		"!nginx":                            "yes",
		"ghcr.io/** !**/mastodon-streaming": "yes",
		"ghcr.io/** !/mastodon/":            "no",
		"nginx !redis":                      "no",
		"ü*":                                "no",
	} {
		matches, known := matchList(image, strings.Fields(list))

		got := map[bool]string{true: "yes", false: "no"}[matches]
		if !known {
			got = "unknown"
		}

		if got != want {
			t.Errorf("%q: %s, want %s", list, got, want)
		}
	}
}

func TestLargeConfigurationsAreNotRead(t *testing.T) {
	t.Parallel()

	large := []byte(`{"description": "` + strings.Repeat("x", maxConfiguration) + `"}`)
	places := &tree{places: []Place{{File: "a.yaml", Line: 1, Image: "x.y/z"}}, images: []string{"x.y/z"}}

	if r, _ := places.renovateFile("renovate.json", large); r.Verdict != Unknown {
		t.Errorf("%+v", r)
	}

	if r := places.judgeDependabot("dependabot.yml", large); r.Verdict != Unknown {
		t.Errorf("%+v", r)
	}
}
