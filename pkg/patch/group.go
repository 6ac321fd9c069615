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
		decides := d.decides(Web)
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
		for r := range d.decides(Web) {
			if decides[r] {
				return true
			}
		}

		return false
	})
}

// join adds each part to the application nearest to it; a part as near to two of them, or of another family, stays by itself.
func join(apps []*app, parts []*seed) []*app {
	whole := len(apps)

	for _, d := range parts {
		nearest, depth, twice := -1, -1, false

		for i, a := range apps[:whole] {
			if !a.sameFamily(d) {
				continue
			}

			switch near := a.nearness(d); {
			case near > depth:
				nearest, depth, twice = i, near, false
			case near == depth:
				twice = true
			}
		}

		if nearest < 0 || twice {
			apps = append(apps, &app{seeds: []*seed{d}})
		} else {
			apps[nearest].seeds = append(apps[nearest].seeds, d)
		}
	}

	return apps
}

func (a *app) nearness(d *seed) int {
	depth := 0
	for _, s := range a.seeds {
		depth = max(depth, depthOf(layout.Folder(s.root.Dir+"/.", d.root.Dir+"/.")))
	}

	return depth
}

func (a *app) sameFamily(d *seed) bool {
	for _, s := range a.seeds {
		for r := range s.refs {
			for other := range d.refs {
				if !sharesFamily(r, other) {
					return false
				}
			}
		}
	}

	return true
}

func sharesFamily(a, b *Reference) bool {
	return slices.ContainsFunc(a.families, func(f Family) bool { return slices.Contains(b.families, f) })
}
