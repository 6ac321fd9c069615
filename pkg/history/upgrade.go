package history

import (
	"slices"
	"time"

	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/version"
)

// Upgrade is one move of an application to another version.
type Upgrade struct {
	// From is what the components that moved first ran before, the newest of
	// it; To is where they moved.
	From, To version.Version
	// Released is when To came out; zero: not known.
	Released time.Time
	Security bool
	// Moved is when the first component was moved, by Commit. Whole is when all
	// were; zero: they never were before the next upgrade.
	Moved, Whole time.Time
	Commit       string
}

// Back tells a move to an older version.
func (u Upgrade) Back() bool {
	order, ordered := version.Compare(u.To, u.From)

	return ordered && order < 0
}

// Lag is how long after the release every component ran it; false where the
// release's date is not known, nothing was ever whole, or it is a way back.
func (u Upgrade) Lag() (time.Duration, bool) {
	if u.Released.IsZero() || u.Whole.IsZero() || u.Back() {
		return 0, false
	}

	return max(u.Whole.Sub(u.Released), 0), true
}

// upgrades finds, for each version, the stretches of points in which some
// component runs it, after one that ran something else.
func upgrades(points []Point, known book) []Upgrade {
	var all []Upgrade

	for i := 1; i < len(points); i++ {
		for _, to := range points[i].Versions() {
			from, moved := left(points[i-1], points[i], to)
			if !moved || points[i-1].runs(to) {
				continue
			}

			r, _ := known.find(to)
			all = append(all, Upgrade{
				From: from, To: to, Released: known.released(to), Security: r.Security,
				Moved: points[i].At, Commit: points[i].Commit, Whole: whole(points[i:], to),
			})
		}
	}

	return all
}

// left is the newest version that components which run to now ran before;
// false when none of them was there.
func left(before, now Point, to version.Version) (from version.Version, moved bool) {
	for _, run := range now.Runs {
		if !run.Version.Equal(to) {
			continue
		}

		for _, was := range before.of(run.Component) {
			if !was.Equal(to) && (!moved || version.CompareAny(was, from) > 0) {
				from, moved = was, true
			}
		}
	}

	return from, moved
}

// whole is when all components run a version, while any does.
func whole(points []Point, v version.Version) time.Time {
	for _, p := range points {
		if !p.runs(v) {
			break
		}

		if !slices.ContainsFunc(p.Runs, func(run patch.Run) bool { return !run.Version.Equal(v) }) {
			return p.At
		}
	}

	return time.Time{}
}

// Window is a stretch of time in which components were on different versions.
type Window struct {
	From time.Time
	// To is when it ended; zero: it has not.
	To time.Time
	// Commit began it.
	Commit string
	// Runs is what they ran at its beginning.
	Runs []patch.Run
}

// Span is how long it was, until now where it goes on.
func (w Window) Span(now time.Time) time.Duration { return span(w.From, w.To, now) }

func span(from, to, now time.Time) time.Duration {
	if to.IsZero() {
		to = now
	}

	return max(to.Sub(from), 0)
}

// mixed finds the windows.
func mixed(points []Point) []Window {
	var (
		all  []Window
		open bool
	)

	for _, p := range points {
		switch several := len(p.Versions()) > 1; {
		case several && !open:
			all = append(all, Window{From: p.At, Commit: p.Commit, Runs: p.Runs})
			open = true
		case !several && open:
			all[len(all)-1].To = p.At
			open = false
		}
	}

	return all
}
