package facts

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// Changelog is every section of the changelogs of all releases inside this program, newest version first: each release
// once, as the newest changelog that names it tells it. It decodes nothing else.
func Changelog() ([]Release, error) {
	found := map[string]Release{}
	err := eachLine(bytes.NewReader(packedFacts), func(_ int, line []byte) error {
		rest, ok := bytes.CutPrefix(line, []byte("release\t"))
		if !ok {
			return nil
		}
		_, value, _ := bytes.Cut(rest, []byte("\t"))
		var r Release
		if err := json.Unmarshal(value, &r); err != nil {
			return err
		}
		found[r.Version] = merged(found[r.Version], r)
		return nil
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
