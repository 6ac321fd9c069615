package history

import (
	"slices"
	"time"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// Release is what is known of an upstream release.
type Release struct {
	Version version.Version
	// Date is when it came out: its commit's, else the day of its changelog.
	Date time.Time
	// Security tells that its changelog has a security section, Advisories
	// which ids are named there.
	Security   bool
	Advisories []string
}

// Releases puts together what the shipped releases and their changelogs say,
// ascending. Changelogs reach further back than what ships.
func Releases(shipped []facts.Shipped, changelog []facts.Release) []Release {
	var all []Release

	dates := map[string]time.Time{}
	for _, s := range shipped {
		dates[s.Version.String()] = s.Date
	}

	for _, c := range changelog {
		r := Release{Version: version.Parse(c.Version), Security: c.Security, Advisories: c.Advisories}
		if r.Version.Kind() != version.Release && r.Version.Kind() != version.Prerelease {
			continue
		}

		var known bool
		if r.Date, known = dates[r.Version.String()]; !known {
			r.Date, _ = time.Parse(time.DateOnly, c.Date)
		}

		delete(dates, r.Version.String())

		all = append(all, r)
	}

	for _, s := range shipped { // without a section of its own
		if date, ok := dates[s.Version.String()]; ok {
			all = append(all, Release{Version: s.Version, Date: date})
		}
	}

	slices.SortFunc(all, func(a, b Release) int { return version.CompareAny(a.Version, b.Version) })

	return all
}

// book answers questions about releases.
type book []Release

func (b book) find(v version.Version) (Release, bool) {
	for _, r := range b {
		if r.Version.Equal(v) {
			return r, true
		}
	}

	return Release{}, false
}

// released is when a version came out; zero: not known. A nightly has its day
// in its name.
func (b book) released(v version.Version) time.Time {
	if r, ok := b.find(v); ok {
		return r.Date
	}

	day, _ := v.Date()

	return day
}

// carries tells whether a version has the fixes of a security release. One of
// the same line has them from that release on. One of a newer line has them
// from the release on that came out beside it with the same advisories or on
// the same day, or if its line began after it. What is newer than all that is
// known has them.
func (b book) carries(v version.Version, fix Release) bool {
	order, ordered := version.Compare(v, fix.Version)
	if !ordered || order < 0 {
		return false
	}

	if v.Line() == fix.Version.Line() {
		return true
	}

	begun := time.Time{}

	for _, r := range b {
		if r.Version.Line() != v.Line() {
			continue
		}

		if begun.IsZero() && r.Version.Kind() == version.Release {
			begun = r.Date
		}

		if upTo, _ := version.Compare(r.Version, v); upTo <= 0 && beside(r, fix) {
			return true
		}
	}

	return begun.IsZero() || begun.After(fix.Date)
}

// beside tells two security releases of one fix in two lines.
func beside(a, b Release) bool {
	if !a.Security {
		return false
	}

	if slices.ContainsFunc(a.Advisories, func(id string) bool { return slices.Contains(b.Advisories, id) }) {
		return true
	}

	return a.Date.Sub(b.Date).Abs() <= 36*time.Hour
}
