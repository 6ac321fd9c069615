package registrytest

import (
	"fmt"
	"time"
)

// Family names the two repositories of one application.
type Family struct{ Web, Streaming string }

// GlitchSoc is the family at ghcr.io/glitch-soc.
func GlitchSoc() Family {
	return Family{Web: "glitch-soc/mastodon", Streaming: "glitch-soc/mastodon-streaming"}
}

// AnnounceRelease publishes both images of a release, built at the given time: web knows its commit, streaming does not.
func (s *Server) AnnounceRelease(f Family, tag string, created time.Time) {
	s.announce(f, tag, "", created)
}

// AnnounceNightly publishes both images of a nightly, whose environment carries the tag.
func (s *Server) AnnounceNightly(f Family, tag string, created time.Time) {
	s.announce(f, tag, tag, created)
}

func (s *Server) announce(f Family, tag, prerelease string, created time.Time) {
	s.Announce(Image{Name: f.Web, Tag: tag, Created: created, Prerelease: prerelease, Revision: FakeRevision(tag)})
	s.Announce(Image{Name: f.Streaming, Tag: tag, Created: created.Add(7 * time.Minute), Prerelease: prerelease})
}

// zooReleases are made-up dates for real version numbers, oldest first; a floating tag follows its release. A beta of vanilla is pushed
// under both of its spellings.
func zooReleases() []string {
	return []string{
		"v4.3.0-beta.1", "4.3.0b1", "v4.3.0-beta.2", "4.3.0b2", "v4.3.0-rc.1", "4.3.0rc1", "v4.3.0", "v4.3", "v4.3.1", "v4.3.2", "v4.3.3",
		"v4.3.4", "v4.3.5", "v4.3.6", "v4.3.7", "v4.4.0-beta.1", "4.4.0b1", "v4.4.0-rc.1", "4.4.0rc1", "v4.3.8", "v4.4.0", "v4.4", "v4.3.9",
		"v4.4.1", "v4.4.2", "v4.3.10", "v4.4.3", "v4.3.11", "v4.5.0-beta.1", "4.5.0b1", "v4.4.4", "v4.5.0-rc.1", "4.5.0rc1", "v4.5.0", "v4.5", "v4.5.1",
		"latest",
	}
}

// AnnounceZoo fills both repositories with tags of all shapes as three years leave them: daily nightlies until the given day, the
// releases v4.3.0-beta.1 to v4.5.1 between them, pull requests, floating tags. It returns how many tags each repository has.
func (s *Server) AnnounceZoo(f Family, until time.Time) int {
	const days = 3*365 + 1

	first := until.UTC().Truncate(24*time.Hour).AddDate(0, 0, -days)
	releases := zooReleases()
	every := days / len(releases)

	s.AnnounceNightly(f, "edge", first)
	s.AnnounceNightly(f, "nightly", first)

	for day := range days + 1 {
		at := first.AddDate(0, 0, day).Add(2 * time.Hour)
		s.AnnounceNightly(f, "nightly."+at.Format(time.DateOnly), at)

		if day%100 == 50 { // embargoed fixes are built in the evening, under the next day's date
			s.AnnounceNightly(f, "nightly."+at.AddDate(0, 0, 1).Format(time.DateOnly)+"-security", at.Add(16*time.Hour))
		}

		if day%30 == 15 {
			pr := fmt.Sprintf("pr-%d", 2000+day)
			s.AnnounceRelease(f, pr, at)
			s.AnnounceRelease(f, pr+"-"+FakeRevision(pr)[:7], at)
		}

		if day%every == 0 && day/every < len(releases) {
			s.AnnounceRelease(f, releases[day/every], at.Add(10*time.Hour))
		}
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	return len(s.repos[f.Web].tags)
}
