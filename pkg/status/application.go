package status

import (
	"time"

	"github.com/goingdark-social/bot/pkg/severity"
)

// Application is what is known of one application. Versions are spelled as
// people read them: v4.4.3.
type Application struct {
	Name string
	// Roots are the folders that an engine applies, "." for the repository.
	Roots []string
	// On is what the base branch says web and sidekiq run, as the tags stand.
	On []string
	// Mixed tells that its references are on different versions.
	Mixed bool
	// Newest is the newest release of its channel of which every image exists;
	// "": none is known.
	Newest string
	// Rows are its version matrix, web first.
	Rows []Row
	// Proposals are what a pass proposes now, one a track at most.
	Proposals []Proposal
	// Pulls are its open pull requests, the lowest number first.
	Pulls []Pull
	// Held are the newer releases that are not proposed, the newest first.
	Held []Held
	// Blocked is why no release at all can be judged newer; "" normally.
	Blocked string
	// Findings are what drift found, the worst first. Judged is when; zero: it
	// was not looked for.
	Findings []Finding
	Judged   time.Time
	// Waiting are the security releases that are out and not in use, the one
	// that waits longest first.
	Waiting []Waiting
	// Due is what an upgrade left to be done; nil: nothing.
	Due *Due
	// Rollout is the roll-out that is watched; nil: none.
	Rollout *Rollout
	// Err is why it could not be served; "": it was.
	Err string
}

// Held is a newer release that is not proposed.
type Held struct {
	Version string
	// Rule is the name of the rule that decided (pkg/plan), Reason its
	// sentence.
	Rule, Reason string
	// Security tells that it mends a vulnerability.
	Security bool
}

// Due are the post-deployment steps that an upgrade left to be run.
type Due struct {
	From, To string
	// Names of the migrations, as files under db/post_migrate.
	Names []string
	Since time.Time
	// Pull is the number of the pull request that brought them; 0: none did.
	Pull int
}

// Rollout is an upgrade on its way into the cluster.
type Rollout struct {
	From, To string
	Since    time.Time
	// State is one word ("running", "done", "stuck"), Detail a sentence for
	// people.
	State, Detail string
}

// Waiting is a security release that is out and not in use.
type Waiting struct {
	Version string
	// Since is when its youngest image was built or, where that is not known,
	// when it was first seen; zero: neither is known.
	Since time.Time
	// Pull is the open pull request that goes to it or beyond; 0: none.
	Pull int
}

// Age is how long it has been waiting at a time; 0 if that is not known.
func (w Waiting) Age(now time.Time) time.Duration {
	if w.Since.IsZero() {
		return 0
	}

	return max(now.Sub(w.Since), 0)
}

// Worst is the severity of its worst finding; "" without one.
func (a Application) Worst() severity.Level {
	for _, severity := range severity.All() {
		if a.Count(severity) > 0 {
			return severity
		}
	}

	return ""
}

// Count is the number of its findings of one severity.
func (a Application) Count(severity severity.Level) int {
	n := 0

	for _, f := range a.Findings {
		if f.Severity == severity {
			n++
		}
	}

	return n
}
