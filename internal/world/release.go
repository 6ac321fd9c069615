package world

import (
	"time"

	"github.com/goingdark-social/bot/internal/registrytest"
)

// Release publishes both images of a release, or the one where the family has
// no other.
func (w *World) Release(family registrytest.Family, tag string, built time.Time) {
	if family.Streaming == "" {
		w.WebOnly(family, tag, built)

		return
	}

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
