package bot

import (
	"context"
	"fmt"
	"time"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/plan"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// Outlook is what would be proposed for an application now, and for every
// newer release that would not the rule that decided.
type Outlook struct {
	Application patch.Application
	Policy      config.Application
	Decision    plan.Decision
	// Releases holds what was inspected, by canonical version.
	Releases map[string]registry.Release
	// Missing is what incomplete releases lack, by canonical version.
	Missing map[string][]registry.Missing
	// Listed is every version of any image, ascending.
	Listed []version.Version
	// Security are the releases of the line in use, above those in use, that are
	// known to mend a vulnerability, ascending.
	Security []Published

	known   known
	objects <-chan taken // nil: the inventory is yet to be begun
}

// Published is a release and when it came out: the build time of its youngest
// image, else the day that the changelog says; zero: neither is known.
type Published struct {
	Version version.Version
	Since   time.Time
}

// outlook asks the registry only for what the decision hangs on.
func (b *Bot) outlook(ctx context.Context, v *look.View, app patch.Application, m *memory) (*Outlook, error) {
	family, policy := v.Family(app), v.PolicyOf(app)

	b.Progress("listing the tags of %s", family.Images)

	listings, err := b.registry.Listings(ctx, family)
	if err != nil {
		return nil, fmt.Errorf("listing the releases of application %s: %w", app.Name, err)
	}

	o := &Outlook{Application: app, Policy: policy, Releases: map[string]registry.Release{}, Missing: map[string][]registry.Missing{}}
	in := plan.Input{
		Policy:   policy,
		On:       app.On,
		Mixed:    app.Mixed,
		Open:     m.open,
		Declined: m.declined,
		Ignored:  m.ignored(),
		Before:   m.before,
		Limit:    v.Policy.Limits.OpenPullRequests,
		Room:     m.room,
		Now:      b.Now().In(b.Location),
	}

	for _, l := range listings {
		o.Listed = append(o.Listed, l.Version)

		r, lacks := listed(family, l)
		in.Releases = append(in.Releases, r)

		if len(lacks) > 0 {
			o.Missing[l.Version.String()] = lacks
		}
	}

	for i := range in.Releases {
		in.Releases[i].Security = b.security(ctx, policy.Source, in.Releases[i].Version, app.On)
	}

	b.losses(ctx, policy.Source, app, in.Releases)

	i := &inspection{Bot: b, repository: m.repository, family: family, in: &in, o: o, fresh: map[string]bool{}}
	o.Decision, err = i.decide(ctx)
	o.Security = b.vulnerable(ctx, &in, o.Decision.Current)

	return o, err
}

// listed is a release of which only the tag lists are known. One that lacks a
// tag is known to be incomplete without a further question.
func listed(family registry.Family, l registry.Listing) (plan.Release, []registry.Missing) {
	var lacks []registry.Missing

	for _, image := range family.Images {
		if _, ok := l.Tags[image]; !ok {
			lacks = append(lacks, registry.Missing{Image: image})
		}
	}

	return plan.Release{Version: l.Version, Inspected: len(lacks) > 0, Missing: missing(l.Version, lacks)}, lacks
}

// missing names what a version lacks, in words.
func missing(v version.Version, lacks []registry.Missing) []string {
	var out []string

	for _, m := range lacks {
		name := m.Image + ":" + v.String()
		if m.Platform != "" {
			name += " for " + m.Platform
		}

		out = append(out, name)
	}

	return out
}

// security tells whether v is known to fix a vulnerability. Only releases
// above those in use are asked about: the answer for the others changes nothing.
func (b *Bot) security(ctx context.Context, source string, v version.Version, on []version.Version) bool {
	if v.Security() {
		return true
	}

	if b.Upstream == nil || !newer(v, on) {
		return false
	}

	f, err := b.Upstream.Outline(ctx, source, v)
	if err != nil {
		b.Log.WarnContext(ctx, "the facts of a release are not known", "release", v.String(), "error", err)
	}

	if f == nil {
		return false
	}

	return entry(f, v).Security
}

// entry is what the changelog says of a release; nothing where it is not there.
func entry(f *facts.Facts, v version.Version) facts.Release {
	for _, r := range f.Changelog {
		if r.Version == v.String() {
			return r
		}
	}

	return facts.Release{}
}

// vulnerable are the security releases that an application could be on and is
// not.
func (b *Bot) vulnerable(ctx context.Context, in *plan.Input, current version.Version) []Published {
	var out []Published

	for _, r := range in.Releases {
		ours := r.Version.Line() == current.Line() && in.Policy.Channel.Admits(r.Version)
		if !ours || !r.Security || !newer(r.Version, []version.Version{current}) {
			continue
		}

		out = append(out, Published{r.Version, r.Built})

		if r.Built.IsZero() {
			out[len(out)-1].Since = b.dated(ctx, in.Policy.Source, r.Version)
		}
	}

	return out
}

// dated is the day that the changelog gives a release; zero: none.
func (b *Bot) dated(ctx context.Context, source string, v version.Version) time.Time {
	if day, ok := v.Date(); ok || b.Upstream == nil {
		return day
	}

	f, err := b.Upstream.Outline(ctx, source, v)
	if err != nil || f == nil {
		return time.Time{} // said where the release was asked about first
	}

	day, err := time.Parse(time.DateOnly, entry(f, v).Date)
	if err != nil {
		return time.Time{} // the heading has none
	}

	return day
}

func newer(v version.Version, on []version.Version) bool {
	for _, current := range on {
		if order, ok := version.Compare(v, current); ok && order > 0 {
			return true
		}
	}

	return false
}
