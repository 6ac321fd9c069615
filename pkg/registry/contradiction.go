package registry

import (
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/pkg/version"
)

// fact is something that is known about one platform of one image.
type fact struct{ value, where string }

// contradiction compares all that is known, on platforms that nobody asked for too: an index whose halves differ was put together wrongly.
// Unknown holds nothing up: streaming never knows its commit, and web only since 4.4.0.
func contradiction(v version.Version, images []Image) string {
	var revisions, prereleases []fact
	for _, i := range images {
		for _, p := range i.Platforms {
			where := i.Name + " for " + p.Name
			if p.Revision != "" {
				revisions = append(revisions, fact{p.Revision, where})
			}

			if p.PrereleaseKnown {
				prereleases = append(prereleases, fact{p.Prerelease, where})
			}
		}
	}

	if a, b, ok := conflict(revisions, sameCommit); ok {
		return fmt.Sprintf("%s was built from commit %s, %s from %s", a.where, a.value, b.where, b.value)
	}

	if a, b, ok := conflict(prereleases, sameText); ok {
		return fmt.Sprintf("%s says it is %s, %s says it is %s", a.where, spoken(a.value), b.where, spoken(b.value))
	}

	return untruthful(v, prereleases)
}

// conflict finds the first two facts that can't both hold of one release.
func conflict(facts []fact, same func(a, b string) bool) (a, b fact, found bool) {
	for i, a := range facts {
		for _, b := range facts[i+1:] {
			if !same(a.value, b.value) {
				return a, b, true
			}
		}
	}

	return a, b, false
}

// untruthful tells a nightly whose content names another night than its tag; the workflow writes the same text into both.
func untruthful(v version.Version, prereleases []fact) string {
	for _, f := range prereleases {
		if v.Kind() == version.Nightly && f.value != "" && f.value != v.String() {
			return fmt.Sprintf("%s says it is %s, and its tag says %s", f.where, f.value, v)
		}
	}

	return ""
}

func sameText(a, b string) bool { return a == b }

// sameCommit takes a hash that was shortened, as git does to 7 digits or more, for the whole one.
func sameCommit(a, b string) bool {
	const shortest = 7

	return a == b || min(len(a), len(b)) >= shortest && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a))
}

func spoken(prerelease string) string {
	if prerelease == "" {
		return "a release"
	}

	return prerelease
}
