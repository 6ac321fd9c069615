package history

import (
	"slices"
	"time"

	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/version"
)

// Application is the story of one application.
type Application struct {
	Name string
	// Since is when it is first seen; Cut tells that it was there before.
	Since time.Time
	Cut   bool
	// Points are what it ran, the oldest first.
	Points []Point
	// Upgrades, Mixed and Waits are in the order in which they began.
	Upgrades []Upgrade
	Mixed    []Window
	Waits    []Wait
	// Releases are those that came out while it was there, ascending by date.
	Releases []Release
}

// Tell tells the story of an application from its points. Without points it
// is empty. now ends what still goes on.
func Tell(name string, b *Branch, releases []Release, now time.Time) Application {
	a := Application{Name: name, Points: b.Points[name]}
	if len(a.Points) == 0 {
		return a
	}

	known := book(releases)

	a.Since = a.Points[0].At
	a.Cut = b.Cut && a.Since.Equal(b.Since)
	a.Upgrades = upgrades(a.Points, known)
	a.Mixed = mixed(a.Points)
	a.Waits = waits(a.Points, known, now)
	a.Releases = cameOut(a.Points, known, now)

	return a
}

// On is what it runs at the last point, each version once, ascending.
func (a Application) On() []version.Version {
	if len(a.Points) == 0 {
		return nil
	}

	return a.Points[len(a.Points)-1].Versions()
}

// Versions are what a point runs, each once, ascending.
func (p Point) Versions() []version.Version {
	var all []version.Version

	for _, run := range p.Runs {
		if !slices.ContainsFunc(all, run.Version.Equal) {
			all = append(all, run.Version)
		}
	}

	slices.SortFunc(all, version.CompareAny)

	return all
}

// of is what a point runs as one component.
func (p Point) of(c patch.Component) []version.Version {
	var all []version.Version

	for _, run := range p.Runs {
		if run.Component == c {
			all = append(all, run.Version)
		}
	}

	return all
}

// runs tells whether a point runs a version.
func (p Point) runs(v version.Version) bool {
	return slices.ContainsFunc(p.Runs, func(run patch.Run) bool { return run.Version.Equal(v) })
}

// at is the point that a time falls into; nil before the first.
func at(points []Point, when time.Time) *Point {
	var found *Point

	for i := range points {
		if !points[i].At.After(when) {
			found = &points[i]
		}
	}

	return found
}

// cameOut is the releases of the lines that it ran, and of the next newer
// ones, that came out between its first point and now, by date.
func cameOut(points []Point, known book, now time.Time) []Release {
	var all []Release

	for _, r := range known {
		if r.Date.Before(points[0].At) || r.Date.After(now) || r.Version.Kind() != version.Release {
			continue
		}

		all = append(all, r)
	}

	slices.SortStableFunc(all, func(a, b Release) int { return a.Date.Compare(b.Date) })

	return all
}
