package history_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/history"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/version"
)

// day reads "03-01 12:00" of 2025.
func day(t *testing.T, text string) time.Time {
	t.Helper()

	at, err := time.Parse("2006-01-02 15:04", "2025-"+text)
	if err != nil {
		t.Fatal(err)
	}

	return at
}

// ran reads one point a line: when, and what web, sidekiq, streaming and migrate run; "-": nothing.
func ran(t *testing.T, lines string) *history.Branch {
	t.Helper()

	b := &history.Branch{Points: map[string][]history.Point{}}
	order := []patch.Component{patch.Web, patch.Sidekiq, patch.Streaming, patch.Migrate}

	for line := range strings.Lines(strings.TrimSpace(lines)) {
		fields := strings.Fields(line)
		p := history.Point{Commit: fields[0], At: day(t, fields[1]+" "+fields[2])}

		for i, tag := range fields[3:] {
			if tag != "-" {
				p.Runs = append(p.Runs, patch.Run{Component: order[i], Version: version.Parse(tag)})
			}
		}

		b.Points["mastodon"] = append(b.Points["mastodon"], p)
	}

	b.Since = b.Points["mastodon"][0].At

	return b
}

// releases reads one release a line: version, when, and advisories if it mends a vulnerability.
func releases(t *testing.T, lines string) []history.Release {
	t.Helper()

	var all []history.Release

	for line := range strings.Lines(strings.TrimSpace(lines)) {
		fields := strings.Fields(line)
		all = append(all, history.Release{
			Version: version.Parse(fields[0]), Date: day(t, fields[1]+" 12:00"), Security: len(fields) > 2, Advisories: fields[2:],
		})
	}

	return all
}

const known = `
	v4.4.1 02-01
	v4.4.2 02-10 GHSA-1
	v4.4.3 02-20 GHSA-2
	v4.4.4 03-01
	v4.5.0 02-15
	v4.5.1 02-20 GHSA-2 GHSA-3
	v4.6.0 03-10`

// story is everything that Tell found, a line each.
func story(t *testing.T, b *history.Branch) []string {
	t.Helper()

	now := day(t, "04-01 00:00")
	a := history.Tell("mastodon", b, releases(t, known), now)

	var lines []string

	for _, u := range a.Upgrades {
		lag := "unknown"
		if d, ok := u.Lag(); ok {
			lag = history.Span(d)
		}

		lines = append(lines, strings.Join([]string{u.Commit, u.From.String(), u.To.String(), "after", lag}, " "))
	}

	for _, w := range a.Mixed {
		lines = append(lines, "mixed "+w.Commit+" for "+history.Span(w.Span(now)))
	}

	for _, w := range a.Waits {
		end := " into " + w.Into.String()
		if w.Open() {
			end = " still"
		}

		lines = append(lines, w.Version.String()+" on "+w.Ran.String()+" waited "+history.Span(w.Span(now))+end)
	}

	return lines
}

