package notes

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

func TestBelow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"13", "14.0", true},
		{"14", "14.0", false},
		{"16.3", "14", false},
		{"7.2.5", "7.4", true},
		{"7", "7.4", false}, // nobody knows which 7
		{"9", "10", true},
		{"latest", "14", false},
		{"", "14", false},
	} {
		if got := below(c.a, c.b); got != c.want {
			t.Errorf("below(%q, %q) = %v", c.a, c.b, got)
		}
	}
}

func TestSkippedLines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to string
		crossed  []string
		want     string
	}{
		{"v4.4.3", "v4.4.9", nil, ""},
		{"v4.4.3", "v4.5.0", nil, ""},
		{"v4.3.8", "v4.5.0", nil, "4.4"},
		{"v4.2.0", "v4.5.0", nil, "4.3, 4.4"},
		{"v3.5.0", "v4.1.0", []string{"v4.0.0", "v4.0.2", "v4.1.0"}, "4.0"},
		{"v3.5.0", "v4.0.0", []string{"v4.0.0"}, ""},
		{"v4.5.0", "v4.3.0", nil, ""},
		{"nightly.2025-01-01", "v4.5.0", nil, ""},
	} {
		in := Input{From: []string{c.from}, To: version.Parse(c.to)}
		for _, r := range c.crossed {
			in.Crossed = append(in.Crossed, Release{Version: r})
		}
		w := &writer{in: in, base: Base(in.From, in.To)}
		w.releases()
		if got := lines(w.skipped()); got != c.want {
			t.Errorf("%s to %s skips %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

// Of another line's releases those younger than the target are not crossed; without dates nobody can tell.
func TestParallelLines(t *testing.T) {
	t.Parallel()
	day := func(d int) time.Time { return time.Date(2025, 11, d, 0, 0, 0, 0, time.UTC) }
	n := Between(Input{
		From: []string{"v4.4.3"}, To: version.Parse("v4.5.0"),
		Crossed: []Release{
			{Version: "v4.4.8", Date: day(1)},
			{Version: "v4.4.9", Date: day(20)},
			{Version: "v4.4.10"},
			{Version: "v4.5.0-rc.1", Date: day(2)},
			{Version: "v4.5.0", Date: day(6)},
			{Version: "v4.5.1", Date: day(30)},
			{Version: "v4.4.3", Date: day(1)},
			{Version: "nightly.2025-11-02"},
		},
	})
	var got []string
	for _, r := range n.Releases {
		got = append(got, r.Version)
	}
	if diff := cmp.Diff([]string{"v4.5.0", "v4.4.10", "v4.4.8"}, got); diff != "" {
		t.Error(diff)
	}
}

// A variable that only migrations still read is of use to the migrate Job.
func TestReadByMigrations(t *testing.T) {
	t.Parallel()
	f := &facts.Facts{Environment: []facts.Variable{{Name: "OTP_SECRET", Scopes: []facts.Scope{facts.Migrate}}}}
	for _, c := range []struct {
		components []inventory.Component
		want       bool
	}{
		{[]inventory.Component{inventory.Web, inventory.Migrate}, true},
		{[]inventory.Component{inventory.Web}, false},
	} {
		if got := read(f.Variable("OTP_SECRET"), inventory.Setting{Components: c.components}); got != c.want {
			t.Errorf("%v: %v", c.components, got)
		}
	}
}
