package registry_test

import (
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/version"
)

// latency is put on each request of the benchmarks: on loopback alone the number of requests would hardly show.
const latency = 10 * time.Millisecond

func zoo(b *testing.B) *registrytest.Server {
	b.Helper()

	s := start(b, registrytest.Options{TokenLife: time.Hour})
	if n := s.AnnounceZoo(registrytest.GlitchSoc(), built()); n < 1100 {
		b.Fatalf("%d tags", n)
	}

	s.Break(registrytest.Fault{Trouble: registrytest.Slow, Delay: latency})

	return s
}

// BenchmarkTags lists 1,100 tags, with the page size that the client asks for and with the one that ghcr.io takes when nobody asks.
func BenchmarkTags(b *testing.B) {
	for name, size := range map[string]int{"large": 0, "naive": 100} {
		b.Run(name, func(b *testing.B) {
			s := zoo(b)
			c := client(b, s, registry.Options{PageSize: size})

			if _, err := c.Tags(b.Context(), web); err != nil { // signs in
				b.Fatal(err)
			}

			s.Forget()

			for b.Loop() {
				if _, err := c.Tags(b.Context(), web); err != nil {
					b.Fatal(err)
				}
			}

			b.ReportMetric(float64(s.Count(registrytest.Tags))/float64(b.N), "requests/op")
		})
	}
}

// BenchmarkInspect reads one release of two images and two platforms: for the first time, and again in a process that stays.
func BenchmarkInspect(b *testing.B) {
	s := zoo(b)
	inspect := func(b *testing.B, c *registry.Client) {
		b.Helper()

		r, err := c.Inspect(b.Context(), family(), version.Parse("v4.4.3"), []string{"linux/amd64"})
		if err != nil || !r.Complete() {
			b.Fatal(r, err)
		}
	}

	b.Run("cold", func(b *testing.B) {
		for b.Loop() {
			inspect(b, client(b, s, registry.Options{}))
		}
	})

	b.Run("warm", func(b *testing.B) {
		c := client(b, s, registry.Options{})
		inspect(b, c)

		for b.Loop() {
			inspect(b, c)
		}
	})
}

// BenchmarkListings joins and sorts what a pass has already read.
func BenchmarkListings(b *testing.B) {
	pass := client(b, zoo(b), registry.Options{}).Pass()
	for b.Loop() {
		if _, err := pass.Listings(b.Context(), family()); err != nil {
			b.Fatal(err)
		}
	}
}
