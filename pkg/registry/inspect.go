package registry

import (
	"context"
	"errors"

	"github.com/goingdark-social/bot/pkg/version"
)

// Inspect reads all images of one version and says whether they are a complete release for the platforms ("linux/amd64"). That something
// is missing is no error; that it could not be found out is one.
func (c *Client) Inspect(ctx context.Context, f Family, v version.Version, platforms []string) (Release, error) {
	if len(f.Images) == 0 {
		return Release{}, errors.New("inspect a release: the family has no image")
	}

	found := make([]*Image, len(f.Images))

	err := each(ctx, len(found), func(ctx context.Context, at int) (err error) {
		found[at], err = c.find(ctx, f, f.Images[at], v)

		return err
	})
	if err != nil {
		return Release{}, err
	}

	r := Release{Version: v, Images: []Image{}, Missing: []Missing{}}
	for at, image := range found {
		if image == nil {
			r.Missing = append(r.Missing, Missing{Image: f.Images[at]})

			continue
		}

		r.Images = append(r.Images, *image)
		for _, p := range platforms {
			if !image.Has(p) {
				r.Missing = append(r.Missing, Missing{Image: image.Name, Platform: p})
			}
		}
	}

	r.Contradiction = contradiction(v, r.Images)

	return r, nil
}

// find reads one image of a version under any of its spellings; nil when there is none.
func (c *Client) find(ctx context.Context, f Family, image string, v version.Version) (*Image, error) {
	for _, tag := range f.spellings(v) {
		i, err := c.Image(ctx, image, tag)
		if err == nil {
			return &i, nil
		}

		if !errors.Is(err, ErrNotFound) {
			return nil, err
		}
	}

	return nil, nil
}
