package world

import (
	"time"

	"github.com/goingdark-social/bot/internal/registrytest"
)

// glitch is the family that the world publishes.
func glitch() registrytest.Family { return registrytest.GlitchSoc() }

// Release publishes both images of a release.
func (w *World) Release(tag string, built time.Time) { w.ReleaseOf(glitch(), tag, built) }

// ReleaseOf publishes both images of a release of another family.
func (w *World) ReleaseOf(family registrytest.Family, tag string, built time.Time) {
	w.Registry.AnnounceRelease(family, tag, built)
}

// WebOnly publishes the web image of a release: upstream's job for streaming
// is late, as it is now and then.
func (w *World) WebOnly(family registrytest.Family, tag string, built time.Time) {
	w.Registry.Announce(registrytest.Image{
		Name: family.Web, Tag: tag, Created: built, Revision: registrytest.FakeRevision(tag),
	})
}

// StreamingToo publishes the image that was late.
func (w *World) StreamingToo(family registrytest.Family, tag string, built time.Time) {
	w.Registry.Announce(registrytest.Image{Name: family.Streaming, Tag: tag, Created: built})
}
