package memworld

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/version"
)

// Releases is which releases exist, and answers for the registry.
type Releases struct {
	mu   sync.Mutex
	list []published
	// down makes every question fail.
	down bool
}

type published struct {
	tag       string
	streaming bool
	built     time.Time
}

// ErrDown is what a registry that is down answers.
var ErrDown = errors.New("the registry answered 503")

// Down switches the registry off or on.
func (r *Releases) Down(down bool) {
	r.mu.Lock()
	defer r.mu.Unlock()

	r.down = down
}

// Publish makes a release appear, or completes it: without streaming, the web
// image alone.
func (r *Releases) Publish(tag string, streaming bool, built time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()

	r.list = slices.DeleteFunc(r.list, func(p published) bool { return p.tag == tag })
	r.list = append(r.list, published{tag, streaming, built})
}

// Withdraw makes a release go away.
func (r *Releases) Withdraw(tag string) {
	r.mu.Lock()
	defer r.mu.Unlock()

	r.list = slices.DeleteFunc(r.list, func(p published) bool { return p.tag == tag })
}

// Tags are the releases that exist, ascending; whole leaves out those that
// lack an image.
func (r *Releases) Tags(whole bool) []string {
	r.mu.Lock()
	defer r.mu.Unlock()

	var tags []string

	for _, p := range r.list {
		if p.streaming || !whole {
			tags = append(tags, p.tag)
		}
	}

	slices.SortFunc(tags, func(x, y string) int {
		order, _ := version.Compare(version.Parse(x), version.Parse(y))

		return order
	})

	return tags
}

// Listings is every release that exists.
func (r *Releases) Listings(_ context.Context, f registry.Family) ([]registry.Listing, error) {
	sorted := r.Tags(false)

	r.mu.Lock()
	defer r.mu.Unlock()

	if r.down {
		return nil, ErrDown
	}

	var out []registry.Listing

	for _, tag := range sorted {
		one := registry.Listing{Version: version.Parse(tag), Tags: map[string]string{f.Images[0]: tag}}
		if p, _ := r.find(tag); p.streaming && len(f.Images) > 1 {
			one.Tags[f.Images[1]] = tag
		}

		out = append(out, one)
	}

	return out, nil
}

// Inspect looks at one release.
func (r *Releases) Inspect(_ context.Context, f registry.Family, v version.Version, _ []string) (registry.Release, error) {
	r.mu.Lock()
	defer r.mu.Unlock()

	if r.down {
		return registry.Release{}, ErrDown
	}

	out := registry.Release{Version: v}
	p, ok := r.find(v.String())

	for i, image := range f.Images {
		if !ok || i > 0 && !p.streaming {
			out.Missing = append(out.Missing, registry.Missing{Image: image})

			continue
		}

		out.Images = append(out.Images, registry.Image{
			Name: image, Tag: p.tag, Platforms: []registry.Platform{{Name: "linux/amd64", Created: p.built}},
		})
	}

	return out, nil
}

func (r *Releases) find(tag string) (published, bool) {
	i := slices.IndexFunc(r.list, func(p published) bool { return p.tag == tag })
	if i < 0 {
		return published{}, false
	}

	return r.list[i], true
}

// Image looks at one image by its tag.
func (r *Releases) Image(_ context.Context, image, reference string) (registry.Image, error) {
	r.mu.Lock()
	defer r.mu.Unlock()

	if r.down {
		return registry.Image{}, ErrDown
	}

	p, ok := r.find(reference)
	if !ok {
		return registry.Image{}, fmt.Errorf("%s:%s does not exist", image, reference)
	}

	return registry.Image{Name: image, Tag: p.tag, Platforms: []registry.Platform{{Name: "linux/amd64", Created: p.built}}}, nil
}
