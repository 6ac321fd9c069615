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
			Message:  fmt.Sprintf("%s is on %s while %s on %s", r.component, r.version, who(all, main), main),
			Expected: main.String(), Actual: r.version.String(),
			Fix:     "Move " + r.component + " to " + main.String() + ", or all of them to one release.",
			Related: placesOf(all, main),
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
	var best version.Version

	most, web := 0, false

	for _, r := range all {
		count, hasWeb := 0, false

		for _, other := range all {
			if other.version.Equal(r.version) {
				count++

				hasWeb = hasWeb || other.component == string(inventory.Web)
			}
		}

		if count > most || count == most && hasWeb && !web {
			best, most, web = r.version, count, hasWeb
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

func placesOf(all []runs, v version.Version) []Place {
	var out []Place

	for _, r := range all {
		if r.version.Equal(v) {
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
