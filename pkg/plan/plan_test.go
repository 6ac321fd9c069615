package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/plan"
	"github.com/goingdark-social/bot/pkg/version"
)

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// releases reads a listing of words: a tag, then "?" not inspected, "-X" X is
// missing, "!" contradiction, "!!" security, "<X" X is fixed and lost, "~2h" built two hours ago.
func releases(t *testing.T, lines string) []plan.Release {
	t.Helper()

	var out []plan.Release

	for line := range strings.Lines(lines) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}

		r := plan.Release{Version: version.Parse(words[0]), Inspected: true, Built: now.Add(-1000 * time.Hour)}

		for _, word := range words[1:] {
			switch {
			case word == "?":
				r.Inspected = false
			case word == "!!":
				r.Security = true
			case word == "!":
				r.Contradiction = "web and streaming are of different pre-releases"
			case word[0] == '<':
				r.Loses = append(r.Loses, word[1:])
			case word[0] == '-':
				r.Missing = append(r.Missing, word[1:])
			case word[0] == '~':
				age, err := time.ParseDuration(word[1:])
				if err != nil {
					t.Fatal(err)
				}

				r.Built = now.Add(-age)
			}
		}

		out = append(out, r)
	}

	return out
}

func versions(tags ...string) []version.Version {
	var out []version.Version
	for _, tag := range tags {
		out = append(out, version.Parse(tag))
	}

	return out
}

// show writes a decision as lines that a table can hold.
func show(d plan.Decision) string {
	var b strings.Builder

	if d.Blocked != "" {
		fmt.Fprintf(&b, "blocked: %s\n", d.Blocked)
	}

	for _, p := range d.Proposals {
		fmt.Fprintf(&b, "%s → %s", p.Track, p.To)

		if p.Security {
			b.WriteString(" security")
		}

		if p.Repair {
			b.WriteString(" repair")
		}

		b.WriteByte('\n')
	}

	for _, v := range d.Inspect {
		fmt.Fprintf(&b, "inspect %s\n", v)
	}

	for _, h := range d.Held {
		fmt.Fprintf(&b, "held %s %s: %s\n", h.Version, h.Rule, h.Reason)
	}

	return b.String()
}

