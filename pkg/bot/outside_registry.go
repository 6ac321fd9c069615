package bot

import (
	"context"
	"errors"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/registry"
)

// publishedIn asks the registry about the images that an application uses.
func publishedIn(ctx context.Context, images Images, in *drift.Input) (*drift.Published, error) {
	out := &drift.Published{}

	for _, u := range in.Used() {
		i, err := publishedImage(ctx, images, u)
		if err != nil {
			return nil, err
		}

		out.Images = append(out.Images, i)
	}

	family := registry.Family{TagSuffix: in.Application.Family.TagSuffix}
	for _, name := range []string{in.Application.Family.Web, in.Application.Family.Streaming} {
		if name != "" {
			family.Images = append(family.Images, name)
		}
	}

	for _, v := range in.Application.On {
		if !v.Fixed() || len(family.Images) == 0 {
			continue
		}

		r, err := images.Inspect(ctx, family, v, in.Policy.Platforms)
		if err != nil {
			return nil, err
		}

		if r.Contradiction != "" {
			out.Contradictions = append(out.Contradictions, drift.Contradiction{Tag: v.Tag(), Message: r.Contradiction})
		}
	}

	return out, nil
}

// publishedImage looks at what is used, and at where its tag points if that is
// something else.
func publishedImage(ctx context.Context, images Images, u drift.Used) (drift.PublishedImage, error) {
	out := drift.PublishedImage{Image: u.Image, Tag: u.Tag, Digest: u.Digest}

	reference := u.Tag
	if u.Digest != "" {
		reference = u.Digest
	}

	i, err := images.Image(ctx, u.Image, reference)
	if out.Missing = errors.Is(err, registry.ErrNotFound); out.Missing {
		return out, nil
	}

	if err != nil {
		return out, err
	}

	for _, p := range i.Platforms {
		out.Platforms = append(out.Platforms, p.Name)
	}

	if u.Tag == "" {
		return out, nil
	}

	if u.Digest != "" {
		// A pinned image runs on without its tag: then it points nowhere.
		if i, err = images.Image(ctx, u.Image, u.Tag); errors.Is(err, registry.ErrNotFound) {
			return out, nil
		}
	}

	out.Points = i.Digest

	return out, err
}