func TestStories(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		ran  string
		want []string
	}{
		"one commit an upgrade": {
			`a 02-05 12:00 v4.4.1 v4.4.1 v4.4.1
			 b 02-12 12:00 v4.4.2 v4.4.2 v4.4.2
			 c 02-20 14:00 v4.4.3 v4.4.3 v4.4.3`,
			[]string{
				"b v4.4.1 v4.4.2 after 2 d", "c v4.4.2 v4.4.3 after 2 h",
				"v4.4.2 on v4.4.1 waited 2 d into v4.4.2", "v4.4.3 on v4.4.2 waited 2 h into v4.4.3",
			},
		},
		"a pull request an image": {
			`a 02-05 12:00 v4.4.1 v4.4.1 v4.4.1 v4.4.1
			 b 02-11 12:00 v4.4.2 v4.4.2 v4.4.1 v4.4.1
			 c 02-13 12:00 v4.4.2 v4.4.2 v4.4.2 v4.4.1
			 d 02-14 12:00 v4.4.2 v4.4.2 v4.4.2 v4.4.2
			 e 02-21 12:00 v4.4.3 v4.4.3 v4.4.3 v4.4.3`,
			[]string{
				"b v4.4.1 v4.4.2 after 4 d", "e v4.4.2 v4.4.3 after 1 d", "mixed b for 3 d",
				"v4.4.2 on v4.4.1 waited 4 d into v4.4.2", "v4.4.3 on v4.4.2 waited 1 d into v4.4.3",
			},
		},
		"the next line came out before the fix and lacks it": {
			`a 02-12 12:00 v4.4.2
			 b 02-25 12:00 v4.5.0
			 c 03-02 12:00 v4.5.1`,
			[]string{"b v4.4.2 v4.5.0 after 10 d", "c v4.5.0 v4.5.1 after 10 d", "v4.4.3 on v4.4.2 waited 10 d into v4.5.1"},
		},
		"a line that began after the fix has it": {
			`a 02-12 12:00 v4.4.2
			 b 03-12 12:00 v4.6.0`,
			[]string{"b v4.4.2 v4.6.0 after 2 d", "v4.4.3 on v4.4.2 waited 20 d into v4.6.0"},
		},
		"still waiting, and mixed": {
			`a 02-05 12:00 v4.4.1 v4.4.1 v4.4.1
			 b 02-12 12:00 v4.4.2 v4.4.2 v4.4.1`,
			[]string{
				"b v4.4.1 v4.4.2 after unknown", "mixed b for 47 d 12 h",
				"v4.4.2 on v4.4.1 waited 49 d 12 h still", "v4.4.3 on v4.4.1 waited 39 d 12 h still",
			},
		},
		"a way back, a release that nobody knows, a nightly": {
			`a 02-05 12:00 v4.4.2
			 b 02-06 12:00 v4.4.1
			 c 02-07 12:00 v4.9.9
			 d 02-08 12:00 nightly.2025-02-07`,
			[]string{
				"b v4.4.2 v4.4.1 after unknown", "c v4.4.1 v4.9.9 after unknown", "d v4.9.9 nightly.2025-02-07 after 1 d 12 h",
			},
		},
		"a component that is new is no upgrade": {
			`a 02-05 12:00 v4.4.1 v4.4.1
			 b 02-06 12:00 v4.4.1 v4.4.1 v4.4.2`,
			[]string{"mixed b for 53 d 12 h", "v4.4.2 on v4.4.1 waited 49 d 12 h still", "v4.4.3 on v4.4.1 waited 39 d 12 h still"},
		},
		"taken down": {
			`a 02-05 12:00 v4.4.1
			 b 02-11 12:00 -`,
			[]string{"v4.4.2 on v4.4.1 waited 1 d into "},
		},
	} {
		if diff := cmp.Diff(c.want, story(t, ran(t, c.ran))); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()

	b := ran(t, `a 02-05 12:00 v4.4.1 v4.4.1
	             b 02-11 12:00 v4.4.2 v4.4.1
	             c 02-12 12:00 v4.4.2 v4.4.2
	             d 02-11 12:00 v4.4.1 v4.4.1
	             e 02-25 12:00 v4.4.3 v4.4.3`)
	b.Points["mastodon"][3].At = day(t, "02-13 12:00")

	now := day(t, "04-01 00:00")
	got := history.Tell("mastodon", b, releases(t, known), now).Summary(now)
	want := history.Summary{
		Upgrades: 2, Dated: 2, MedianLag: 48 * time.Hour, LongestLag: 120 * time.Hour,
		MixedWindows: 1, MixedTotal: 24 * time.Hour, LongestMixed: 24 * time.Hour,
		Security: 2, MedianWait: 48 * time.Hour, LongestWait: 120 * time.Hour,
	}

	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	if empty := history.Tell("nothing", b, nil, now); len(empty.Upgrades)+len(empty.On()) > 0 {
		t.Errorf("%+v", empty)
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()

	for want, d := range map[string]time.Duration{
		"0 s": 0, "1 s": time.Millisecond, "59 s": 59 * time.Second, "1 min": 61 * time.Second, "2 h": 2 * time.Hour,
		"2 h 5 min": 125 * time.Minute, "3 d 4 h": 76 * time.Hour, "7 d": 168 * time.Hour, "150 d": 150*24*time.Hour + 5*time.Hour,
	} {
		if got := history.Span(d); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
}
