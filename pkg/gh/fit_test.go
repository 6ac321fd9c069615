package gh_test

import (
	"strings"
	"testing"

	"github.com/goingdark-social/bot/pkg/gh"
)

func TestFit(t *testing.T) {
	t.Parallel()

	const more = "More below."

	section := func(title string, n int) string { return "## " + title + "\n\n" + strings.Repeat("x", n) + "\n\n" }

	for name, test := range map[string]struct {
		body         string
		limit        int
		fitted, rest string
	}{
		"short": {"# a\n", 10, "# a\n", ""},
		"exact": {strings.Repeat("é", 50), 50, strings.Repeat("é", 50), ""},
		"before a heading": {
			section("a", 40) + section("b", 40), 90,
			"## a\n\n" + strings.Repeat("x", 40) + "\n\n" + more, section("b", 40),
		},
		"between blocks, where the heading is far above": {
			section("a", 3) + "## b\n\n" + strings.Repeat("y", 50) + "\n\n" + strings.Repeat("z", 50), 100,
			section("a", 3) + "## b\n\n" + strings.Repeat("y", 50) + "\n\n" + more, strings.Repeat("z", 50),
		},
		"between lines": {
			strings.Repeat("- a line of a list\n", 10), 100,
			strings.Repeat("- a line of a list\n", 4)[:75] + "\n\n" + more, strings.Repeat("- a line of a list\n", 6),
		},
		"in a line, between characters": {
			strings.Repeat("é", 200), 100, strings.Repeat("é", 87) + "\n\n" + more, strings.Repeat("é", 113),
		},
		"in a line, not inside a pair of UTF-16": {
			strings.Repeat("🎉", 100), 100, strings.Repeat("🎉", 43) + "\n\n" + more, strings.Repeat("🎉", 57),
		},
		"a fence is closed and opened again": {
			"```yaml\n" + strings.Repeat("image: mastodon\n", 10) + "```\n", 100,
			"```yaml\n" + strings.Repeat("image: mastodon\n", 4) + "```\n\n" + more,
			"```yaml\n" + strings.Repeat("image: mastodon\n", 6) + "```\n",
		},
		"details are closed": {
			"<details>\n\n" + strings.Repeat("A line.\n\n", 20) + "</details>\n", 100,
			"<details>\n\n" + strings.Repeat("A line.\n\n", 7)[:61] + "\n\n</details>\n\n" + more,
			strings.Repeat("A line.\n\n", 13) + "</details>\n",
		},
		"a heading in a fence is none": {
			strings.Repeat("y", 30) + "\n\n```sh\n# comment\n" + strings.Repeat("x", 40) + "\n# other\n" + strings.Repeat("x", 40) + "\n```\n", 110,
			strings.Repeat("y", 30) + "\n\n```sh\n# comment\n" + strings.Repeat("x", 40) + "\n```\n\n" + more,
			"```sh\n# other\n" + strings.Repeat("x", 40) + "\n```\n",
		},
		"no room to say more": {"abcdefghijkl", 10, "abcdefghij", "kl"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			fitted, rest := gh.Fit(test.body, more, test.limit)
			if fitted != test.fitted || rest != test.rest {
				t.Errorf("Fit = %q (%d)\n     %q\nwant %q\n     %q", fitted, gh.Length(fitted), rest, test.fitted, test.rest)
			}
		})
	}
}

func TestFitLeavesRoomForTheMarker(t *testing.T) {
	t.Parallel()

	body := strings.Repeat("## Section\n\nSome words: é, €, 🎉.\n\n", 10_000)
	s := newStand(t)
	w := want()

	w.Body, _ = gh.Fit(body, "The rest is in the comments.", 0)
	if _, _, err := s.client.Ensure(t.Context(), repo, w); err != nil {
		t.Fatal(err)
	}

	if n := gh.Length(s.hands().Pulls()[0].Body); n > gh.MaxBody || n < gh.MaxBody*9/10 {
		t.Errorf("the body has %d characters", n)
	}
}

func FuzzFit(f *testing.F) {
	for _, s := range seeds {
		f.Add(strings.Repeat(s+"\n\n", 20), 100)
	}

	f.Fuzz(func(t *testing.T, body string, limit int) {
		if limit < 8 || limit > 1000 {
			return
		}

		length := gh.Length(body)

		for range len(body) + 1 {
			fitted, rest := gh.Fit(body, "more", limit)
			if n := gh.Length(fitted); n > limit && n > 0 {
				t.Fatalf("Fit(%q, %d) has %d characters: %q", body, limit, n, fitted)
			}

			if rest == "" {
				return
			}

			if len(rest) >= len(body) {
				t.Fatalf("Fit(%q, %d) leaves %q", body, limit, rest)
			}

			body = rest
		}

		t.Fatalf("Fit of %d characters does not end", length)
	})
}