func TestMake(t *testing.T) {
	t.Parallel()

	for _, tc := range []struct {
		name     string
		on       []version.Version
		listing  string
		change   func(*plan.Input)
		expected string
	}{
		{
			name:    "nothing newer",
			on:      versions("v4.4.3"),
			listing: "v4.4.3\nv4.4.2\nlatest\nv4.4\nedge\npr-12",
		},
		{
			name:    "newest of the line and of the next, one line at a time",
			on:      versions("v4.4.3"),
			listing: "v4.4.4\nv4.4.5\nv4.5.0\nv4.5.1\nv4.6.0",
			expected: `minor → v4.5.1
patch → v4.4.5
held v4.6.0 one-line: 4.5 is deployed first: Mastodon asks for a release of every line
held v4.5.0 superseded: v4.5.1 is newer on the same track
held v4.4.4 superseded: v4.4.5 is newer on the same track
`,
		},
		{
			name:    "a line that was never released is no step",
			on:      versions("v4.6.3"),
			listing: "v5.1.0\nv5.0.0",
			expected: `minor → v5.0.0
held v5.1.0 one-line: 5.0 is deployed first: Mastodon asks for a release of every line
`,
		},
		{
			name:    "incomplete falls back to the newest complete",
			on:      versions("v4.4.3"),
			listing: "v4.4.4\nv4.4.5 -ghcr.io/glitch-soc/mastodon-streaming:v4.4.5",
			expected: `patch → v4.4.4
held v4.4.5 incomplete: missing ghcr.io/glitch-soc/mastodon-streaming:v4.4.5
`,
		},
		{
			name:    "an incomplete next line is waited for, not jumped over",
			on:      versions("v4.4.3"),
			listing: "v4.5.0 -x\nv4.6.0",
			expected: `held v4.6.0 one-line: 4.5 is deployed first: Mastodon asks for a release of every line
held v4.5.0 incomplete: missing x
`,
		},
		{
			name:     "what a decision hangs on is asked for, newest first",
			on:       versions("v4.4.3"),
			listing:  "v4.4.4 ?\nv4.4.5 ?\nv4.5.0 ?",
			expected: "inspect v4.5.0\ninspect v4.4.5\n",
		},
		{
			name:     "a contradiction holds",
			on:       versions("v4.4.3"),
			listing:  "v4.4.4 !",
			expected: "held v4.4.4 contradiction: web and streaming are of different pre-releases\n",
		},
		{
			name:    "stable follows no pre-release",
			on:      versions("v4.4.3"),
			listing: "v4.5.0-beta.1\nv4.5.0-rc.1\nnightly.2026-11-01",
			expected: `held v4.5.0-rc.1 channel: channel stable does not follow it
held v4.5.0-beta.1 channel: channel stable does not follow it
`,
		},
		{
			name:    "pre-releases ascend to the final on the patch track",
			on:      versions("v4.5.0-beta.1"),
			listing: "v4.5.0-beta.2\nv4.5.0rc1\nv4.5.0",
			change:  func(in *plan.Input) { in.Policy.Channel = version.Prereleases },
			expected: `patch → v4.5.0
held v4.5.0-rc.1 superseded: v4.5.0 is newer on the same track
held v4.5.0-beta.2 superseded: v4.5.0 is newer on the same track
`,
		},
		{
			name:    "a pre-release in use goes on to the final on the stable channel",
			on:      versions("v4.5.0-beta.1"),
			listing: "v4.5.0-rc.1\nv4.5.0",
			expected: `patch → v4.5.0
held v4.5.0-rc.1 channel: channel stable does not follow it
`,
		},
		{
			name:    "nightlies by date",
			on:      versions("nightly.2026-11-01"),
			listing: "nightly.2026-11-02\nnightly.2026-11-03-security\nv4.6.0\nnightly",
			change:  func(in *plan.Input) { in.Policy.Channel = version.Nightlies },
			expected: `patch → nightly.2026-11-03-security
held nightly.2026-11-02 superseded: nightly.2026-11-03-security is newer on the same track
`,
		},
		{
			name:    "minimum age by track; a security release does not wait",
			on:      versions("v4.4.3"),
			listing: "v4.4.4 ~2h !!\nv4.5.0 ~2h\nv4.5.1 ~1h",
			change: func(in *plan.Input) {
				in.Policy.MinimumAge = map[string]time.Duration{"patch": 24 * time.Hour, "minor": 168 * time.Hour}
			},
			expected: `patch → v4.4.4 security
held v4.5.1 minimum-age: built 2026-11-22 11:00; the policy waits 168h, until 2026-11-29 11:00 UTC
held v4.5.0 minimum-age: built 2026-11-22 10:00; the policy waits 168h, until 2026-11-29 10:00 UTC
`,
		},
		{
			name:    "a release that passes over a security release is one, but waits its own time",
			on:      versions("v4.4.3"),
			listing: "v4.4.4 !! ~30h\nv4.4.5 ~25h\nv4.4.6 ~2h",
			change: func(in *plan.Input) {
				in.Policy.MinimumAge = map[string]time.Duration{"patch": 24 * time.Hour, "minor": 0}
			},
			expected: `patch → v4.4.5 security
held v4.4.6 minimum-age: built 2026-11-22 10:00; the policy waits 24h, until 2026-11-23 10:00 UTC
held v4.4.4 superseded: v4.4.5 is newer on the same track
`,
		},
		{
			name:    "ignored, declined, not allowed, track off",
			on:      versions("v4.4.3"),
			listing: "v4.4.4\nv4.4.5\nv4.4.6\nv4.4.7\nv4.5.0",
			change: func(in *plan.Input) {
				in.Policy.Ignore = versions("v4.4.5")
				in.Ignored = versions("v4.4.4")
				in.Declined = versions("v4.4.6")
				in.Policy.Tracks = []string{"patch"}

				in.Policy.Allow, _ = version.ParseRange("!=4.4.7")
			},
			expected: `held v4.5.0 track-off: track minor is not among the policy's tracks
held v4.4.7 not-allowed: the policy allows !=4.4.7
held v4.4.6 declined: a person closed its pull request; reopen that, or ` + "`bot bump`" + ` it
held v4.4.5 ignored: the policy ignores it
held v4.4.4 ignored: a command told to ignore it
`,
		},
		{
			name:    "who closed the newest did not ask for the one before; the next is another matter",
			on:      versions("v4.4.3"),
			listing: "v4.4.4\nv4.4.5\nv4.5.0",
			change:  func(in *plan.Input) { in.Declined = versions("v4.4.5", "v4.3.9") },
			expected: `minor → v4.5.0
held v4.4.5 declined: a person closed its pull request; reopen that, or ` + "`bot bump`" + ` it
held v4.4.4 declined: a person closed the pull request of v4.4.5, which is newer; ` + "`bot bump`" + ` asks for this one
`,
		},
		{
			name:    "what an open pull request proposes was asked for again",
			on:      versions("v4.4.3"),
			listing: "v4.4.4\nv4.4.5",
			change: func(in *plan.Input) {
				in.Declined, in.Open = versions("v4.4.4", "v4.4.5"), versions("v4.4.4")
				in.Policy.Windows.Open = "0 6-20 * * 1-5"
			},
			expected: `patch → v4.4.4
held v4.4.5 declined: a person closed its pull request; reopen that, or ` + "`bot bump`" + ` it
`,
		},
		{
			name:    "a release that loses fixes waits for one of its line that does not",
			on:      versions("v4.4.9"),
			listing: "v4.5.1 <CVE-2026-1\nv4.5.2 ~1h",
			change: func(in *plan.Input) {
				in.Policy.MinimumAge = map[string]time.Duration{"minor": 24 * time.Hour}
			},
			expected: `held v4.5.2 minimum-age: built 2026-11-22 11:00; the policy waits 24h, until 2026-11-23 11:00 UTC
held v4.5.1 loses-fixes: it lacks the fixes of CVE-2026-1, which v4.5.2 has
`,
		},
		{
			name:     "where the whole line loses fixes the newest is proposed, and the notes tell",
			on:       versions("v4.4.9"),
			listing:  "v4.5.1 <CVE-2026-1",
			expected: "minor → v4.5.1\n",
		},
		{
			name:    "a freeze holds security releases too, and says so",
			on:      versions("v4.4.3"),
			listing: "v4.4.4 !!",
			change: func(in *plan.Input) {
				in.Policy.Freeze = &config.Freeze{Until: now.Add(24 * time.Hour), Reason: "moving house"}
			},
			expected: "held v4.4.4 frozen: frozen until 2026-11-23: moving house (this is a security release)\n",
		},
		{
			name:    "a freeze that is over holds nothing",
			on:      versions("v4.4.3"),
			listing: "v4.4.4",
			change: func(in *plan.Input) {
				in.Policy.Freeze = &config.Freeze{Until: now, Reason: "moving house"}
			},
			expected: "patch → v4.4.4\n",
		},
		{
			name:    "after another application",
			on:      versions("v4.4.3"),
			listing: "v4.4.4\nv4.4.5",
			change: func(in *plan.Input) {
				in.Policy.After = &config.After{Application: "staging", For: 24 * time.Hour}
				in.Before = &plan.Stand{On: versions("v4.4.4"), Since: now.Add(-24 * time.Hour)}
			},
			expected: `patch → v4.4.4
held v4.4.5 after: application staging does not run it yet
`,
		},
		{
			name:     "outside of the window, on a Sunday",
			on:       versions("v4.4.3"),
			listing:  "v4.4.4",
			change:   func(in *plan.Input) { in.Policy.Windows.Open = "0 6-20 * * 1-5" },
			expected: "held v4.4.4 outside-windows: pull requests open again 2026-11-23 06:00 UTC\n",
		},
		{
			name:    "inside of the window, on the Friday before",
			on:      versions("v4.4.3"),
			listing: "v4.4.4",
			change: func(in *plan.Input) {
				in.Policy.Windows.Open = "0 6-20 * * 1-5"
				in.Now = time.Date(2026, 11, 20, 20, 30, 0, 0, time.UTC)
			},
			expected: "patch → v4.4.4\n",
		},
		{
			name:     "mixed references are brought back to what web runs",
			on:       versions("v4.4.3"),
			listing:  "v4.4.3\nv4.4.2",
			change:   func(in *plan.Input) { in.Mixed = true },
			expected: "patch → v4.4.3 repair\n",
		},
		{
			name:     "mixed and a newer release: the newer one mends it",
			on:       versions("v4.4.2", "v4.4.3", "nightly.2026-01-01"),
			listing:  "v4.4.3\nv4.4.4\nv4.4.2",
			change:   func(in *plan.Input) { in.Mixed = true },
			expected: "patch → v4.4.4\n",
		},
		{
			name:     "floating",
			on:       versions("latest"),
			listing:  "v4.4.4",
			expected: "blocked: it follows the floating tag latest, which only `bot bump` moves\n",
		},
		{
			name:     "on a nightly without the channel",
			on:       versions("nightly.2026-01-01"),
			listing:  "v4.4.4\nnightly.2026-01-02",
			expected: "blocked: it is on nightly.2026-01-01 and channel stable has no order with nightlies: `bot bump` moves it, or `channel: nightly` follows them\n",
		},
		{
			name:     "nothing says which version",
			listing:  "v4.4.4",
			expected: "blocked: no web or sidekiq reference says which version is in use\n",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()

			in := plan.Input{Policy: config.DefaultApplication(), On: tc.on, Releases: releases(t, tc.listing), Now: now}
			if tc.change != nil {
				tc.change(&in)
			}

			if diff := cmp.Diff(tc.expected, show(plan.Make(in))); diff != "" {
				t.Errorf("decision (-expected +got):\n%s", diff)
			}

			slices.Reverse(in.Releases)

			if diff := cmp.Diff(tc.expected, show(plan.Make(in))); diff != "" {
				t.Errorf("the order of the listing changes the decision (-expected +got):\n%s", diff)
			}
		})
	}
}

