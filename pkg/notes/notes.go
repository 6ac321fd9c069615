package notes

import (
	"slices"

	"github.com/goingdark-social/bot/pkg/severity"
)

// Notes is an upgrade, judged. Lists are sorted where order has no meaning, and never nil.
type Notes struct {
	Application string `json:"application"`
	// From is what the facts are compared with; On is everything that was in use.
	From string   `json:"from"`
	On   []string `json:"on"`
	To   string   `json:"to"`

	Verdict Verdict `json:"verdict"`
	// Why is the verdict in one sentence.
	Why string `json:"why"`
	// Stop says how to stop between the phases; empty where there is nothing between.
	Stop string `json:"stop"`
	// Back says how, and until when, the upgrade can be undone.
	Back string `json:"back"`

	Links    Links     `json:"links"`
	Releases []Release `json:"releases"` // newest first
	// Advisories are fixed by the upgrade; AdvisoriesLost are fixed today and not in the target.
	Advisories     []string `json:"advisories"`
	AdvisoriesLost []string `json:"advisories_lost"`
	// AdvisoriesUnnamed are fixed today, and the changelog of the target, which is younger, does not name them.
	AdvisoriesUnnamed []string `json:"advisories_unnamed"`
	// ReleasesLost are included today and were made after the target, newest first.
	ReleasesLost []string `json:"releases_lost"`
	// Urgent says that upstream wants every server to install the target now.
	Urgent  bool    `json:"urgent"`
	Support Support `json:"support"`

	Mixed      []string   `json:"mixed"`
	Migrations Migrations `json:"migrations"`
	Changes    []Change   `json:"changes"` // by phase, in the order in which they run
	// Rows are estimated numbers of rows, as the user's database says them, of the tables that Changes names.
	Rows        map[string]int64 `json:"rows"`
	Schema      Schema           `json:"schema"`
	Environment Environment      `json:"environment"`
	Runtimes    []Runtime        `json:"runtimes"`

	Steps   []Step    `json:"steps"`   // in order
	Hazards []Hazard  `json:"hazards"` // worst first
	Unknown []Unknown `json:"unknown"`
}

// Verdict is the kind of upgrade that it is, as far as the database goes.
type Verdict string

// The verdicts.
const (
	NoMigrations Verdict = "no-migrations"
	PreOnly      Verdict = "pre-only"  // migrations ahead of the roll-out and none after it
	TwoPhase     Verdict = "two-phase" // migrations that may only run when the old code is gone
	Downgrade    Verdict = "downgrade"
	Undecided    Verdict = "unknown"
)

// Support is until when upstream mends the line in use.
type Support struct {
	Line string `json:"line"`
	// State is supported, ended when the target was made, or unknown.
	State SupportState `json:"state"`
	// Until is the last day, 2006-01-02; empty when none is set.
	Until  string `json:"until"`
	Source string `json:"source"`
}

// SupportState is what is known of a line's support.
type SupportState string

// The states of support.
const (
	Supported      SupportState = "supported"
	Ended          SupportState = "ended"
	SupportUnknown SupportState = "unknown"
)

// Links lead to what others say about the change; empty where there is nothing to lead to.
type Links struct {
	Compare   string `json:"compare"`
	Changelog string `json:"changelog"`
	Release   string `json:"release"`
}

// Migrations are file names. Pre and Post are in the target and not in what runs now. Undone ran, and the target has no
// migration of that version.
type Migrations struct {
	Known  bool     `json:"known"`
	Pre    []string `json:"pre"`
	Post   []string `json:"post"`
	Undone []string `json:"undone"`
	// Renamed are new names of versions that have run already: they do not run again.
	Renamed []string `json:"renamed"`
	// Edited have the same name on both sides and another content: what ran is not what stands there now.
	Edited []string `json:"edited"`
}

// Fresh counts the migrations of a list that will run: new names of versions that ran already do not.
func (m Migrations) Fresh(names []string) int {
	fresh := len(names)
	for _, name := range names {
		if slices.Contains(m.Renamed, name) {
			fresh--
		}
	}
	return fresh
}

// Schema is the difference of the two schemas. Columns and indexes are of tables on both sides.
type Schema struct {
	TablesAdded    []string `json:"tables_added"`
	TablesRemoved  []string `json:"tables_removed"`
	ColumnsAdded   []string `json:"columns_added"`
	ColumnsRemoved []string `json:"columns_removed"`
	IndexesAdded   []string `json:"indexes_added"`
	IndexesRemoved []string `json:"indexes_removed"`
}

// Environment is the difference of what serving processes read.
type Environment struct {
	Added   []string `json:"added"`
	Removed []string `json:"removed"`
	// Yours are the variables of this repository that the change concerns.
	Yours []Yours `json:"yours"`
}

// Yours is a variable that this repository sets, or has to.
type Yours struct {
	Name    string  `json:"name"`
	File    string  `json:"file"`
	Line    int     `json:"line"`
	Problem Problem `json:"problem"`
}

// Problem is what is wrong with a variable.
type Problem string

// The problems.
const (
	Removed  Problem = "removed"  // the target no longer reads it
	Unread   Problem = "unread"   // neither side reads it
	Aborts   Problem = "aborts"   // the target refuses to start while it is set
	Required Problem = "required" // the target refuses to start without it, and nothing sets it
)

// Runtime is software that the release ships or talks to.
type Runtime struct {
	Name string `json:"name"`
	// From and To are what the two releases ship; empty for servers, which the repository runs itself.
	From string `json:"from"`
	To   string `json:"to"`
	// Floor is the oldest version that the target works with, Yours what this repository states; empty for unknown.
	Floor  string `json:"floor"`
	Yours  string `json:"yours"`
	Source string `json:"source"`
}

// Phase is when a step is due.
type Phase string

// The phases, in order.
const (
	Before  Phase = "before"  // before anything changes
	Pre     Phase = "pre"     // with the new image, while the old code serves
	Rollout Phase = "rollout" // old and new code together
	Post    Phase = "post"    // when the old code is gone
	After   Phase = "after"
)

// Step is one thing to do, or to watch being done.
type Step struct {
	Title string `json:"title"`
	// Command does it, or shows it; empty when there is none.
	Command string `json:"command"`
	Phase   Phase  `json:"phase"`
	// By is who does it without being asked ("Argo CD"); empty for a person.
	By string `json:"by"`
	// Source is the file and line of the object, or what else the step follows from.
	Source string `json:"source"`
}

// Manual says that nobody does the step unless a person does.
func (s Step) Manual() bool { return s.By == "" }

// Hazard is what can go wrong.
type Hazard struct {
	ID       string         `json:"id"`
	Severity severity.Level `json:"severity"`
	Message  string         `json:"message"`
	Source   string         `json:"source"`
}

// Unknown is what was not looked at, and how to find out.
type Unknown struct {
	What string `json:"what"`
	How  string `json:"how"`
}
