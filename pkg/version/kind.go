package version

import "fmt"

// Kind is what a tag promises about the build behind it.
type Kind int

// The kinds of tags. The zero Kind is Unknown.
const (
	Unknown     Kind = iota // a shape that no workflow gives
	Release                 // v4.4.3
	Prerelease              // v4.5.0-rc.1
	Nightly                 // nightly.2026-01-02, nightly.2026-01-03-security
	Floating                // latest, edge, nightly, v4, v4.4
	PullRequest             // pr-123, pr-123-0a1b2c3
)

// String names the kind in one lower-case word or two.
func (k Kind) String() string {
	switch k {
	case Release:
		return "release"
	case Prerelease:
		return "pre-release"
	case Nightly:
		return "nightly"
	case Floating:
		return "floating"
	case PullRequest:
		return "pull request"
	default:
		return "unknown"
	}
}

// Channel is a policy's word for the versions that an application follows.
type Channel string

// The channels. Nightlies never mix with releases: no channel admits both.
const (
	Stable      Channel = "stable"     // releases
	Prereleases Channel = "prerelease" // releases and pre-releases
	Nightlies   Channel = "nightly"    // dated nightlies
)

// Channels lists all channels, the default first.
func Channels() []Channel { return []Channel{Stable, Prereleases, Nightlies} }

// ParseChannel reads a channel's name as it stands in a policy.
func ParseChannel(s string) (Channel, error) {
	for _, c := range Channels() {
		if s == string(c) {
			return c, nil
		}
	}

	return "", fmt.Errorf("unknown channel %q: use %s, %s or %s", s, Stable, Prereleases, Nightlies)
}

// Admits tells whether an application on this channel may be moved to v. Floating tags, pull requests and unknown tags are
// admitted by none, and a channel that does not exist admits nothing.
func (c Channel) Admits(v Version) bool {
	switch c {
	case Stable:
		return v.kind == Release
	case Prereleases:
		return v.kind == Release || v.kind == Prerelease
	case Nightlies:
		return v.kind == Nightly
	default:
		return false
	}
}
