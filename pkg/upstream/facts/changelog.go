package facts

import (
	"maps"
	"slices"
)

// Changelog is every section of the changelogs of all releases inside this program, newest version first: each release
// once, as the newest changelog that names it tells it. It decodes nothing else.
func Changelog() ([]Release, error) {
	found := map[string]Release{}
	p, err := open(packedFacts)
	if err != nil {
		return nil, err
	}
	err = p.each(-1, func(e packed) error {
		if e.kind != ofChangelog {
			return nil
		}
		var r Release
		w := wire{text: p.text, in: e.body}
		r.fields(&w)
		r.normal()
		found[r.Version] = merged(found[r.Version], r)
		return w.err
	})
	if err != nil {
		return nil, err
	}
	return slices.SortedFunc(maps.Values(found), CompareReleases), nil
}

// merged is what two changelogs say of one release: ids were added later in some.
func merged(a, b Release) Release {
	b.Security = b.Security || a.Security
	b.Advisories = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(a.Advisories), b.Advisories...))))
	if b.Date == "" {
		b.Date = a.Date
	}
	return b
}

func (r *Release) normal() { fill(&r.Advisories) }
