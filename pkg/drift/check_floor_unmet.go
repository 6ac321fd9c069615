package drift

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

func floorUnmet() Check {
	return Check{
		ID: "floor-unmet", Severity: severity.Error, Title: "servers older than the release asks for",
		Doc: `PostgreSQL, Redis and Elasticsearch of the tree, by the version that their object or image states, against the lowest that the
release in use works with: an error where its code refuses what is older, a warning where only its documentation says so.`,
		Needs: ReleaseFacts,
		find:  findFloors,
	}
}

func findFloors(in *Input) []Finding {
	var out []Finding

	for _, of := range []struct {
		name   string
		stores []inventory.Store
	}{{"postgresql", append(slices.Clone(in.Effective.Databases), in.databasesElsewhere()...)}, {"redis", in.Effective.Redis}, {"elasticsearch", in.Effective.Search}} {
		for _, s := range of.stores {
			if f, ok := in.below(of.name, s); ok {
				out = append(out, f)
			}
		}
	}

	return out
}

// databasesElsewhere are servers of other roots that the application connects to.
func (in *Input) databasesElsewhere() []inventory.Store {
	var out []inventory.Store

	for _, c := range in.databaseUsers() {
		host, port, _, known := c.databaseOf()

		db := in.serverAt(host, port, c.object).database
		if !known || db == nil || db.root != "" {
			continue
		}

		for _, s := range in.Elsewhere.Databases {
			if s.File == db.file && s.Name == db.name && !slices.ContainsFunc(out, func(o inventory.Store) bool { return o.Object == s.Object }) {
				out = append(out, s)
			}
		}
	}

	return out
}

// oldest are the versions below which a tag numbers something else, an image of one's own for instance.
var oldest = map[string]string{"postgresql": "8", "redis": "2", "elasticsearch": "1"}

// below holds one server against the floors of its name: the enforced one first.
func (in *Input) below(name string, s inventory.Store) (Finding, bool) {
	if s.Version == "" || s.Product != name || lower(s.Version, oldest[name]) { // Valkey and OpenSearch count by themselves
		return Finding{}, false
	}

	floors := slices.Clone(in.Facts.Floors)
	slices.SortStableFunc(floors, func(a, b facts.Floor) int {
		return strings.Compare(strconv.FormatBool(b.Enforced), strconv.FormatBool(a.Enforced))
	})

	for _, floor := range floors {
		if floor.Name != name || !lower(s.Version, floor.Version) {
			continue
		}

		f := Finding{
			Severity: severity.Warning, Place: Place{s.File, max(s.VersionLine, s.Line)}, Name: name,
			Message:  fmt.Sprintf("%s asks for %s %s, and %s %s is on %s", in.Facts.Version, name, floor.Version, s.Kind, s.Name, s.Version),
			Expected: floor.Version, Actual: s.Version, Fix: "Upgrade " + name + " to " + floor.Version + " or newer.",
		}

		if floor.Enforced {
			f.Severity = severity.Error
			f.Message = fmt.Sprintf("%s refuses %s below %s, and %s %s is on %s", in.Facts.Version, name, floor.Version, s.Kind, s.Name, s.Version)
		}

		return f, true
	}

	return Finding{}, false
}

// lower compares versions number by number, as far as both state them: 13 is not lower than 13.2.
func lower(have, floor string) bool {
	a, b := strings.Split(have, "."), strings.Split(floor, ".")

	for i := range min(len(a), len(b)) {
		x, ok := number(a[i])
		y, ok2 := number(b[i])

		if !ok || !ok2 {
			return false
		}

		if x != y {
			return x < y
		}
	}

	return false
}
