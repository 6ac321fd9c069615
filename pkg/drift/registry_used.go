package drift

import (
	"cmp"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/version"
)

// Used is an image as the application uses it; Tag or Digest may be empty, not both.
type Used struct{ Image, Tag, Digest string }

// String is the image as a manifest names it.
func (u Used) String() string {
	name := u.Image
	if u.Tag != "" {
		name += ":" + u.Tag
	}

	if u.Digest != "" {
		name += "@" + u.Digest
	}

	return name
}

// usage is one image in use, and where.
type usage struct {
	Used
	place      Place
	components []string
	related    []Place
}

// Used are the images of the application: those that its containers run, or where nothing is rendered those that are written.
func (in *Input) Used() []Used {
	var out []Used

	for _, u := range in.usages() {
		out = append(out, u.Used)
	}

	return out
}

// usages gathers every use of an image under the first place that decides it.
func (in *Input) usages() []usage {
	var all []usage

	for _, c := range in.containers {
		image := node.Text(node.Get(c.node, "image"))
		_, digest, _ := strings.Cut(image, "@")
		all = append(all, usage{Used{c.image, c.tag, digest}, in.imageAt(c), []string{string(c.component)}, nil})
	}

	if len(all) == 0 {
		all = in.written()
	}

	slices.SortStableFunc(all, func(a, b usage) int { return cmp.Compare(a.String(), b.String()) })

	var out []usage

	for _, u := range all {
		if u.Tag == "" && u.Digest == "" {
			continue
		}

		if last := len(out) - 1; last >= 0 && out[last].Used == u.Used {
			out[last].components = append(out[last].components, u.components...)
			out[last].related = append(out[last].related, u.place)

			continue
		}

		out = append(out, u)
	}

	return out
}

// written are the references that name an image themselves; a mention in the notes, a name or a label names none.
func (in *Input) written() []usage {
	var out []usage

	for _, r := range in.References {
		if slices.Contains([]patch.Form{patch.Markdown, patch.Name, patch.Label}, r.Form) {
			continue
		}

		u := usage{Used: Used{r.Image, r.Tag, r.Digest}, place: Place{r.File, r.Line}}
		for _, c := range r.Components {
			u.components = append(u.components, string(c))
		}

		out = append(out, u)
	}

	return out
}

// published calls f with each use of an image that the registry was asked about.
func (in *Input) published(f func(usage, PublishedImage)) {
	for _, u := range in.usages() {
		for _, p := range in.Outside.Registry.Images {
			if (Used{p.Image, p.Tag, p.Digest}) == u.Used {
				f(u, p)
			}
		}
	}
}

// finding is one about an image.
func (u usage) finding() Finding {
	return Finding{Place: u.place, Components: slices.Clone(u.components), Name: u.Image, Related: slices.Clone(u.related)}
}

// floats tells a tag that is meant to move.
func (in *Input) floats(tag string) bool {
	return !version.ParseSuffixed(tag, in.Application.Family.TagSuffix).Fixed()
}
