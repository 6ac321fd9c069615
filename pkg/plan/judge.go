package plan

import (
	"fmt"
	"slices"

	"github.com/goingdark-social/bot/pkg/version"
)

// judge holds one decision's input and what follows from it at once.
type judge struct {
	opened int // proposed here and not open yet

	Input

	current version.Version
	next    version.Line
	hasNext bool
}

// nextLine is the lowest line above the current one of which the channel has a
// release. Mastodon asks that a release of every line is deployed, so a line
// whose release is incomplete is waited for, not jumped over.
func (j *judge) nextLine() (line version.Line, found bool) {
	for _, r := range j.Releases {
		l := r.Version.Line()
		if !j.Policy.Channel.Admits(r.Version) || l.Compare(j.current.Line()) <= 0 {
			continue
		}

		if !found || l.Compare(line) < 0 {
			line, found = l, true
		}
	}

	return line, found
}

// track is where a release that the early rules let through belongs. Nightlies
// have no lines and all follow the patch track.
func (j *judge) track(r Release) string {
	if r.Version.Line().Compare(j.current.Line()) > 0 {
		return Minor
	}

	return Patch
}

func (j *judge) propose(track string, r Release) Proposal {
	p := Proposal{Track: track, To: r.Version, Security: j.mends(r)}

	switch {
	case r.Version.Equal(j.current):
		p.Repair = true
		p.Why = "references are on different versions; " + r.Version.String() + " is what web and sidekiq run"
	case r.Version.Kind() == version.Nightly:
		p.Why = "newest complete nightly"
	default:
		p.Why = fmt.Sprintf("newest complete release of %s that the policy admits", r.Version.Line())
	}

	if p.Security {
		p.Why += "; it mends a vulnerability"
	}

	return p
}

// mends tells whether going to r crosses a security release of its line, r
// itself included.
func (j *judge) mends(r Release) bool {
	return slices.ContainsFunc(j.Releases, func(other Release) bool {
		return other.Security && other.Version.Line() == r.Version.Line() &&
			atLeast(r.Version, other.Version) && !atLeast(j.current, other.Version)
	})
}

// early applies the rules that need nothing but the listing.
func (j *judge) early(r Release) (Held, bool) {
	if r.Version.Equal(j.current) {
		return Held{}, false // a repair goes to what is already in use
	}

	return j.first(r, earlyRules)
}

// late applies the rules that need the release looked at.
func (j *judge) late(r Release) (Held, bool) {
	return j.first(r, lateRules)
}

func (j *judge) first(r Release, rules []rule) (Held, bool) {
	for _, rule := range rules {
		if reason := rule.holds(j, r); reason != "" {
			if r.Security {
				reason += " (this is a security release)"
			}

			return Held{r.Version, rule.id, reason, r.Security}, true
		}
	}

	return Held{}, false
}

func contains(list []version.Version, v version.Version) bool {
	return slices.ContainsFunc(list, v.Equal)
}
