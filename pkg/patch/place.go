package patch

import "github.com/goingdark-social/bot/pkg/patch/internal/source"

type span = source.Span

// place is where in its file a reference stands, and how the version is spelled there.
type place struct {
	image, tag, digest span
	// spell turns the tag of a release into what stands in its place. Default: the tag as it was released.
	spell func(tag string) string
	// fields is set when tag and digest are values of their own, not parts of image:tag@digest.
	fields *fields
	// variable is the name of what decides the version when the place only reads it: "mastodon_version" for ${mastodon_version}.
	// A default in the braces is the tag of the place all the same.
	variable   string
	definition *Reference // what defines it, once that is found
	// elsewhere tells that the place decides no version and needs none: a template reads it from values.
	elsewhere bool
	// weak tells a place that makes no application by itself where others do: text in general, and values that may be anything's.
	weak bool
}

// version is the span that Line and Column point to.
func (p place) version() span {
	switch {
	case p.tag.Len() > 0:
		return p.tag
	case p.digest.Len() > 0:
		return p.digest
	default:
		return p.image
	}
}
