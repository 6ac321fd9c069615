package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/notes"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// annotate adds the migration notes to a change. What cannot be found out is
// said to be unknown in them and fails nothing. A change that takes in a
// security release on the way mends a vulnerability too.
func (b *Bot) annotate(ctx context.Context, v *look.View, c *Change, o *Outlook) {
	c.Notes = b.notes(ctx, v, o, c.From(), c.To)

	if slices.ContainsFunc(c.Notes.Releases, func(r notes.Release) bool { return r.Security }) {
		c.Security = true
	}
}

// Notes are the migration notes from one version to another. With a view they
// speak of the objects of one of its applications, with nil of the releases
// alone.
func (b *Bot) Notes(ctx context.Context, v *look.View, application string, from, to version.Version) (notes.Notes, error) {
	b = b.begin()

	o := &Outlook{Policy: config.DefaultApplication(), Releases: map[string]registry.Release{}}

	if v != nil {
		apps, err := v.Select(application, false)
		if err != nil {
			return notes.Notes{}, err
		}

		o.Application, o.Policy = apps[0], v.PolicyOf(apps[0])

		if b.registry != nil {
			if err := b.list(ctx, v, apps[0], o); err != nil {
				return notes.Notes{}, err
			}
		}
	}

	o.known = b.learn(ctx, "", o.Application, o.Policy.Source, from)

	return b.notes(ctx, v, o, []string{from.String()}, to), nil
}

func (b *Bot) notes(ctx context.Context, v *look.View, o *Outlook, from []string, to version.Version) notes.Notes {
	base, source := notes.Base(from, to), o.Policy.Source

	objects := o.objects
	if objects == nil && v != nil {
		objects = b.begun(ctx, v, o.Application)
	}

	in := notes.Input{
		Application: o.Application.Name,
		From:        from,
		To:          to,
		FromFacts:   b.facts(ctx, source, base),
		ToFacts:     b.facts(ctx, source, to),
		Source:      source,
		Crossed:     b.crossed(ctx, source, base, to, o),
	}

	o.known.inform(&in, base)

	if v != nil {
		in.Mixed = mixed(v, o.Application)
		in.Inventory = b.took(ctx, o.Application, <-objects)
	}

	return notes.Between(in)
}

// facts are those of a version, nil when unknown.
func (b *Bot) facts(ctx context.Context, source string, v version.Version) *facts.Facts {
	if b.Upstream == nil || !v.Fixed() {
		return nil
	}

	f, err := b.Upstream.Facts(ctx, source, v)
	if err != nil {
		b.Log.WarnContext(ctx, "the facts of a release are not known", "release", v.String(), "error", err)
	}

	return f
}

// taken is the inventory of an application, or why there is none.
type taken struct {
	inventory *inventory.Inventory
	err       error
}

// begun takes the inventory while something else is done. The channel is
// closed when nothing is read any more.
func (b *Bot) begun(ctx context.Context, v *look.View, app patch.Application) <-chan taken {
	objects := make(chan taken, 1)

	go func() {
		defer close(objects)

		inv, err := inventory.Take(ctx, v.FS, app.Files, app.Family.Web, app.Family.Streaming)
		objects <- taken{inv, err}
	}()

	return objects
}

// took is the inventory; one that could not be taken is unknown, and holds nothing up.
func (b *Bot) took(ctx context.Context, app patch.Application, t taken) *inventory.Inventory {
	if t.err != nil {
		b.Log.WarnContext(ctx, "the objects of an application are not known", "application", app.Name, "error", t.err)
	}

	return t.inventory
}

// crossed are the releases after base up to to, as the registry and the facts
// know them.
func (b *Bot) crossed(ctx context.Context, source string, base, to version.Version, o *Outlook) []notes.Release {
	listed := append(slices.Clone(o.Listed), to)
	known := map[string]bool{}

	var out []notes.Release

	for _, v := range listed {
		if known[v.String()] || !onTheWay(v, base, to) {
			continue
		}

		known[v.String()] = true
		out = append(out, b.release(ctx, source, v, o))
	}

	return out
}

// onTheWay tells whether v lies after base and not after to. Pre-releases are
// stages of their final and no releases of their own, except at the end.
func onTheWay(v, base, to version.Version) bool {
	if v.Equal(to) {
		return true
	}

	after, ordered := version.Compare(v, base)
	until, _ := version.Compare(v, to)

	return ordered && after > 0 && until < 0 && v.Kind() != version.Prerelease
}

func (b *Bot) release(ctx context.Context, source string, v version.Version, o *Outlook) notes.Release {
	out := notes.Release{Version: v.String(), Source: "registry"}

	if found, ok := o.Releases[v.String()]; ok {
		out.Date = found.Built()
	}

	f := b.facts(ctx, source, v)
	if f == nil {
		return out
	}

	out.Date, out.Source = f.Date, "source of "+v.String()

	for _, section := range f.Changelog {
		if section.Version == v.String() {
			out.Security, out.Advisories = section.Security, section.Advisories
			out.Source = fmt.Sprintf("%s:%d at %s", section.File, section.Line, v)
		}
	}

	return out
}

// mixed tells of the references that name another version than web and
// sidekiq do.
func mixed(v *look.View, app patch.Application) []string {
	if !app.Mixed {
		return nil
	}

	var out []string

	for _, r := range v.Tree.References {
		odd := r.Application == app.Name && r.Tag != "" &&
			!slices.ContainsFunc(app.On, version.Parse(r.Tag).Equal)
		if odd {
			out = append(out, fmt.Sprintf("%s:%d names %s", r.File, r.Line, r.Tag))
		}
	}

	return out
}
