package cli

import "github.com/goingdark-social/bot/pkg/drift"

// driftReport is what was found, by application.
type driftReport struct {
	checks       []drift.Check
	applications []driftApplication
	// dark is why a cluster or a database could not be read; nil: they were, or
	// nobody asked.
	dark error
}

type driftApplication struct {
	name, on string
	findings []drift.Finding
}

// findings are those of all applications, in the order of the contract.
func (r *driftReport) findings() []drift.Finding {
	var out []drift.Finding
	for _, a := range r.applications {
		out = append(out, a.findings...)
	}

	drift.Sort(out)

	return out
}
