package bot

import (
	"context"
	"time"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/upstream"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// support fills in how long the lines in use get fixes: what the newest
// release that is known says, and what upstream's update check says.
func (o Outside) support(ctx context.Context, in *drift.Input) {
	out := &drift.Support{}

	for _, v := range in.Application.On {
		if v.Kind() != version.Release && v.Kind() != version.Prerelease {
			continue // the update check knows no nightlies, and they are of no line
		}

		if err := shipped(out, v); err != nil {
			o.Log.WarnContext(ctx, "the facts that ship with this program can't be read", "error", err)

			return
		}

		if o.Updates != nil {
			o.updates(ctx, out, v)
		}
	}

	in.Outside.Support = out
}

// shipped adds what the facts that ship with this program say.
func shipped(out *drift.Support, v version.Version) error {
	newest, err := newestFacts(func(version.Version) bool { return true })
	if err != nil || newest == nil {
		return err
	}

	if s := newest.SupportOf(v.Line()); s != nil {
		out.Lines = append(out.Lines, drift.LineSupport{
			Line: v.Line().String(), Supported: s.Supported, Until: s.Until, Source: s.File + " of " + newest.Version,
		})
	}

	last, err := newestFacts(func(o version.Version) bool { return o.Line() == v.Line() })
	if err != nil || last == nil {
		return err
	}

	for _, r := range last.Changelog {
		at, err := time.Parse(time.DateOnly, r.Date)
		if !r.Security || err != nil {
			continue
		}

		out.Security = append(out.Security, drift.SecurityRelease{Version: r.Version, Released: at, Source: "the changelog of " + last.Version})
	}

	return nil
}

// newestFacts are those of the newest release that is wanted; nil when none is.
func newestFacts(wanted func(version.Version) bool) (*facts.Facts, error) {
	var newest version.Version

	for _, s := range facts.All() { // ascending
		if s.Version.Kind() == version.Release && wanted(s.Version) {
			newest = s.Version
		}
	}

	if newest == (version.Version{}) {
		return nil, nil //nolint:nilnil // none is
	}

	return facts.EmbeddedOutline(newest)
}

// updates puts what the update check says before what a release said when it
// was made.
func (o Outside) updates(ctx context.Context, out *drift.Support, v version.Version) {
	const source = "the update check of joinmastodon.org"

	u, err := o.Updates.Updates(ctx, v)
	if err != nil {
		o.Log.WarnContext(ctx, "the update check could not be asked; the dates are those that this program knows", "error", err)

		return
	}

	if u.EndOfSupport != "" {
		line := drift.LineSupport{Line: v.Line().String(), Supported: true, Until: u.EndOfSupport, Source: source}
		out.Lines = append([]drift.LineSupport{line}, out.Lines...)
	}

	for _, n := range u.Available {
		if n.Urgent {
			out.Security = append(out.Security, drift.SecurityRelease{Version: n.Version.String(), Released: releasedAt(out, n), Source: source})
		}
	}
}

// releasedAt is when a release came out, if the changelog says so.
func releasedAt(s *drift.Support, u upstream.Update) time.Time {
	for _, r := range s.Security {
		if version.Parse(r.Version).Equal(u.Version) {
			return r.Released
		}
	}

	return time.Time{}
}
