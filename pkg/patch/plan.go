package patch

import "github.com/goingdark-social/bot/pkg/version"

// Target is the release to move to.
type Target struct {
	Version version.Version
	Digests map[string]string // image → digest of its index, for references that are pinned
	Pin     Pin
}

// Pin is what a reference names: a tag, a digest, or both.
type Pin string

// The pins.
const (
	PinAsIs      Pin = ""           // as each reference is today
	PinTag       Pin = "tag"        // image:tag
	PinDigest    Pin = "digest"     // image@digest
	PinTagDigest Pin = "tag+digest" // image:tag@digest
)

// File is one file before and after a plan.
type File struct {
	Path          string
	Before, After []byte
	Edits         []Edit
}

// Edit is one changed place of a file, for people.
type Edit struct {
	File     string
	Line     int
	Old, New string
}
