package registry_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/version"
)

func TestInspect(t *testing.T) {
	t.Parallel()

	const repoWeb, repoStreaming = "glitch-soc/mastodon", "glitch-soc/mastodon-streaming"

	one, two := registrytest.FakeRevision("one"), registrytest.FakeRevision("two")
	both := []string{"linux/amd64", "linux/arm64"}
	night := "nightly.2026-01-02"

	for name, c := range map[string]struct {
		version     string
		platforms   []string
		publish     []registrytest.Image
		missing     []registry.Missing
		contradicts string // part of the sentence
	}{
		"complete": {
			"v4.4.3", both,
			[]registrytest.Image{{Name: repoWeb, Tag: "v4.4.3", Revision: one}, {Name: repoStreaming, Tag: "v4.4.3"}},
			nil, "",
		},
		"nothing known at all": {
			"v4.3.0", both,
			[]registrytest.Image{{Name: repoWeb, Tag: "v4.3.0"}, {Name: repoStreaming, Tag: "v4.3.0"}},
			nil, "",
		},
		"streaming late": {
			"v4.4.3", both,
			[]registrytest.Image{{Name: repoWeb, Tag: "v4.4.3", Revision: one}, {Name: repoStreaming, Tag: "v4.4.2"}},
			[]registry.Missing{{Image: streaming}},
			"",
		},
		"nothing there": {
			"v4.4.9", both,
			[]registrytest.Image{{Name: repoWeb, Tag: "v4.4.3"}, {Name: repoStreaming, Tag: "v4.4.3"}},
			[]registry.Missing{{Image: web}, {Image: streaming}},
			"",
		},
		"a platform short": {
			"v4.4.3", both,
			[]registrytest.Image{{Name: repoWeb, Tag: "v4.4.3", Platforms: []string{"linux/amd64"}}, {Name: repoStreaming, Tag: "v4.4.3"}},
			[]registry.Missing{{Image: web, Platform: "linux/arm64"}},
			"",
		},
		"a platform short that nobody asks for": {
			"v4.4.3", both[:1],
			[]registrytest.Image{{Name: repoWeb, Tag: "v4.4.3", Platforms: []string{"linux/amd64"}}, {Name: repoStreaming, Tag: "v4.4.3"}},
			nil, "",
		},
		"an index without images": {
			"v4.4.3", both[:1],
			[]registrytest.Image{{Name: repoWeb, Tag: "v4.4.3", Platforms: []string{}}, {Name: repoStreaming, Tag: "v4.4.3"}},
			[]registry.Missing{{Image: web, Platform: "linux/amd64"}},
			"",
		},
		"PEP 440 spelling in one image": {
			"4.3.0b1", both,
			[]registrytest.Image{{Name: repoWeb, Tag: "v4.3.0-beta.1"}, {Name: repoStreaming, Tag: "4.3.0b1"}},
			nil, "",
		},
		"commits differ between platforms": {
			"v4.4.3", both,
			[]registrytest.Image{{Name: repoWeb, Tag: "v4.4.3", Revision: one, Revisions: map[string]string{"linux/arm64": two}}, {Name: repoStreaming, Tag: "v4.4.3"}},
			nil, two,
		},
		"commits differ between images": {
			"v4.4.3", both,
			[]registrytest.Image{{Name: repoWeb, Tag: "v4.4.3", Revision: one}, {Name: repoStreaming, Tag: "v4.4.3", Revision: two}},
			nil, streaming,
		},
		"a shortened commit is the same": {
			"v4.4.3", both,
			[]registrytest.Image{{Name: repoWeb, Tag: "v4.4.3", Revision: one}, {Name: repoStreaming, Tag: "v4.4.3", Revision: one[:10]}},
			nil, "",
		},
		"a revision that is no revision": {
			"v4.4.3", both,
			[]registrytest.Image{{Name: repoWeb, Tag: "v4.4.3", Revision: "\x1b[31m<!-- bot -->"}, {Name: repoStreaming, Tag: "v4.4.3", Revision: one}},
			nil, "",
		},
		"nightly": {
			night, both,
			[]registrytest.Image{{Name: repoWeb, Tag: night, Prerelease: night, Revision: one}, {Name: repoStreaming, Tag: night, Prerelease: night}},
			nil, "",
		},
		"nights differ": {
			night, both,
			[]registrytest.Image{{Name: repoWeb, Tag: night, Prerelease: night}, {Name: repoStreaming, Tag: night, Prerelease: "nightly.2026-01-01"}},
			nil, "nightly.2026-01-01",
		},
		"both from another night than the tag": {
			night, both,
			[]registrytest.Image{{Name: repoWeb, Tag: night, Prerelease: "nightly.2025-12-31"}, {Name: repoStreaming, Tag: night, Prerelease: "nightly.2025-12-31"}},
			nil, "its tag says " + night,
		},
		"a release and a nightly under one tag": {
			"v4.4.3", both,
			[]registrytest.Image{{Name: repoWeb, Tag: "v4.4.3"}, {Name: repoStreaming, Tag: "v4.4.3", Prerelease: night}},
			nil, "a release",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s := start(t, registrytest.Options{})
			for _, i := range c.publish {
				publish(t, s, i)
			}

			got, err := client(t, s, registry.Options{}).Inspect(t.Context(), family(), version.Parse(c.version), c.platforms)
			if err != nil {
				t.Fatal(err)
			}

			if c.missing == nil {
				c.missing = []registry.Missing{}
			}

			if diff := cmp.Diff(c.missing, got.Missing); diff != "" {
				t.Errorf("missing (-want +got)\n%s", diff)
			}

			if (got.Contradiction != "") != (c.contradicts != "") || !strings.Contains(got.Contradiction, c.contradicts) {
				t.Errorf("contradiction %q, want one with %q", got.Contradiction, c.contradicts)
			}

			if got.Complete() != (len(c.missing) == 0 && c.contradicts == "") {
				t.Errorf("complete: %v", got.Complete())
			}
		})
	}
}

