package upstream

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/goingdark-social/bot/pkg/version"
)

// Lister is a source that can say which releases it has: repositories can, a tarball or a folder cannot.
type Lister interface {
	// Versions lists the tags that are releases or pre-releases, ascending.
	Versions(ctx context.Context) ([]version.Version, error)
}

// Versions lists the releases of a source, none for one that cannot tell.
func Versions(ctx context.Context, src Source) ([]version.Version, error) {
	if l, ok := src.(Lister); ok {
		return l.Versions(ctx)
	}
	return nil, nil
}

func (r *repository) Versions(_ context.Context) ([]version.Version, error) {
	refs, err := r.storage.IterReferences()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	var tags []string
	err = refs.ForEach(func(ref *plumbing.Reference) error {
		if ref.Name().IsTag() {
			tags = append(tags, ref.Name().Short())
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	return releases(tags), nil
}

func (r *remote) Versions(ctx context.Context) (out []version.Version, err error) {
	s, refs, err := r.session(ctx, new(int64))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	var tags []string
	for name := range refs.References {
		if n := plumbing.ReferenceName(name); n.IsTag() {
			tags = append(tags, n.Short())
		}
	}
	return releases(tags), nil
}

func releases(tags []string) []version.Version {
	var out []version.Version
	for _, tag := range tags {
		if v := version.Parse(tag); v.Kind() == version.Release || v.Kind() == version.Prerelease {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, version.CompareAny)
	return out
}