// TestEveryNewerReleaseIsAccountedFor holds for any listing: a newer release
// is proposed, held with a reason, or waiting for an inspection of its track.
func TestEveryNewerReleaseIsAccountedFor(t *testing.T) {
	t.Parallel()

	var all []plan.Release

	for minor := range 8 {
		for patch := range 10 {
			all = append(all, plan.Release{
				Version:   version.Parse(fmt.Sprintf("v4.%d.%d", minor, patch)),
				Inspected: true,
				Missing:   []string{"x"}[:(minor+patch)%2],
			})
		}
	}

	d := plan.Make(plan.Input{Policy: config.DefaultApplication(), On: versions("v4.3.4"), Releases: all, Now: now})

	seen := map[string]int{}
	for _, p := range d.Proposals {
		seen[p.To.String()]++
	}

	for _, h := range d.Held {
		seen[h.Version.String()]++

		if h.Rule == "" || h.Reason == "" {
			t.Errorf("%s is held without a rule or reason", h.Version)
		}
	}

	for _, r := range all {
		order, _ := version.Compare(r.Version, version.Parse("v4.3.4"))

		want := 0
		if order > 0 {
			want = 1
		}

		if seen[r.Version.String()] != want {
			t.Errorf("%s is accounted for %d times, want %d", r.Version, seen[r.Version.String()], want)
		}
	}
}
