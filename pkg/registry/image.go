package registry

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Image is what a tag points to.
type Image struct {
	Name   string // "ghcr.io/glitch-soc/mastodon"
	Tag    string // as asked for
	Digest string // of the index, or of the manifest where there is no index
	// Platforms are those that can be pulled, sorted by name. Attestations are none.
	Platforms []Platform
	// Gone are platforms that the index names but whose manifest the registry has no more: what a clean-up of "untagged" versions leaves.
	Gone []string
}

// Platform is the image of one platform.
type Platform struct {
	Name       string    // "linux/amd64", "linux/arm64", "linux/arm/v7"
	Digest     string    // of its manifest
	Created    time.Time // the build time; zero: unknown
	Revision   string    // SOURCE_COMMIT; "": unknown
	Prerelease string    // MASTODON_VERSION_PRERELEASE
	// PrereleaseKnown tells that the variable is there: then an empty Prerelease says that this is no nightly.
	PrereleaseKnown bool
}

// Has tells whether the image can be pulled for a platform. "linux/arm64/v8" is "linux/arm64".
func (i Image) Has(platform string) bool {
	return slices.ContainsFunc(i.Platforms, func(p Platform) bool { return p.Name == normalPlatform(platform) })
}

// Image reads what a tag, or a digest ("sha256:…"), points to. A tag that is not there is [ErrNotFound]; errors are of type *[Error].
func (c *Client) Image(ctx context.Context, image, tag string) (Image, error) {
	i, err := once(ctx, c.asked, "read image", image+separator(tag)+tag, func() (Image, error) { return c.image(ctx, image, tag) })

	i.Platforms, i.Gone = slices.Clone(i.Platforms), slices.Clone(i.Gone) // a pass hands the same answer to many

	return i, err
}

func separator(reference string) string {
	if isDigest(reference) {
		return "@"
	}

	return ":"
}

func (c *core) image(ctx context.Context, image, reference string) (Image, error) {
	if !isDigest(reference) && !tagPattern.MatchString(reference) {
		return Image{}, refused("%.100q can't be a tag", reference)
	}

	s, err := c.session(ctx, image)
	if err != nil {
		return Image{}, err
	}

	top, err := c.top(ctx, s, reference)
	if err != nil {
		return Image{}, err
	}

	i := Image{Name: image, Tag: reference, Digest: top.digest, Platforms: []Platform{}, Gone: []string{}}
	if err := c.fill(ctx, s, &i, top.children); err != nil {
		return Image{}, err
	}

	return i, nil
}

// fill reads every platform of an image.
func (c *core) fill(ctx context.Context, s *session, i *Image, children []child) error {
	found := make([]*Platform, len(children))

	err := each(ctx, len(children), func(ctx context.Context, at int) error {
		p, err := c.platform(ctx, s, children[at])
		if isMissing(err) && children[at].platform != "" {
			return nil
		}

		found[at] = &p

		return err
	})
	if err != nil {
		return err
	}

	for at, p := range found {
		if p == nil {
			i.Gone = append(i.Gone, children[at].platform)
		} else {
			i.Platforms = append(i.Platforms, *p)
		}
	}

	slices.Sort(i.Gone)
	slices.SortStableFunc(i.Platforms, func(a, b Platform) int { return strings.Compare(a.Name, b.Name) })

	return nil
}

func isMissing(err error) bool {
	f, ok := errors.AsType[*failure](err)

	return ok && f.status == http.StatusNotFound
}