func TestReleaseTellsAgeAndDigests(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	publish(t, s, registrytest.Image{Name: "glitch-soc/mastodon", Tag: "v4.4.3", Created: built()})
	digest := publish(t, s, registrytest.Image{Name: "glitch-soc/mastodon-streaming", Tag: "v4.4.3", Created: built().Add(time.Hour)})

	r, err := client(t, s, registry.Options{}).Inspect(t.Context(), family(), version.Parse("v4.4.3"), nil)
	if err != nil {
		t.Fatal(err)
	}

	if !r.Built().Equal(built().Add(time.Hour)) || r.Digest(streaming) != digest || r.Digest("ghcr.io/other/image") != "" {
		t.Errorf("built %v, digest %s", r.Built(), r.Digest(streaming))
	}

	if got := (registry.Missing{Image: web, Platform: "linux/arm64"}).String(); got != web+" for linux/arm64" {
		t.Error(got)
	}

	if (registry.Release{}).Complete() {
		t.Error("nothing is a complete release")
	}
}

// TestOneImageServedBoth is how it was before 4.3: the repository names one image, and that is the family.
func TestOneImageServedBoth(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	publish(t, s, registrytest.Image{Name: "glitch-soc/mastodon", Tag: "v4.2.10", Platforms: []string{"linux/amd64"}, Single: true})

	r, err := client(t, s, registry.Options{}).Inspect(t.Context(), registry.Family{Images: []string{web}}, version.Parse("v4.2.10"), []string{"linux/amd64"})
	if err != nil || !r.Complete() {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestSuffixedFamily(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	for _, tag := range []string{"v4.4.3", "v4.4.3-example", "latest", "latest-example"} {
		s.AnnounceRelease(registrytest.GlitchSoc(), tag, built())
	}

	f := registry.Family{Images: []string{web, streaming}, TagSuffix: "-example"}
	c := client(t, s, registry.Options{})

	listings, err := c.Listings(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}

	got := []string{}
	for _, l := range listings {
		got = append(got, l.Version.Kind().String()+" "+l.Version.String()+" "+l.Tags[web])
	}

	want := []string{"release v4.4.3 v4.4.3-example", "floating latest latest-example", "unknown latest latest", "unknown v4.4.3 v4.4.3"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}

	for _, v := range []version.Version{version.Parse("v4.4.3"), listings[0].Version} {
		r, err := c.Inspect(t.Context(), f, v, []string{"linux/amd64"})
		if err != nil || !r.Complete() || r.Images[0].Tag != "v4.4.3-example" {
			t.Errorf("%s: %+v, %v", v.Tag(), r, err)
		}
	}
}

func TestListings(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	for _, tag := range []string{"latest", "nightly.2026-01-02", "v4.4.3", "4.3.0b1", "v4.3.0-beta.1", "v4.3.0", "junk"} {
		publish(t, s, registrytest.Image{Name: "glitch-soc/mastodon", Tag: tag})
	}

	for _, tag := range []string{"v4.3.0", "4.3.0b1"} {
		publish(t, s, registrytest.Image{Name: "glitch-soc/mastodon-streaming", Tag: tag})
	}

	listings, err := client(t, s, registry.Options{}).Listings(t.Context(), family())
	if err != nil {
		t.Fatal(err)
	}

	got := []string{}
	for _, l := range listings {
		got = append(got, strings.Join([]string{l.Version.Tag(), l.Tags[web], l.Tags[streaming]}, " "))
	}

	want := []string{"v4.3.0-beta.1 v4.3.0-beta.1 4.3.0b1", "v4.3.0 v4.3.0 v4.3.0", "v4.4.3 v4.4.3 ", "nightly.2026-01-02 nightly.2026-01-02 ", "latest latest ", "junk junk "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestFamilyWithoutImages(t *testing.T) {
	t.Parallel()

	c := client(t, start(t, registrytest.Options{}), registry.Options{})
	if _, err := c.Listings(t.Context(), registry.Family{}); err == nil {
		t.Error("listings of nothing")
	}

	if _, err := c.Inspect(t.Context(), registry.Family{}, version.Parse("v4.4.3"), nil); err == nil {
		t.Error("a release of nothing")
	}
}
