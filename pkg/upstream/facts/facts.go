package facts

import "time"

// Facts is what the source of one release says.
type Facts struct {
	// Version is the release as asked for, in canonical form with its v ("v4.5.0"); for a nightly the nightly's name,
	// for a source read without a version what its own version file says.
	Version string `json:"release"`
	// Commit is the full hash of the commit that was read; empty when the source cannot tell (a plain directory, a
	// tarball without git's comment).
	Commit string `json:"commit"`
	// Date is the committer's date of that commit, in UTC; zero when the source cannot tell. Upstream's tags are
	// lightweight, so this is the only date that git has for a release.
	Date time.Time `json:"date,omitzero"`

	Schema      Schema      `json:"schema"`
	Migrations  []Migration `json:"migrations"`     // by phase (pre first), then version
	Environment []Variable  `json:"environment"`    // by name
	Runtimes    []Runtime   `json:"runtimes"`       // by name
	Floors      []Floor     `json:"floors"`         // by name, enforced ones first
	Queues      []Queue     `json:"queues"`         // by name
	Processes   []Process   `json:"processes"`      // by name
	Search      []Search    `json:"search_indexes"` // by name
	Changelog   []Release   `json:"changelog"`      // newest version first
	// Support is what the release says of which lines are supported, newest first.
	Support []Support `json:"support"`
	// Gaps are what the readers saw and could not read: unknown, not absent. Empty for every release so far.
	Gaps []Gap `json:"gaps"`
}

// Gap is one place that could not be read.
type Gap struct {
	What string `json:"what"`
	Place
}

// Place is one line of the source.
type Place struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// Release is one section of the release's own changelog. A line's later releases, made in parallel, are not in it.
type Release struct {
	// Version in canonical form with its v.
	Version string `json:"version"`
	// Date as the heading says it, 2006-01-02; empty when the heading has none.
	Date string `json:"date"`
	// Security is set when the section has a security part, with or without ids.
	Security bool `json:"security"`
	// Advisories are the GHSA and CVE ids named in the section, link targets included, sorted, GHSA as upstream
	// spells it (upper-case prefix, lower-case rest).
	Advisories []string `json:"advisories"`
	Place
}

// Normal replaces every nil list with an empty one, so that JSON says [] and not null, and returns f.
func (f *Facts) Normal() *Facts {
	f.Schema.normal()
	fill(&f.Migrations)
	fill(&f.Environment)
	fill(&f.Runtimes)
	fill(&f.Floors)
	fill(&f.Queues)
	fill(&f.Processes)
	fill(&f.Search)
	fill(&f.Changelog)
	fill(&f.Support)
	fill(&f.Gaps)
	for i := range f.Migrations {
		f.Migrations[i].normal()
	}
	for i := range f.Environment {
		f.Environment[i].normal()
	}
	for i := range f.Changelog {
		f.Changelog[i].normal()
	}
	return f
}

func fill[T any](list *[]T) {
	if *list == nil {
		*list = []T{}
	}
}
