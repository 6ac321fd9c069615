package history

import (
	"slices"
	"time"

	"github.com/goingdark-social/bot/pkg/version"
)

// Wait is a security release of the line that an application was on when it
// came out, and how long the application ran without its fixes.
type Wait struct {
	Version  version.Version
	Released time.Time
	// Ran is the oldest version in use when it came out.
	Ran        version.Version
	Advisories []string
	// Until is when every component had the fixes, by Commit, with Into; zero:
	// not yet.
	Until  time.Time
	Into   version.Version
	Commit string
}

// Span is how long it waited, until now where it still does.
func (w Wait) Span(now time.Time) time.Duration { return span(w.Released, w.Until, now) }

// Open tells that it still waits.
func (w Wait) Open() bool { return w.Until.IsZero() }

// waits finds the security releases that an application was without on the
// day they came out. Only those of its own line at that time count: whether
// a fix in another line was needed here nobody says.
func waits(points []Point, known book, now time.Time) []Wait {
	var all []Wait

	for _, fix := range known {
		if !fix.Security || fix.Date.IsZero() || fix.Date.After(now) {
			continue
		}

		p := at(points, fix.Date)
		if p == nil {
			continue
		}

		ran, exposed := without(*p, fix)
		if !exposed {
			continue
		}

		w := Wait{Version: fix.Version, Released: fix.Date, Ran: ran, Advisories: fix.Advisories}
		w.end(points, known, fix)
		all = append(all, w)
	}

	slices.SortStableFunc(all, func(a, b Wait) int { return a.Released.Compare(b.Released) })

	return all
}

// without is the oldest version of the release's line that a point runs and
// that lacks it.
func without(p Point, fix Release) (version.Version, bool) {
	for _, v := range p.Versions() { // ascending
		if order, ordered := version.Compare(v, fix.Version); ordered && order < 0 && v.Line() == fix.Version.Line() {
			return v, true
		}
	}

	return version.Version{}, false
}

// end finds the point at which everything had the fixes, or was gone.
func (w *Wait) end(points []Point, known book, fix Release) {
	for _, p := range points {
		if p.At.Before(fix.Date) {
			continue
		}

		all := p.Versions()
		if slices.ContainsFunc(all, func(v version.Version) bool { return !known.carries(v, fix) }) {
			continue
		}

		w.Until, w.Commit = p.At, p.Commit
		if len(all) > 0 {
			w.Into = all[0]
		}

		return
	}
}
