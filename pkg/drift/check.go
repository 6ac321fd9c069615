package drift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/severity"
)

// Check is one thing that can drift.
type Check struct {
	// ID names it: in the output, in --checks and --skip, in a policy's accept list.
	ID string
	// Severity is the worst that it reports.
	Severity severity.Level
	// Title says in a few words what it finds.
	Title string
	// Doc explains it: why it matters, when it stays silent.
	Doc string
	// Needs is what it judges by besides the tree; it is left out, and said to be, where that is missing.
	Needs Needs
	// Absence says that it finds what is not there, which what could not be rendered may well bring: then it is only info.
	Absence bool

	find func(*Input) []Finding
}

// Needs is what a check judges by besides the tree.
type Needs string

// What checks need.
const (
	Nothing       Needs = ""
	ReleaseFacts  Needs = "the facts of the release in use"
	PreviousFacts Needs = "the facts of the line before the one in use"
	Registry      Needs = "the images in the registry"
	Dates         Needs = "the dates of support and of security releases"
	Cluster       Needs = "the objects in the cluster"
	Rows          Needs = "the facts of the release in use and the rows of schema_migrations"
)

// Checks are all checks, those of the tree before those of what is outside, in the order of the documentation.
func Checks() []Check {
	return []Check{
		versionSkew(), migrateBehind(), notRendered(), docsDrift(),
		envUnread(), envMissing(), envConflict(), secretMissing(),
		poolSize(), migrateThroughPooler(), jobImmutable(), hookIgnored(), hookOrder(), postMigrateEarly(),
		probeVersion(), queueUnserved(), schedulerReplicas(),
		floorUnmet(), backupMissing(), mediaVolume(), labelInert(), rivalBot(),
		tagMissing(), platformMissing(), tagMoved(), revisionMismatch(), lineUnsupported(),
		liveVersion(), liveDiff(), rolloutStuck(), migrateFailed(), migrationPending(),
	}
}

// Select picks checks by their ids: those named, or all; without those skipped. An id that is none is an [*UnknownCheckError].
func Select(names, skip []string) ([]Check, error) {
	all := Checks()

	for _, name := range slices.Concat(names, skip) {
		if !slices.ContainsFunc(all, func(c Check) bool { return c.ID == name }) {
			return nil, &UnknownCheckError{ID: name, IDs: ids(all)}
		}
	}

	return slices.DeleteFunc(all, func(c Check) bool {
		return len(names) > 0 && !slices.Contains(names, c.ID) || slices.Contains(skip, c.ID)
	}), nil
}

func ids(checks []Check) []string {
	var out []string
	for _, c := range checks {
		out = append(out, c.ID)
	}

	return out
}

// UnknownCheckError is a check asked for that does not exist.
type UnknownCheckError struct {
	ID  string
	IDs []string // those that exist
}

func (e *UnknownCheckError) Error() string {
	return fmt.Sprintf("there is no check %q; there are %s", e.ID, strings.Join(e.IDs, ", "))
}

// Skipped is a check that was not made.
type Skipped struct {
	Application, Check, Reason string
}

// Run makes checks of one application. The same input gives the same findings.
func Run(in *Input, checks []Check) ([]Finding, []Skipped) {
	var (
		out     []Finding
		skipped []Skipped
	)

	for _, c := range checks {
		if !in.has(c.Needs) {
			skipped = append(skipped, Skipped{in.Application.Name, c.ID, "not checked: " + string(c.Needs) + " are not known"})

			continue
		}

		for _, f := range c.find(in) {
			out = append(out, in.stamp(c, f))
		}
	}

	return in.accept(arrange(out)), skipped
}

func (in *Input) has(n Needs) bool {
	switch n {
	case ReleaseFacts:
		return in.Facts != nil
	case PreviousFacts:
		return in.Previous != nil || in.Facts != nil && !in.migratesEarly()
	case Registry:
		return in.Outside.Registry != nil
	case Dates:
		return in.Outside.Support != nil
	case Cluster:
		return in.Outside.Cluster != nil
	case Rows:
		return in.Outside.Database != nil && in.Facts != nil
	default:
		return true
	}
}

// stamp completes a finding by what all of a check's have in common.
func (in *Input) stamp(c Check, f Finding) Finding {
	f.Check, f.Application = c.ID, in.Application.Name

	if f.Severity == "" {
		f.Severity = c.Severity
	}

	f.redact()

	if len(in.Fallbacks) > 0 && c.ID != "docs-drift" && c.ID != "not-rendered" {
		f.Message += " (judged by the files as they stand, nothing was rendered)"

		if c.Absence {
			f.Severity = severity.Info
		}
	}

	return f
}
