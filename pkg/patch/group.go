package patch

import (
	"slices"

	"github.com/goingdark-social/bot/pkg/layout"
)

// group makes applications of roots: those that share the place where the version of web is decided are one, and a root without a
// web of its own (a migration that is applied before the rest, one folder a component) joins the nearest application.
func group(seeds []*seed) []*app {
	var (
		apps  []*app
		parts []*seed
	)

	for _, d := range seeds {
		decides := d.decidesWeb()
		if len(decides) == 0 {
			parts = append(parts, d)

			continue
		}

		joined := &app{seeds: []*seed{d}}

		apps = slices.DeleteFunc(apps, func(a *app) bool {
			if !a.sharesWeb(decides) {
				return false
			}

			joined.seeds = append(joined.seeds, a.seeds...)

			return true
		})
		apps = append(apps, joined)
	}

	return join(apps, parts)
}

func (a *app) sharesWeb(decides map[*Reference]bool) bool {
	return slices.ContainsFunc(a.seeds, func(d *seed) bool {
		for r := range d.decidesWeb() {
			if decides[r] {
				return true
			}
		}

		return false
	})
}

// join adds each part to the application nearest to it; of several as near, to the one that names the same version. A part that
// belongs to none more than to another, or is of another family, stays by itself.
func join(apps []*app, parts []*seed) []*app {
	whole := slices.Clip(apps)

	for _, d := range parts {
		nearest := slices.DeleteFunc(slices.Clone(whole), func(a *app) bool { return !a.sameFamily(d) })
		nearest = mostOf(nearest, func(a *app) int { return a.nearness(d) })
		nearest = mostOf(nearest, func(a *app) int { return a.agreement(d) })

		if len(nearest) == 1 {
			nearest[0].seeds = append(nearest[0].seeds, d)
		} else {
			apps = append(apps, &app{seeds: []*seed{d}})
		}
	}

	return apps
}

// mostOf keeps those with the highest measure.
func mostOf(apps []*app, measure func(*app) int) []*app {
	if len(apps) <= 1 {
		return apps
	}

	var (
		kept    []*app
		highest int
	)

	for _, a := range apps {
		switch m := measure(a); {
		case len(kept) == 0 || m > highest:
			kept, highest = []*app{a}, m
		case m == highest:
			kept = append(kept, a)
		}
	}

	return kept
}

// agreement is 1 when the application takes a version that the part names too.
func (a *app) agreement(d *seed) int {
	tags := map[string]bool{}

	for _, s := range a.seeds {
		for _, p := range s.pods {
			tags[p.tag] = p.decided != nil || tags[p.tag]
		}
	}

	if slices.ContainsFunc(d.pods, func(p *pod) bool { return p.decided != nil && tags[p.tag] }) {
		return 1
	}

	return 0
}

func (a *app) nearness(d *seed) int {
	depth := 0
	for _, s := range a.seeds {
		depth = max(depth, depthOf(layout.Folder(s.root.Dir+"/.", d.root.Dir+"/.")))
	}

	return depth
}

// sameFamily tells that every image of the part and every one of the application may be of one family.
func (a *app) sameFamily(d *seed) bool {
	theirs := d.images()

	for _, s := range a.seeds {
		for _, r := range s.images() {
			for _, other := range theirs {
				if !sharesFamily(r, other) {
					return false
				}
			}
		}
	}

	return true
}

// images is one reference for each image.
func (d *seed) images() map[string]*Reference {
	images := map[string]*Reference{}
	for r := range d.refs {
		images[r.Image] = r
	}

	return images
}

func sharesFamily(a, b *Reference) bool {
	return slices.ContainsFunc(a.families, func(f Family) bool { return slices.Contains(b.families, f) })
}
