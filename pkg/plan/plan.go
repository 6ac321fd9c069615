package plan

import (
	"slices"
	"time"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/version"
)

// The tracks. Each has at most one open pull request.
const (
	Patch = "patch" // the newest release of the current line
	Minor = "minor" // the newest release of the next line
)

// Release is what is known of one listed version.
type Release struct {
	Version version.Version
	// Inspected tells that Missing, Contradiction and Built were looked at.
	// A release that is only listed is asked for in Decision.Inspect when a
	// decision hangs on it.
	Inspected bool
	// Missing names each image or platform that does not exist at this
	// version, in words for a person. Empty: the release is complete.
	Missing []string
	// Contradiction is why its images do not belong together; "" when
	// nothing known speaks against it.
	Contradiction string
	// Built is the build time of the youngest image; zero when unknown.
	Built time.Time
	// Security tells that the release is known to fix a vulnerability.
	Security bool
	// Loses are the advisories that are fixed in what is in use and not in
	// this release, as far as is known.
	Loses []string
}

// Stand is what another application runs and since when; zero: nobody knows.
type Stand struct {
	On    []version.Version
	Since time.Time
	// Rolling tells that what is on the branch does not run everywhere yet.
	Rolling bool
}

// Input is all that a decision depends on.
type Input struct {
	Policy config.Application
	// On is what the application's web and sidekiq say. More than one
	// version, or Mixed, is a state to repair, not an error.
	On []version.Version
	// Mixed tells that some reference is on another version than On.
	Mixed bool
	// Releases is every version that any image of the family lists.
	Releases []Release
	// Declined are the releases whose pull request a person closed.
	Declined []version.Version
	// Open are the releases that open pull requests propose: asked for, or
	// allowed once, so neither an earlier refusal nor a closed window concerns
	// them.
	Open []version.Version
	// Ignored are the releases that a command told the bot to ignore.
	Ignored []version.Version
	// Before is where the application of the policy's `after` stands; nil
	// when there is none or nothing is known of it.
	Before *Stand
	// Limit is how many pull requests may be open in the repository, 0: any
	// number; Room is how many more that leaves. Security releases and what is
	// open already pass.
	Limit, Room int
	// Now is the clock, in the time zone of windows that name none.
	Now time.Time
}

// Proposal is one release that should be in a pull request.
type Proposal struct {
	Track string
	To    version.Version
	// Security tells that it, or a release that it passes over, mends a
	// vulnerability.
	Security bool
	// Repair tells that the release is the one already in use, proposed to
	// bring the references that differ back to it.
	Repair bool
	// Why is a sentence for a person.
	Why string
}

// Held is a newer release that is not proposed.
type Held struct {
	Version version.Version
	Rule    Rule
	Reason  string
	// Security tells that the release itself is known to mend a vulnerability.
	Security bool
}

// Decision is the outcome. Both lists are in descending order of version.
type Decision struct {
	// Current is the version the decision started from; zero when Blocked.
	Current   version.Version
	Proposals []Proposal
	Held      []Held
	// Inspect are the versions that have to be looked at before the decision
	// stands: fill them in and call Make again. Empty: it stands.
	Inspect []version.Version
	// Blocked is why no release at all can be judged newer; "" normally.
	Blocked string
}

// Make decides.
func Make(in Input) Decision {
	current, blocked := base(in)
	if blocked != "" {
		return Decision{Blocked: blocked}
	}

	j := &judge{Input: in, current: current}
	j.next, j.hasNext = j.nextLine()

	d := Decision{Current: current}
	chosen := map[string]version.Version{}
	waiting := map[string]bool{}

	for _, r := range j.newerFirst() {
		if held, ok := j.early(r); ok {
			d.Held = append(d.Held, held)

			continue
		}

		track := j.track(r)
		if to, ok := chosen[track]; ok {
			if !r.Version.Equal(current) {
				d.Held = append(d.Held, Held{r.Version, Superseded, to.String() + " is newer on the same track", r.Security})
			}

			continue
		}

		switch {
		case waiting[track]:
			// A newer release of this track is still to be looked at.
		case !r.Inspected:
			waiting[track] = true
			d.Inspect = append(d.Inspect, r.Version)
		default:
			if held, ok := j.late(r); ok {
				d.Held = append(d.Held, held)

				continue
			}

			chosen[track] = r.Version
			j.opens(r)
			d.Proposals = append(d.Proposals, j.propose(track, r))
		}
	}

	return d
}

// base is the version that newer is measured against: the highest of those in
// use that has a place in the channel's order.
func base(in Input) (current version.Version, blocked string) {
	for _, v := range in.On {
		if !ordered(in.Policy.Channel, v) {
			continue
		}

		if order, ok := version.Compare(v, current); !ok || order > 0 {
			current = v
		}
	}

	if current.Kind() != version.Unknown {
		return current, ""
	}

	return current, blockedBecause(in)
}

// ordered tells whether v has a place in the order that the channel follows: a
// pre-release in use is one, also where the channel admits releases alone.
func ordered(c version.Channel, v version.Version) bool {
	if c == version.Nightlies {
		return c.Admits(v)
	}

	return v.Kind() == version.Release || v.Kind() == version.Prerelease
}

func blockedBecause(in Input) string {
	if len(in.On) == 0 {
		return "no web or sidekiq reference says which version is in use"
	}

	v := in.On[0]

	switch v.Kind() {
	case version.Floating:
		return "it follows the floating tag " + v.Tag() + ", which only `bot bump` moves"
	case version.Nightly:
		return "it is on " + v.String() + " and channel " + string(in.Policy.Channel) +
			" has no order with nightlies: `bot bump` moves it, or `channel: nightly` follows them"
	case version.Unknown, version.Release, version.Prerelease, version.PullRequest:
	}

	return "it is on " + v.Tag() + ", which has no place in channel " + string(in.Policy.Channel) + ": `bot bump` moves it"
}

// newerFirst is every release above the current one in descending order, and
// the current one too where the references are mixed.
func (j *judge) newerFirst() []Release {
	var newer []Release

	for _, r := range j.Releases {
		order, ok := version.Compare(r.Version, j.current)
		if !ok || !r.Version.Fixed() || order < 0 || order == 0 && !j.Mixed {
			continue
		}

		newer = append(newer, r)
	}

	slices.SortFunc(newer, func(a, b Release) int {
		order, _ := version.Compare(b.Version, a.Version)

		return order
	})

	return slices.CompactFunc(newer, func(a, b Release) bool { return a.Version.Equal(b.Version) })
}
