package notes

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// embedded are the facts of a release as they ship.
func embedded(t testing.TB, v string) *facts.Facts {
	t.Helper()
	f, err := facts.Embedded(version.Parse(v))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// between judges two real releases, for the example with the warts or for nobody's repository.
func between(t testing.TB, from, to, example string) Notes {
	t.Helper()
	in := Input{From: []string{from}, To: version.Parse(to), FromFacts: embedded(t, from), ToFacts: embedded(t, to)}
	if example != "" {
		in.Application, in.Inventory = "mastodon", take(t, os.DirFS("../../examples/"+example))
	}
	return Between(in)
}

// What the real releases say, and what they do to examples/as-noted. The verdicts and the counts are known from the source
// by other means: git ls-tree of db/migrate and db/post_migrate at both tags.
func TestRealReleases(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to                      string
		verdict                       Verdict
		pre, post, undone, gain, lost int
	}{
		{"v4.4.3", "v4.5.0", PreOnly, 15, 0, 0, 4, 0},
		{"v4.3.8", "v4.4.3", TwoPhase, 62, 5, 0, 1, 0},
		{"v4.3.22", "v4.4.3", TwoPhase, 62, 5, 0, 0, 14},
		{"v4.3.22", "v4.5.0", TwoPhase, 77, 5, 0, 1, 11},
		{"v4.4.3", "v4.4.4", NoMigrations, 0, 0, 0, 0, 0},
		{"v4.4.3", "v4.4.22", NoMigrations, 0, 0, 0, 28, 0},
		{"v4.5.15", "v4.6.0", PreOnly, 36, 0, 0, 0, 5},
		{"v4.5.15", "v4.6.5", PreOnly, 36, 0, 0, 1, 0},
		{"v4.5.0", "v4.4.3", Downgrade, 0, 0, 15, 0, 4},
	} {
		t.Run(c.from+" to "+c.to, func(t *testing.T) {
			t.Parallel()
			n := between(t, c.from, c.to, "as-noted")
			m := n.Migrations
			got := []any{n.Verdict, m.Fresh(m.Pre), m.Fresh(m.Post), len(m.Undone), len(n.Advisories), len(n.AdvisoriesLost)}
			if diff := cmp.Diff([]any{c.verdict, c.pre, c.post, c.undone, c.gain, c.lost}, got); diff != "" {
				t.Error(diff)
			}
			golden(t, filepath.Join("testdata", "real", c.from+"-"+c.to+".txt"), digest(n))
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

// digest is what a person can hold against the source and the example: names, counts, places.
func digest(n Notes) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("%s: %s", n.Verdict, n.Why)
	line("stop: %s", n.Stop)
	line("back: %s", n.Back)
	line("support: %s (%s)", n.Support.words(), n.Support.Source)
	for _, r := range n.Releases {
		line("release %s %s security=%v %v %s", r.Version, day(r.Date), r.Security, r.Advisories, r.Source)
	}
	line("fixed %v", n.Advisories)
	line("lost %v", n.AdvisoriesLost)
	line("unnamed %v", n.AdvisoriesUnnamed)
	line("releases lost %v", n.ReleasesLost)
	line("renamed %v", n.Migrations.Renamed)
	line("edited %d", len(n.Migrations.Edited))
	line("tables %v %v", n.Schema.TablesAdded, n.Schema.TablesRemoved)
	line("columns %d %d, indexes %d %d", len(n.Schema.ColumnsAdded), len(n.Schema.ColumnsRemoved), len(n.Schema.IndexesAdded), len(n.Schema.IndexesRemoved))
	line("variables added %d, removed %v", len(n.Environment.Added), n.Environment.Removed)
	for _, y := range n.Environment.Yours {
		line("yours %s %s %s:%d", y.Name, y.Problem, y.File, y.Line)
	}
	for _, r := range n.Runtimes {
		line("runtime %s %s to %s, floor %s, yours %s (%s)", r.Name, r.From, r.To, r.Floor, r.Yours, r.Source)
	}
	for _, c := range n.Changes {
		if c.Risk != Brief || c.Irreversible {
			line("change %s %s %s: %s, lock %q rewrite=%v big=%v irreversible=%v (%s)", c.Phase, c.Risk, c.Table, c.Does, c.Lock, c.Rewrite, c.Big, c.Irreversible, c.Source)
		}
	}
	for _, h := range n.Hazards {
		line("%s %s (%s)", h.Severity, h.ID, h.Source)
	}
	for _, s := range n.Steps {
		line("step %s [%s] %s (%s)\n\t%s", s.Phase, s.By, s.Title, s.Source, strings.ReplaceAll(s.Command, "\n", "\n\t"))
	}
	return b.String()
}

// Of the releases of a line, the newest that a server can go to is the one that loses nothing.
func TestLostPrefersTheTargetThatHasTheFixes(t *testing.T) {
	t.Parallel()
	from := embedded(t, "v4.3.22")
	for to, want := range map[string]int{"v4.4.3": 14, "v4.5.0": 11, "v4.5.6": 3, "v4.5.9": 0, "v4.5.15": 0, "v4.4.16": 0} {
		if got := Lost(from, embedded(t, to)); len(got) != want {
			t.Errorf("from v4.3.22 to %s %d fixes are lost: %v, want %d", to, len(got), got, want)
		}
	}
	if got := Lost(nil, from); got != nil {
		t.Errorf("of an unknown release %v are lost", got)
	}
}

// The same upgrade counted from every release of a line: none is lost by staying in it, and going back always is a loss of
// what was fixed since.
func TestEveryPairOfALine(t *testing.T) {
	t.Parallel()
	var line []*facts.Facts
	for _, s := range facts.All() {
		if s.Version.Line().String() == "4.4" && s.Version.Kind() == version.Release {
			line = append(line, embedded(t, s.Version.String()))
		}
	}
	for i, older := range line {
		for _, newer := range line[i+1:] {
			if lost := Lost(older, newer); len(lost) > 0 {
				t.Errorf("%s to %s loses %v", older.Version, newer.Version, lost)
			}
			if back, ahead := Lost(newer, older), (&writer{in: Input{FromFacts: older, ToFacts: newer}}); true {
				ahead.advisories()
				if diff := cmp.Diff(back, ahead.notes.Advisories); diff != "" && len(back)+len(ahead.notes.Advisories) > 0 {
					t.Errorf("%s to %s gains what going back does not lose: %s", older.Version, newer.Version, diff)
				}
			}
		}
	}
}

func BenchmarkReal(b *testing.B) {
	in := Input{From: []string{"v4.3.22"}, To: version.Parse("v4.5.0"), FromFacts: embedded(b, "v4.3.22"), ToFacts: embedded(b, "v4.5.0")}
	in.Inventory = take(b, os.DirFS("../../examples/as-noted"))
	for b.Loop() {
		n := Between(in)
		if n.Markdown() == "" {
			b.Fatal("nothing")
		}
	}
}
