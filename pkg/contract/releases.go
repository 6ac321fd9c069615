package contract

// Releases is the result of bot releases: what a registry holds.
type Releases struct {
	// Version of the contract.
	Version int `json:"version" jsonschema:"enum=1"`
	// Images that make one release, web first.
	Images List[string] `json:"images"`
	// Releases are in the order of the command's text.
	Releases List[Release] `json:"releases"`
}

// Release is one version across all images.
type Release struct {
	// Version of the release.
	Version string `json:"version"`
	// Channel is the narrowest that admits it: stable, prerelease or nightly; empty: none does.
	Channel string `json:"channel" jsonschema:"enum=stable,enum=prerelease,enum=nightly,enum="`
	// Complete says that every image exists for every platform and nothing contradicts that they belong together.
	Complete bool `json:"complete"`
	// Built is when the youngest image was built (RFC 3339, UTC); empty: not known.
	Built string `json:"built"`
	// Missing is what it lacks.
	Missing List[MissingImage] `json:"missing"`
	// Contradiction says why its images do not belong together; empty: nothing says so.
	Contradiction string `json:"contradiction"`
}

// MissingImage is an image that a release lacks.
type MissingImage struct {
	// Image without tag.
	Image string `json:"image"`
	// Platform that it lacks; empty: the tag itself is not there.
	Platform string `json:"platform"`
}

// NewReleases returns a result without releases.
func NewReleases() Releases {
	return Releases{Version: Version, Images: List[string]{}, Releases: List[Release]{}}
}

// NewRelease returns a release of which nothing is known.
func NewRelease(version string) Release {
	return Release{Version: version, Missing: List[MissingImage]{}}
}
