package registry_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/version"
)

func TestTagsFollowsEveryPage(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	want := s.AnnounceZoo(registrytest.GlitchSoc(), built())

	for _, c := range []struct{ size, pages int }{{0, 2}, {100, (want + 99) / 100}, {5000, 2}} {
		s.Forget()

		tags, err := client(t, s, registry.Options{PageSize: c.size}).Tags(t.Context(), web)
		if err != nil {
			t.Fatal(err)
		}

		if len(tags) != want || want < 1100 || s.Count(registrytest.Tags) != c.pages {
			t.Errorf("page size %d: %d of %d tags in %d requests, want %d requests", c.size, len(tags), want, s.Count(registrytest.Tags), c.pages)
		}

		if tags[0] != "edge" || tags[len(tags)-1] != "nightly.2026-01-02" {
			t.Errorf("not the registry's order: %s … %s", tags[0], tags[len(tags)-1])
		}
	}
}

func TestTagsOfAnEmptyRepository(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	s.Create("glitch-soc/mastodon")

	tags, err := client(t, s, registry.Options{}).Tags(t.Context(), web)
	if err != nil || tags == nil || len(tags) != 0 {
		t.Errorf("tags %#v, %v", tags, err)
	}
}

// TestTagListThatMisleads has lists that lead away or never end: an error at once, nothing that waiting would mend.
func TestTagListThatMisleads(t *testing.T) {
	t.Parallel()

	for trouble, most := range map[registrytest.Trouble]int{registrytest.ForeignLink: 1, registrytest.LoopingPages: 2, registrytest.EndlessPages: 3} {
		s := start(t, registrytest.Options{})
		s.AnnounceZoo(registrytest.GlitchSoc(), built())
		s.Break(registrytest.Fault{On: registrytest.Tags, Trouble: trouble})

		_, err := client(t, s, registry.Options{}).Tags(t.Context(), web)
		if e := typed(t, err); e.Temporary || s.Count(registrytest.Tags) > most {
			t.Errorf("trouble %d: %v after %d pages, temporary %v", trouble, err, s.Count(registrytest.Tags), e.Temporary)
		}
	}
}

func TestUnchangedListIsAnsweredByETag(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{ETags: true})
	want := s.AnnounceZoo(registrytest.GlitchSoc(), built())
	c := client(t, s, registry.Options{})

	for range 3 {
		s.Forget()

		tags, err := c.Tags(t.Context(), web)
		if err != nil || len(tags) != want {
			t.Fatalf("%d tags, %v", len(tags), err)
		}
	}

	for _, r := range s.Requests() {
		if r.Status != 304 {
			t.Errorf("%s %s: %d, want 304", r.Method, r.Path, r.Status)
		}
	}

	s.AnnounceRelease(registrytest.GlitchSoc(), "v4.5.2", built())

	tags, err := c.Tags(t.Context(), web)
	if err != nil || tags[len(tags)-1] != "v4.5.2" {
		t.Errorf("the new tag is not seen: %v", err)
	}
}

func TestPassAsksOnce(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	s.AnnounceRelease(registrytest.GlitchSoc(), "v4.4.3", built())
	c := client(t, s, registry.Options{})
	pass := c.Pass()

	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if _, err := pass.Listings(t.Context(), family()); err != nil {
				t.Error(err)
			}

			if _, err := pass.Inspect(t.Context(), family(), version.Parse("v4.4.3"), nil); err != nil {
				t.Error(err)
			}

			if r, err := pass.Inspect(t.Context(), family(), version.Parse("v4.4.4"), nil); err != nil || len(r.Missing) != 2 {
				t.Error(r.Missing, err)
			}
		})
	}
	group.Wait()

	counts := map[registrytest.Route]int{
		registrytest.Ping: 2, registrytest.Token: 2, registrytest.Tags: 2,
		registrytest.Manifest: 2 + 4 + 2, registrytest.BlobRedirect: 4, registrytest.Blob: 4,
	}
	for route, want := range counts {
		if got := s.Count(route); got != want {
			t.Errorf("%d requests of %s, want %d", got, route, want)
		}
	}

	s.Forget()
	s.AnnounceRelease(registrytest.GlitchSoc(), "v4.4.4", built())

	if tags, err := pass.Tags(t.Context(), web); err != nil || len(tags) != 1 || s.Count(registrytest.Any) != 0 {
		t.Errorf("a pass sees %v (%v) after %d requests, want what it saw before", tags, err, s.Count(registrytest.Any))
	}

	if tags, err := c.Pass().Tags(t.Context(), web); err != nil || len(tags) != 2 || s.Count(registrytest.Any) != 1 {
		t.Errorf("the next pass sees %v (%v) after %d requests", tags, err, s.Count(registrytest.Any))
	}
}

func TestCallerMaySortWhatItGets(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	for _, tag := range []string{"v4.4.4", "v4.4.3"} {
		s.AnnounceRelease(registrytest.GlitchSoc(), tag, built())
	}

	pass := client(t, s, registry.Options{}).Pass()
	first, err := pass.Tags(t.Context(), web)
	if err != nil {
		t.Fatal(err)
	}

	slices.Sort(first)

	if again, err := pass.Tags(t.Context(), web); err != nil || again[0] != "v4.4.4" {
		t.Errorf("%v, %v", again, err)
	}
}

// TestOnlyTheLastPageIsAskedForAgain holds for a registry that lists the oldest first, also when the tag that its last page starts after
// is taken away.
func TestOnlyTheLastPageIsAskedForAgain(t *testing.T) {
	t.Parallel()

	s := start(t, registrytest.Options{})
	want := s.AnnounceZoo(registrytest.GlitchSoc(), built())
	clock := built()
	c := client(t, s, registry.Options{Now: func() time.Time { return clock }})

	ask := func(requests int) []string {
		t.Helper()
		s.Forget()

		tags, err := c.Tags(t.Context(), web)
		if err != nil || len(tags) != want || s.Count(registrytest.Tags) != requests {
			t.Errorf("%d tags of %d in %d requests instead of %d: %v", len(tags), want, s.Count(registrytest.Tags), requests, err)
		}

		return tags
	}

	tags := ask(2)
	ask(1)

	s.AnnounceRelease(registrytest.GlitchSoc(), "v4.5.2", built())
	want++

	if got := ask(1); got[len(got)-1] != "v4.5.2" {
		t.Errorf("the last tag is %s", got[len(got)-1])
	}

	s.Withdraw("glitch-soc/mastodon", tags[999])
	want--
	ask(3) // the remembered way leads back to the beginning, and then all is asked for

	clock = clock.Add(25 * time.Hour)
	ask(2)
}
