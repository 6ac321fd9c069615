package registry_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/pkg/registry"
)

func TestImage(t *testing.T) {
	t.Parallel()

	commit := registrytest.FakeRevision("v4.4.3")
	s := start(t, registrytest.Options{})
	digest := publish(t, s, registrytest.Image{
		Name: "glitch-soc/mastodon", Tag: "v4.4.3", Created: built(), Revision: commit, Attested: true,
		Platforms: []string{"linux/arm64/v8", "linux/amd64", "linux/arm/v7"},
	})

	got, err := client(t, s, registry.Options{}).Image(t.Context(), web, "v4.4.3")
	if err != nil {
		t.Fatal(err)
	}

	for at := range got.Platforms {
		if len(got.Platforms[at].Digest) != len(digest) {
			t.Errorf("digest %q", got.Platforms[at].Digest)
		}

		got.Platforms[at].Digest = ""
	}

	platform := func(name string) registry.Platform {
		return registry.Platform{Name: name, Created: built(), Revision: commit, PrereleaseKnown: true}
	}

	want := registry.Image{
		Name: web, Tag: "v4.4.3", Digest: digest, Gone: []string{},
		Platforms: []registry.Platform{platform("linux/amd64"), platform("linux/arm/v7"), platform("linux/arm64")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}

	for name, has := range map[string]bool{"linux/arm64": true, "linux/arm64/v8": true, "linux/amd64/v1": true, "linux/arm": true, "linux/s390x": false, "unknown/unknown": false} {
		if got.Has(name) != has {
			t.Errorf("has %s: %v", name, got.Has(name))
		}
	}
}

func TestImageWithoutIndex(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	digest := publish(t, s, registrytest.Image{Name: "glitch-soc/mastodon", Tag: "v3.5.0", Platforms: []string{"linux/amd64"}, Single: true})

	got, err := client(t, s, registry.Options{}).Image(t.Context(), web, "v3.5.0")
	if err != nil {
		t.Fatal(err)
	}

	if got.Digest != digest || len(got.Platforms) != 1 || got.Platforms[0].Name != "linux/amd64" || got.Platforms[0].Digest != digest {
		t.Errorf("%+v", got)
	}
}

func TestImageByDigest(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	digest := publish(t, s, registrytest.Image{Name: "glitch-soc/mastodon", Tag: "v4.4.3"})
	c := client(t, s, registry.Options{})

	if got, err := c.Image(t.Context(), web, digest); err != nil || got.Digest != digest || !got.Has("linux/arm64") {
		t.Errorf("%+v, %v", got, err)
	}

	s.LoseManifest("glitch-soc/mastodon", digest)
	if _, err := c.Image(t.Context(), web, digest); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("a digest that is gone: %v", err)
	}
}

func TestSecondLookCostsOneHead(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	publish(t, s, registrytest.Image{Name: "glitch-soc/mastodon", Tag: "v4.4.3"})
	c := client(t, s, registry.Options{})

	look := func() registry.Image {
		t.Helper()
		s.Forget()

		i, err := c.Image(t.Context(), web, "v4.4.3")
		if err != nil {
			t.Fatal(err)
		}

		return i
	}

	first := look()
	again := look()

	if all := s.Requests(); len(all) != 1 || all[0].Method != http.MethodHead {
		t.Errorf("the second look cost %+v", all)
	}

	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("(-first +again)\n%s", diff)
	}

	moved := publish(t, s, registrytest.Image{Name: "glitch-soc/mastodon", Tag: "v4.4.3", Revision: registrytest.FakeRevision("moved")})
	if got := look(); got.Digest != moved || got.Platforms[0].Revision != registrytest.FakeRevision("moved") {
		t.Errorf("a moved tag is not seen: %+v", got)
	}
}

func TestImageThatIsNotThere(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	s.AnnounceRelease(registrytest.GlitchSoc(), "v4.4.3", built())
	s.AnnounceRelease(registrytest.GlitchSoc(), "v4.4.4", built())
	s.LoseManifest("glitch-soc/mastodon", "v4.4.4")

	c := client(t, s, registry.Options{})
	for _, tag := range []string{"v4.4.4", "v4.4.5"} {
		_, err := c.Image(t.Context(), web, tag)
		if e := typed(t, err); !errors.Is(err, registry.ErrNotFound) || e.Temporary || e.Code != "MANIFEST_UNKNOWN" || e.Image != web+":"+tag {
			t.Errorf("%#v", e)
		}
	}

	s.Withdraw("glitch-soc/mastodon", "v4.4.3")
	if _, err := c.Image(t.Context(), web, "v4.4.3"); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("a withdrawn tag: %v", err)
	}
}

func TestPlatformThatIsGone(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	publish(t, s, registrytest.Image{Name: "glitch-soc/mastodon", Tag: "v4.4.3"})

	whole, err := client(t, s, registry.Options{}).Image(t.Context(), web, "v4.4.3")
	if err != nil {
		t.Fatal(err)
	}

	s.LoseManifest("glitch-soc/mastodon", whole.Platforms[0].Digest)

	got, err := client(t, s, registry.Options{}).Image(t.Context(), web, "v4.4.3")
	if err != nil {
		t.Fatal(err)
	}

	if got.Has("linux/amd64") || !got.Has("linux/arm64") || len(got.Gone) != 1 || got.Gone[0] != "linux/amd64" {
		t.Errorf("%+v", got)
	}
}

func TestNamesAndTagsThatCantBe(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	c := client(t, s, registry.Options{})

	for _, image := range []string{"", "ghcr.io/", "ghcr.io/glitch-soc/mastodon:v4.4.3", "https://ghcr.io/x/y", "me:canary-secret@ghcr.io/x/y", "ghcr.io/UPPER/case"} {
		_, err := c.Tags(t.Context(), image)
		if e := typed(t, err); e.Temporary {
			t.Errorf("%v", err)
		}
	}

	for _, tag := range []string{"", "v4.4.3+glitch", "../../x", "a/b", "x y", "sha256:abc"} {
		_, err := c.Image(t.Context(), web, tag)
		typed(t, err)
	}

	if n := s.Count(registrytest.Any); n != 0 {
		t.Errorf("%d requests for what can't be", n)
	}
}
