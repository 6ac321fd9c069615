package drift

import "time"

// Outside is what a tree cannot tell: values that somebody with a registry, a cluster or a database at hand read. What is nil was not
// asked, and the checks that need it are not made.
type Outside struct {
	Registry *Published
	Support  *Support
	Cluster  *Live
	Database *Database
}

// Published is what the registry says of the images in use.
type Published struct {
	Images []PublishedImage
	// Contradictions say, a sentence each, why images of one release do not belong together. Unknown is none.
	Contradictions []Contradiction
}

// PublishedImage is one image in use. Tag and Digest are as they are used.
type PublishedImage struct {
	Image, Tag, Digest string
	// Missing: the registry has no such tag, or no such digest.
	Missing bool
	// Points is the digest that the tag points to now; empty when it is not used by a tag.
	Points    string
	Platforms []string // that can be pulled: linux/amd64
	// First is the digest behind the tag when it was first seen, and Seen when that was; empty when nobody noted it.
	First string
	Seen  time.Time
}

// Contradiction is what speaks against the images of one release belonging together.
type Contradiction struct {
	Tag     string // of the release, as the images bear it
	Message string
}

// Support is what upstream says of the lines in use.
type Support struct {
	Lines    []LineSupport
	Security []SecurityRelease // any that mend a weakness, in any order
}

// LineSupport is how long a line gets fixes.
type LineSupport struct {
	Line      string // 4.4
	Supported bool
	Until     string // the last day, 2006-01-02; empty when none is set
	Source    string // who says so
}

// SecurityRelease is a release that mends a weakness.
type SecurityRelease struct {
	Version  string
	Released time.Time // zero: unknown
	Source   string
}
