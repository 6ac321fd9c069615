package notes

import (
	"time"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// DefaultSource is where glitch-soc is developed.
const DefaultSource = "https://github.com/glitch-soc/mastodon"

// Input is all that notes are made of.
type Input struct {
	Application string
	// From are the tags that the application's references name today, one where nothing is mixed.
	From []string
	To   version.Version
	// Crossed are the releases after From, up to and with To, as far as they are known; any order.
	Crossed []Release
	// FromFacts are the facts of [Base] and ToFacts those of To; nil is unknown.
	FromFacts, ToFacts *facts.Facts
	// Inventory is the repository's part that belongs to the application; nil is unknown.
	Inventory *inventory.Inventory
	// Mixed are sentences about references that named something else than Base, each with its file and line.
	Mixed []string
	// Urgent says that upstream's update check calls To urgent. Default: not known to be.
	Urgent bool
	// EndOfSupport is the last day of the line in use as the update check says it, 2006-01-02. Default: what the releases say.
	EndOfSupport string
	// Rows are estimated numbers of rows of the user's tables, by name. Default: not known.
	Rows map[string]int64
	// Source is the address of the upstream repository. Default: DefaultSource.
	Source string
}

// Release is one release on the way.
type Release struct {
	Version string `json:"version"`
	// Date is when it was made, zero when unknown.
	Date     time.Time `json:"date,omitzero"`
	Security bool      `json:"security"`
	// Advisories are the ids that its changelog names, as far as facts are known.
	Advisories []string `json:"advisories"`
	// Source says where this is known from: "registry", "CHANGELOG.md:12".
	Source string `json:"source"`
	// URL of its release page, empty when it has none.
	URL string `json:"url"`
	// Changelog is the address of its section in the target's changelog, empty when it has none.
	Changelog string `json:"changelog"`
}

// Base is the version that an upgrade starts from: the oldest of those in use that can be compared with the target, since
// everything after it has to be done. It is the zero Version when none can.
func Base(from []string, to version.Version) version.Version {
	var base version.Version
	for _, tag := range from {
		v := version.Parse(tag)
		if _, ok := version.Compare(v, to); !ok {
			continue
		}
		if order, ok := version.Compare(v, base); !ok || order < 0 {
			base = v
		}
	}
	return base
}
