package bot

import (
	"context"
	"fmt"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/plan"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/version"
)

// BumpRequest is a person's wish for one version.
type BumpRequest struct {
	To version.Version
	// Application by name; empty for the only one. All for every one.
	Application string
	All         bool
	// AllowDowngrade permits a version older than what is in use.
	AllowDowngrade bool
	// Digests gives the digest of an image by name, for references that pin
	// one while no registry is asked.
	Digests map[string]string
	// DryRun changes nothing.
	DryRun bool
	// TakeOver writes the branch anew although a person committed to it.
	TakeOver bool

	repository string // that the tree is of; "": a folder
}

// Prepare plans what a person asked for on a tree, and writes nothing. It
// fails as a whole: where one application cannot be moved, none is.
func (b *Bot) Prepare(ctx context.Context, v *look.View, r BumpRequest) ([]*Change, error) {
	b = b.begin()

	apps, err := v.Select(r.Application, r.All)
	if err != nil {
		return nil, err
	}

	changes := make([]*Change, 0, len(apps))

	for _, app := range apps {
		c, err := b.prepare(ctx, v, app, r)
		if err != nil {
			return nil, fmt.Errorf("application %s: %w", app.Name, err)
		}

		changes = append(changes, c)
	}

	return changes, nil
}

func (b *Bot) prepare(ctx context.Context, v *look.View, app patch.Application, r BumpRequest) (*Change, error) {
	if !r.AllowDowngrade {
		if err := refuseDowngrade(app.On, r.To); err != nil {
			return nil, err
		}
	}

	policy := v.PolicyOf(app)

	var release registry.Release

	if b.registry != nil {
		var err error
		if release, err = b.verify(ctx, v.Family(app), r.To, policy.Platforms); err != nil {
			return nil, err
		}
	}

	objects := b.begun(ctx, v, app)
	defer func() { <-objects }() // nobody reads the tree behind its owner's back

	c, err := planned(v, app, target(policy, app.Family.TagSuffix, r.To, release, r.Digests))
	if err != nil {
		return nil, err
	}

	o := &Outlook{
		Application: app, Policy: policy, Releases: map[string]registry.Release{r.To.String(): release}, known: b.learn(ctx, r.repository, app, policy.Source, app.On...),
		objects: objects,
	}
	if b.registry != nil {
		if err := b.list(ctx, v, app, o); err != nil {
			return nil, err
		}
	}

	b.annotate(ctx, v, c, o)

	// After the notes, for which the facts of the release were read whole.
	c.Security = c.Security || b.security(ctx, policy.Source, r.To, app.On)

	return c, nil
}

func (b *Bot) list(ctx context.Context, v *look.View, app patch.Application, o *Outlook) error {
	listings, err := b.registry.Listings(ctx, v.Family(app))
	if err != nil {
		return fmt.Errorf("listing the releases: %w", err)
	}

	for _, l := range listings {
		o.Listed = append(o.Listed, l.Version)
	}

	return nil
}

// Bump opens or updates the pull request for what a person asked for, on the
// track that the version belongs to. An application that is there already
// gives a change without files and no pull request.
func (b *Bot) Bump(ctx context.Context, repository config.Repository, r BumpRequest) ([]Proposed, error) {
	b = b.begin()

	s, err := b.visit(ctx, repository)
	if err != nil {
		return nil, err
	}

	s.takeOver, r.repository = r.TakeOver, s.name

	changes, err := b.Prepare(ctx, s.view, r)
	if err != nil {
		return nil, err
	}

	out := make([]Proposed, 0, len(changes))

	for _, c := range changes {
		p := Proposed{Track: trackOf(c), Change: c}

		if len(c.Files) > 0 && !r.DryRun {
			if p, err = b.proposeAsked(ctx, s, p); err != nil {
				return out, fmt.Errorf("application %s: %w", c.Application.Name, err)
			}
		}

		out = append(out, p)
	}

	return out, nil
}

func (b *Bot) proposeAsked(ctx context.Context, s *site, p Proposed) (Proposed, error) {
	prs, err := b.pullRequests(ctx, s, p.Change.Application.Name)
	if err != nil {
		return p, err
	}

	return b.propose(ctx, s, p.Track, p.Change, openOn(prs, p.Track))
}

// trackOf is the track whose pull request a version that was asked for goes
// to: another line is the minor track, everything else the patch track.
func trackOf(c *Change) string {
	for _, on := range c.Application.On {
		if on.Line() != (version.Line{}) && c.To.Line().Compare(on.Line()) > 0 {
			return plan.Minor
		}
	}

	return plan.Patch
}
