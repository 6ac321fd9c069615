package notes

import (
	"slices"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// Lost are the ids of security fixes that one release has and another has not, sorted: what going from the one to the other
// opens again. It is empty when either is nil, which is unknown. Of two targets the one that loses less is the better one.
//
// A changelog that was trimmed at its old end loses nothing by that. An id that the younger release merely does not name is not
// lost either: upstream mends every supported line on one day, and not every section names what it mends.
func Lost(from, to *facts.Facts) []string {
	lost, _ := missing(from, to)
	return lost
}

// missing are the ids of fixes that a release names and another does not: those that the other is too old to have, and those
// that it is young enough for.
func missing(from, to *facts.Facts) (lost, unnamed []string) {
	if from == nil || to == nil {
		return nil, nil
	}
	named := map[string]bool{}
	for _, section := range to.Changelog {
		for _, id := range section.Advisories {
			named[id] = true
		}
	}
	for _, section := range reaching(from.Changelog, to.Changelog) {
		for _, id := range section.Advisories {
			switch {
			case named[id]:
			case after(section, to):
				lost = append(lost, id)
			default:
				unnamed = append(unnamed, id)
			}
		}
	}
	return sorted(lost), sorted(unnamed)
}

// behind are the releases that one release's changelog has and another's lacks because they were made after it.
func behind(from, to *facts.Facts) []facts.Release {
	has := map[string]bool{}
	for _, section := range to.Changelog {
		has[section.Version] = true
	}
	return slices.DeleteFunc(reaching(from.Changelog, to.Changelog), func(section facts.Release) bool {
		return has[section.Version] || section.Version == to.Version || !after(section, to)
	})
}

// reaching are the sections of a changelog that are not older than the oldest of another.
func reaching(a, b []facts.Release) []facts.Release {
	end := oldest(b)
	return slices.DeleteFunc(slices.Clone(a), func(section facts.Release) bool {
		order, ok := version.Compare(version.Parse(section.Version), end)
		return !ok || order < 0
	})
}

// oldest is the lowest version of a changelog, the zero Version for an empty one.
func oldest(changelog []facts.Release) version.Version {
	var out version.Version
	for _, section := range changelog {
		v := version.Parse(section.Version)
		if order, ok := version.Compare(v, out); !ok || order < 0 {
			out = v
		}
	}
	return out
}

// after says that a section was written after a release was made, or that nobody can tell.
func after(section facts.Release, of *facts.Facts) bool {
	made := of.Date.UTC().Format(time.DateOnly)
	for _, own := range of.Changelog {
		if own.Version == of.Version && own.Date != "" {
			made = own.Date // dates of one kind: a changelog is dated a day before its tag now and then
		}
	}
	return section.Date == "" || of.Date.IsZero() || section.Date > made
}

func sorted(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// advisories compares what the two changelogs name.
func (w *writer) advisories() {
	if !w.facts() {
		return
	}
	gained, kept := missing(w.in.ToFacts, w.in.FromFacts)
	w.notes.Advisories = sorted(append(gained, kept...))
	w.notes.AdvisoriesLost, w.notes.AdvisoriesUnnamed = missing(w.in.FromFacts, w.in.ToFacts)
	for _, section := range behind(w.in.FromFacts, w.in.ToFacts) {
		w.notes.ReleasesLost = append(w.notes.ReleasesLost, section.Version)
	}
}

// lostHazards say loudly what the target does not have.
func (w *writer) lostHazards() {
	n := &w.notes
	if len(n.AdvisoriesLost) > 0 {
		w.hazardf("advisories-lost", severity.Error, "CHANGELOG.md at "+n.From, "%s lacks security fixes that %s has: %s. It was made before %s; choose a release "+
			"of its line that has them", n.To, n.From, list(n.AdvisoriesLost), list(n.ReleasesLost))
	} else if security := w.securityBehind(); len(security) > 0 {
		w.hazardf("security-releases-lost", severity.Error, "CHANGELOG.md at "+n.From, "%s was made before the security releases %s, which %s includes", n.To, list(security), n.From)
	}
	if len(n.AdvisoriesUnnamed) > 0 {
		w.hazardf("advisories-unnamed", severity.Info, "CHANGELOG.md at "+n.To, "%s names %s, and the changelog of %s does not, though it is younger: it has the fix "+
			"unnamed or never had the fault", n.From, list(n.AdvisoriesUnnamed), n.To)
	}
	if len(n.Migrations.Undone) > 0 && !w.downgrade() {
		w.hazardf("unknown-to-target", severity.Warning, "db/migrate at "+n.From, "%s of %s, run or to be run there, not in %s: %s", count(len(n.Migrations.Undone), "migration"),
			n.From, n.To, list(n.Migrations.Undone))
	}
}

func (w *writer) securityBehind() []string {
	var out []string
	if w.facts() {
		for _, section := range behind(w.in.FromFacts, w.in.ToFacts) {
			if section.Security {
				out = append(out, section.Version)
			}
		}
	}
	return out
}

// list is "a, b and c".
func list(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
