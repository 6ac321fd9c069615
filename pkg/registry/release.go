package registry

import (
	"time"

	"github.com/goingdark-social/bot/pkg/version"
)

// Release is one version across all images of a family.
type Release struct {
	Version version.Version
	Images  []Image // those that exist, in the family's order
	Missing []Missing
	// Contradiction says in one sentence why the images do not belong together; "": nothing known speaks against it.
	Contradiction string
}

// Missing is what a release lacks.
type Missing struct {
	Image    string
	Platform string // "": the tag itself
}

// String names it for people.
func (m Missing) String() string {
	if m.Platform == "" {
		return m.Image
	}

	return m.Image + " for " + m.Platform
}

// Complete tells whether every image exists for every platform that was asked for and nothing known contradicts that they are one release.
func (r Release) Complete() bool {
	return len(r.Images) > 0 && len(r.Missing) == 0 && r.Contradiction == ""
}

// Built is the build time of the youngest image, zero when none is known.
func (r Release) Built() time.Time {
	var youngest time.Time
	for _, i := range r.Images {
		for _, p := range i.Platforms {
			if p.Created.After(youngest) {
				youngest = p.Created
			}
		}
	}

	return youngest
}

// Digest is what an image's tag points to, "" when the release lacks it.
func (r Release) Digest(image string) string {
	for _, i := range r.Images {
		if i.Name == image {
			return i.Digest
		}
	}

	return ""
}
