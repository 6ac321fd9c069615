package drift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/version"
)

func versionSkew() Check {
	return Check{
		ID: "version-skew", Severity: severity.Error, Title: "components on different releases",
		Doc: `Web, Sidekiq, streaming and every job from the same images are released together: they share the database, Redis and the
API between them. The version that most of them run is taken to be meant, and what differs is the odd one. Two lines or channels
are an error, two releases of one line a warning. A migrate Job that is behind is ` + "`migrate-behind`" + `'s.`,
		find: findSkew,
	}
}

// runs is one place that gives a component its version.
type runs struct {
	component string
	version   version.Version
	at        Place
}

func findSkew(in *Input) []Finding {
	all := in.versions()
	main, count := majority(all)

	if count == len(all) {
		return nil
	}

	var out []Finding

	others, places := who(all, main), placesOf(all, main)

	for _, r := range all {
		if r.version.Equal(main) || r.component == string(inventory.Migrate) && older(r.version, main) {
			continue
		}

		level := severity.Warning
		if _, related := version.Compare(r.version, main); !related || r.version.Line() != main.Line() {
			level = severity.Error
		}

		out = append(out, Finding{
			Severity: level, Place: r.at, Components: []string{r.component}, Name: r.component,
			Message:  fmt.Sprintf("%s is on %s while %s on %s", r.component, r.version, others, main),
			Expected: main.String(), Actual: r.version.String(),
			Fix:     "Move " + r.component + " to " + main.String() + ", or all of them to one release.",
			Related: places,
		})
	}

	return out
}

// versions are what the rendered containers run; where none are known (a compose file, a chart), what the references say.
func (in *Input) versions() []runs {
	var out []runs

	for _, c := range in.containers {
		if c.version.Kind() != version.Unknown {
			out = append(out, runs{string(c.component), c.version, in.imageAt(c)})
		}
	}

	if len(in.containers) > 0 {
		return out
	}

	for _, r := range in.References {
		v := r.Version()
		if v.Kind() == version.Unknown || !slices.Contains(deciding, r.Form) {
			continue
		}

		for _, c := range r.Components {
			out = append(out, runs{string(c), v, Place{r.File, r.Line}})
		}
	}

	return out
}

// deciding are the forms that give something that runs its version; the rest mention one.
var deciding = []patch.Form{
	patch.Container, patch.KustomizeImage, patch.KustomizePatch, patch.HelmValues, patch.ArgoCD, patch.Variable, patch.Compose,
}

// majority is the version that most run; of two that as many do, web's.
func majority(all []runs) (version.Version, int) {
	// Where a tree names thousands, holding each against each takes minutes.
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b runs) int { return version.CompareAny(a.version, b.version) })

	counts := map[string]int{} // by the spelling of each
	web := map[string]bool{}

	for start := 0; start < len(sorted); {
		end, hasWeb := start, false
		for ; end < len(sorted) && sorted[end].version.Equal(sorted[start].version); end++ {
			hasWeb = hasWeb || sorted[end].component == string(inventory.Web)
		}

		for _, r := range sorted[start:end] {
			counts[r.version.Tag()], web[r.version.Tag()] = end-start, hasWeb
		}

		start = end
	}

	var best version.Version

	most := 0

	for _, r := range all {
		if tag := r.version.Tag(); counts[tag] > most || counts[tag] == most && web[tag] && !web[best.Tag()] {
			best, most = r.version, counts[tag]
		}
	}

	return best, most
}

func older(a, b version.Version) bool {
	order, ok := version.Compare(a, b)

	return ok && order < 0
}

// who are the components on a version: "web and sidekiq are".
func who(all []runs, v version.Version) string {
	var names []string

	for _, name := range componentOrder {
		if slices.ContainsFunc(all, func(r runs) bool { return r.component == name && r.version.Equal(v) }) {
			names = append(names, name)
		}
	}

	if len(names) == 1 {
		return names[0] + " is"
	}

	return list(names) + " are"
}

// maxRelated is how many places a finding names beside its own.
const maxRelated = 50

// placesOf are the first places with a version.
func placesOf(all []runs, v version.Version) []Place {
	var out []Place

	for _, r := range all {
		if len(out) < maxRelated && r.version.Equal(v) {
			out = append(out, r.at)
		}
	}

	return out
}

// list joins words as a sentence does.
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}

	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
