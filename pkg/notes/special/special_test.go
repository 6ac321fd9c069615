package special

import (
	"testing"

	"github.com/goingdark-social/bot/pkg/version"
)

func TestEntriesAreWhole(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	last := version.Line{}
	for _, e := range All() {
		if e.ID == "" || seen[e.ID] || e.Line.Compare(last) < 0 {
			t.Errorf("%q is without a name, named twice, or out of order", e.ID)
		}
		seen[e.ID], last = true, e.Line
		if len(e.Sources) == 0 || (e.Severity == "") != (e.Text == "") || e.Step == "" && e.Text == "" || (e.Step == "") != (e.Phase == "") {
			t.Errorf("%s is not whole: %+v", e.ID, e)
		}
		for _, s := range e.Sources {
			if v := version.Parse(s.Release); v.Kind() != version.Release || s.File != "" && (s.Line == 0 || s.Has == "") {
				t.Errorf("%s: source %+v", e.ID, s)
			}
		}
	}
}

func TestStreaming(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b        string
		same, known bool
	}{
		{"v4.4.3", "v4.4.4", true, true},
		{"v4.4.5", "v4.4.6", false, true}, // a patch release changes it
		{"v4.4.22", "v4.5.0", false, true},
		{"v4.3.1", "v4.3.4", true, true},
		{"v4.3.23", "v4.3.24", false, false},
		{"v4.5.0-rc.1", "v4.5.0", false, false},
		{"v4.2.0", "v4.3.0", false, false},
		{"v4.7.0", "v4.7.1", false, false},
	} {
		a, okA := Streaming(version.Parse(c.a))
		b, okB := Streaming(version.Parse(c.b))
		if (okA && okB) != c.known || c.known && (a == b) != c.same {
			t.Errorf("%s and %s: %q %v, %q %v", c.a, c.b, a, okA, b, okB)
		}
	}
}
