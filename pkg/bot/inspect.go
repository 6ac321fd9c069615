package bot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/goingdark-social/bot/pkg/plan"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/version"
)

// inspection is the looking at releases that a decision hangs on.
//
// A tag list says little and costs little; to look at a release costs requests
// for each image. What was looked at is remembered while the process stays, and
// each pass looks again at one release, the one seen longest ago: so a pass
// that finds nothing new asks the same few questions however much is held back.
// A release is never newly proposed on memory alone.
type inspection struct {
	*Bot

	repository string // whose passes are counted; "": nobody's

	family registry.Family
	in     *plan.Input
	o      *Outlook
	fresh  map[string]bool // looked at in this pass
}

func (i *inspection) decide(ctx context.Context) (plan.Decision, error) {
	i.recall()

	d, err := i.settle(ctx)
	if err != nil {
		return d, err
	}

	if v, ok := i.oldest(d); ok && i.turn(i.repository, i.o.Application.Name)%2 == 1 {
		if err := i.look(ctx, v); err != nil {
			return d, err
		}
	}

	for {
		if d, err = i.settle(ctx); err != nil {
			return d, err
		}

		next := slices.IndexFunc(d.Proposals, func(p plan.Proposal) bool { return !i.fresh[p.To.String()] && !i.isOpen(p.To) })
		if next < 0 {
			return d, nil
		}

		if err := i.look(ctx, d.Proposals[next].To); err != nil {
			return d, err
		}
	}
}

// settle repeats the pure decision until it asks for nothing more.
func (i *inspection) settle(ctx context.Context) (plan.Decision, error) {
	for {
		d := plan.Make(*i.in)
		if len(d.Inspect) == 0 {
			return d, nil
		}

		for _, v := range d.Inspect {
			if err := i.look(ctx, v); err != nil {
				return d, err
			}
		}
	}
}

func (i *inspection) look(ctx context.Context, v version.Version) error {
	i.Progress("inspecting %s", v)

	r, err := i.registry.Inspect(ctx, i.family, v, i.o.Policy.Platforms)
	if err != nil {
		return fmt.Errorf("inspecting %s: %w", v, err)
	}

	i.fresh[v.String()] = true
	i.note(r)
	put(i.kept, i.kept.releases, i.key(v), inspected{r, i.Now()})

	return nil
}

func (i *inspection) key(v version.Version) string {
	return releaseKey(i.family, v, i.o.Policy.Platforms)
}

// recall notes what earlier passes of this process saw of the releases that
// still have every tag.
func (i *inspection) recall() {
	for _, r := range i.in.Releases {
		if known, ok := get(i.kept, i.kept.releases, i.key(r.Version)); ok && !r.Inspected {
			i.note(known.release)
		}
	}
}

// oldest is the release, of those that the decision hangs on, that was looked
// at longest ago by an earlier pass.
func (i *inspection) oldest(d plan.Decision) (oldest version.Version, ok bool) {
	var at time.Time

	consider := func(v version.Version) {
		known, seen := get(i.kept, i.kept.releases, i.key(v))
		if seen && !i.fresh[v.String()] && (!ok || known.at.Before(at)) {
			oldest, at, ok = v, known.at, true
		}
	}

	for _, p := range d.Proposals {
		consider(p.To)
	}

	for _, h := range d.Held {
		if slices.Contains(plan.LateRules(), h.Rule) {
			consider(h.Version)
		}
	}

	return oldest, ok
}

func (i *inspection) isOpen(v version.Version) bool { return slices.ContainsFunc(i.in.Open, v.Equal) }

// note fills in what an inspection found.
func (i *inspection) note(found registry.Release) {
	key := found.Version.String()
	i.o.Releases[key], i.o.Missing[key] = found, found.Missing

	for n := range i.in.Releases {
		r := &i.in.Releases[n]
		if !r.Version.Equal(found.Version) {
			continue
		}

		r.Inspected = true
		r.Missing = missing(found.Version, found.Missing)
		r.Contradiction = found.Contradiction
		r.Built = found.Built()
	}
}
