package history_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/goingdark-social/bot/internal/faults"
	"github.com/goingdark-social/bot/internal/memworld"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// hostile is what a changelog, a name in a source tree or a tag may hold.
func hostile() []string {
	return []string{
		"@everyone @here <!channel> <!everyone> <@U123> <!subteam^S1>", "#1 GH-1 example/gitops#1", "cc @ada and @goingdark/admins",
		`<!-- goingdark-bot {"version":1,"application":"x","track":"patch","to":"v9.9.9"} -->`, "--> <script>alert(1)</script>",
		"<img src=x onerror=alert(1)>", "![x](https://elsewhere.invalid/pixel.png)", "[x](javascript:alert(1))", "```\n```yaml\n", "~~~~~~",
		"\x1b[31mred\x1b]0;title\x07", "\u202eevil\u2066", "\x00\x01\x7f", "| a | b |\n|-|-|", "# heading\n\n> quote\n\n- list", strings.Repeat("x", 10<<20),
		"fixes #1, closes #1", "https://github.com/example/gitops/issues/1", "*<https://elsewhere.invalid|click>* `x` _y_ ~z~", "$(rm -rf /) `id` ; reboot",
	}
}

// liar is an upstream whose every word is hostile.
type liar struct{ text string }

func (l liar) Facts(_ context.Context, _ string, v version.Version) (*facts.Facts, error) {
	return &facts.Facts{Version: v.String(), Changelog: []facts.Release{{
		Version: v.String(), Security: true, Advisories: []string{l.text}, Place: facts.Place{File: l.text},
	}}}, nil
}

func (l liar) Outline(ctx context.Context, source string, v version.Version) (*facts.Facts, error) {
	return l.Facts(ctx, source, v)
}

// TestHostileUpstream lets the sources of releases say hostile things, and
// reads what people would be shown.
func TestHostileUpstream(t *testing.T) {
	t.Parallel()

	count := faults.Begin("hostile upstream text: nothing pings, forges a marker, or arrives raw")

	for _, text := range hostile() {
		name := strings.Map(func(r rune) rune {
			if r < ' ' || r > '~' || r == '/' {
				return '-'
			}

			return r
		}, text[:min(30, len(text))])

		ok := t.Run(name, func(t *testing.T) { told(t, text) })
		count.Case(!ok)
	}

	if err := count.End(); err != nil {
		t.Error(err)
	}
}

func told(t *testing.T, text string) {
	t.Helper()

	m, err := memworld.New(standard(t), beginning)
	must(t, err)

	m.Upstream = liar{text}

	b, err := m.Bot(nil)
	must(t, err)
	m.Releases.Publish("v4.4.3", true, beginning.AddDate(0, -4, 0))
	m.Releases.Publish("v4.4.4", true, beginning.AddDate(0, -3, 0))

	if _, err := m.Run(t.Context(), b); err != nil {
		t.Fatal(err)
	}

	for _, p := range m.People().Pulls() {
		if marker, ok := gh.ParseMarker(p.Body); !ok || marker.To != "v4.4.4" {
			t.Errorf("the marker is %+v", marker)
		}

		harmless(t, p.Title+"\n"+p.Body)

		if len(p.Comments) > 8 {
			t.Errorf("%d comments", len(p.Comments))
		}

		for _, c := range p.Comments {
			harmless(t, c.Body)
		}
	}

	for _, msg := range m.Slack.Messages() {
		for _, ping := range msg.Pings() {
			t.Errorf("Slack pings: %s", ping)
		}

		harmless(t, msg.Text)
	}
}

// pings are what GitHub makes a mention or a reference of.
var pings = regexp.MustCompile(`@(?:everyone|here|ada|goingdark)|(?:^|[^\w&])#1\b|GH-1|gitops#1`)

var code = regexp.MustCompile("`[^`\n]*`|\\(<[^>\n]*>\\)")

// harmless: no character that a terminal or a reader's eye would obey.
func harmless(t *testing.T, shown string) {
	t.Helper()

	for _, r := range shown {
		if unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r) {
			t.Fatalf("%q is shown raw", r)
		}
	}

	shown = code.ReplaceAllString(shown, "") // between backticks, and inside an address, nothing means anything

	for _, bad := range []string{"<script", "<img src=x", "](javascript:", "](https://elsewhere.invalid"} {
		if at := strings.Index(shown, bad); at >= 0 {
			t.Errorf("%q is shown raw: …%q…", bad, shown[max(0, at-60):min(len(shown), at+60)])
		}
	}

	if ping := pings.FindString(shown); ping != "" {
		t.Errorf("%q pings", ping)
	}

	if len(shown) > 80_000 {
		t.Errorf("%d bytes are shown", len(shown))
	}
}
