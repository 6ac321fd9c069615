package registry

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/version"
)

// Family is the images that make one release, as a repository uses them: before 4.3 one image served web and streaming, and a family of
// such a repository has one.
type Family struct {
	Images    []string // full names, web first
	TagSuffix string   // of a mirror or fork whose tags all end in it; "": none
}

// Listing is one version and the tags that name it.
type Listing struct {
	Version version.Version
	Tags    map[string]string // image → tag; an image that is not in the map has no such tag
}

// Listings lists every tag of every image, joined by version, ascending by [version.CompareAny]. Where an image has two spellings of a
// version (v4.3.0-beta.1 and 4.3.0b1) the first stands for both.
func (c *Client) Listings(ctx context.Context, f Family) ([]Listing, error) {
	if len(f.Images) == 0 {
		return nil, errors.New("list releases: the family has no image")
	}

	lists := make([][]string, len(f.Images))

	err := each(ctx, len(lists), func(ctx context.Context, at int) (err error) {
		lists[at], err = c.Tags(ctx, f.Images[at])

		return err
	})
	if err != nil {
		return nil, err
	}

	return f.join(lists), nil
}

func (f Family) join(lists [][]string) []Listing {
	byVersion := map[string]*Listing{}
	for at, image := range f.Images {
		for _, tag := range lists[at] {
			v := version.ParseSuffixed(tag, f.TagSuffix)
			key := v.Kind().String() + " " + v.String() // "latest" without the suffix is unknown, "latest-suffix" floats
			l := byVersion[key]
			if l == nil {
				l = &Listing{Version: v, Tags: map[string]string{}}
				byVersion[key] = l
			}

			if l.Tags[image] == "" || tag == v.String()+f.TagSuffix {
				l.Tags[image] = tag
			}

			if tag == v.String()+f.TagSuffix {
				l.Version = v
			}
		}
	}

	listings := make([]Listing, 0, len(byVersion))
	for _, l := range byVersion {
		listings = append(listings, *l)
	}

	slices.SortFunc(listings, func(a, b Listing) int { return version.CompareAny(a.Version, b.Version) })

	return listings
}

// spellings are the tags under which a version may be published, the likeliest first.
func (f Family) spellings(v version.Version) []string {
	if v.Kind() == version.Unknown {
		return []string{v.Tag()}
	}

	tags := []string{v.String() + f.TagSuffix}
	if t := v.Tag(); strings.HasSuffix(t, f.TagSuffix) && t != tags[0] {
		tags = append(tags, t)
	}

	return tags
}
