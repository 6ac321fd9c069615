package drift

import (
	"cmp"
	"slices"

	"github.com/goingdark-social/bot/pkg/severity"
)

// Place is a line of a file.
type Place struct {
	File string
	Line int // 0: the file as a whole
}

// Finding is one drift and its evidence.
type Finding struct {
	Check       string
	Severity    severity.Level
	Application string
	Components  []string // web, sidekiq, streaming, migrate, job, in that order; none when it is about none of them
	Place                // what shows it; for something absent the first line of the object that should hold it
	// Name is what it is about (a variable, a queue, a Secret …), by which a policy accepts it; empty when the check has no such name.
	Name     string
	Message  string
	Expected string
	Actual   string
	Fix      string // a sentence
	Related  []Place

	edits []edit // that make the notes true
}

var componentOrder = []string{"web", "sidekiq", "streaming", "migrate", "job"}

// arrange sorts findings by severity, file, line and check, and makes one of those with one cause in one place.
func arrange(list []Finding) []Finding {
	type key struct {
		check, application, message string
		at                          Place
	}

	at := map[key]int{}

	var out []Finding

	for _, f := range list {
		k := key{f.Check, f.Application, f.Message, f.Place}
		if i, ok := at[k]; ok {
			out[i].Components = append(out[i].Components, f.Components...)
			out[i].Related = append(out[i].Related, f.Related...)
			out[i].edits = append(out[i].edits, f.edits...)

			continue
		}

		at[k] = len(out)
		out = append(out, f)
	}

	for i := range out {
		out[i].tidy()
	}

	Sort(out)

	return out
}

// Sort orders findings by severity, file, line and check.
func Sort(list []Finding) {
	slices.SortStableFunc(list, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(slices.Index(severity.All(), a.Severity), slices.Index(severity.All(), b.Severity)),
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Check, b.Check), cmp.Compare(a.Message, b.Message),
		)
	})
}

func (f *Finding) tidy() {
	slices.SortFunc(f.Components, func(a, b string) int {
		return cmp.Compare(slices.Index(componentOrder, a), slices.Index(componentOrder, b))
	})
	f.Components = slices.Compact(f.Components)
	f.Related = slices.DeleteFunc(f.Related, func(p Place) bool { return p == f.Place || p.File == "" })
	slices.SortFunc(f.Related, func(a, b Place) int { return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line)) })
	f.Related = slices.Compact(f.Related)
}
