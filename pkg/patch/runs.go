package patch

import (
	"cmp"
	"slices"

	"github.com/goingdark-social/bot/pkg/version"
)

// Run is a component and a version that it runs.
type Run struct {
	Component Component
	Version   version.Version
}

// runs is what the rendered containers run: each component with each of its versions once, by component. A component that nothing
// renders (a compose file, a chart) runs what its references say.
func (a *app) runs() []Run {
	var all []Run

	for _, p := range a.pods() {
		if p.decided == nil {
			continue
		}

		for _, c := range p.is() {
			all = appendRun(all, c, p.decided)
		}
	}

	rendered := slices.Clone(all)

	for _, r := range a.refs {
		if r.Form == Name || r.Form == Label || r.Form == Markdown {
			continue
		}

		for _, c := range r.Components {
			if !slices.ContainsFunc(rendered, func(run Run) bool { return run.Component == c }) {
				all = appendRun(all, c, r)
			}
		}
	}

	slices.SortFunc(all, func(a, b Run) int {
		return cmp.Or(
			cmp.Compare(slices.Index(componentOrder, a.Component), slices.Index(componentOrder, b.Component)),
			version.CompareAny(a.Version, b.Version),
		)
	})

	return all
}

func appendRun(all []Run, c Component, r *Reference) []Run {
	for _, v := range appendVersion(nil, r) {
		if !slices.ContainsFunc(all, func(run Run) bool { return run.Component == c && run.Version.Equal(v) }) {
			all = append(all, Run{c, v})
		}
	}

	return all
}

// Mentions tells of contents whether they name an image that a scan with these options looks for.
func Mentions(o Options) func(file string, content []byte) bool {
	n := newNames(o)

	return func(file string, content []byte) bool { return n.in(file, content) }
}
