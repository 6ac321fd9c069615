package notify

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Kind says what happened.
type Kind string

// The kinds of events.
const (
	// Incomplete: a release has been there for a while, and not all of its images.
	Incomplete Kind = "incomplete"
	// Opened: a pull request is open.
	Opened Kind = "opened"
	// Updated: a pull request has moved on to another release.
	Updated Kind = "updated"
	// Merged: a pull request is merged.
	Merged Kind = "merged"
	// Closed: a pull request was closed without a merge.
	Closed Kind = "closed"
	// Reminder: a pull request that mends a vulnerability is still open. Each day is another one.
	Reminder Kind = "reminder"
	// Held: a security release is held back. Each day is another one.
	Held Kind = "held"
	// Due: something is left to be done after a merge. It is asked again after 1, 2, 3 … days, and weekly from the second week on.
	Due Kind = "due"
	// Failed: a pass over an application failed.
	Failed Kind = "failed"
	// Reopened: a pull request that was closed is open again.
	Reopened Kind = "reopened"
	// RolledOut: what was merged runs everywhere, and nothing is left to be done.
	RolledOut Kind = "rolled-out"
	// Replaced: the roll-out of what was merged is followed no further, because the base branch went on to another release.
	Replaced Kind = "replaced"
	// Stuck: what was merged does not come to run. Each cause is told once.
	Stuck Kind = "stuck"
	// Drifted: what is published or what runs is not what the tree says. Each set of findings is told once.
	Drifted Kind = "drifted"
)

// PullRequest is the one that an event is about.
type PullRequest struct {
	Number int    `json:"number"`
	URL    string `json:"url"`
	Title  string `json:"title"`
}

// Event is something that people should know. It is JSON only in the ledger, while it waits there. Its texts may come from strangers; no rendering trusts them.
type Event struct {
	Kind Kind `json:"kind"`
	// Repository is owner/name.
	Repository string `json:"repository"`
	// Application is its name.
	Application string `json:"application,omitempty"`
	// Track is patch or minor; may be empty.
	Track string `json:"track,omitempty"`
	// From are the versions before, To is the one after. For [Updated] From is what the pull request proposed before.
	From []string `json:"from,omitempty"`
	To   string   `json:"to,omitempty"`
	// Security says that To mends a vulnerability.
	Security bool `json:"security,omitempty"`
	// Missing are the images that an incomplete release lacks, as a person should read them.
	Missing []string `json:"missing,omitempty"`
	// PullRequest; nil: there is none.
	PullRequest *PullRequest `json:"pull_request,omitempty"`
	// Next is the release that took its place, and By the pull request that brought it; nil: a person did.
	Next string       `json:"next,omitempty"`
	By   *PullRequest `json:"by,omitempty"`
	// Err is why a pass failed. It holds no secrets: its maker sees to that.
	Err string `json:"error,omitempty"`
	// Since is when the state began, At when the event was made. At is required, and the only clock of this package.
	Since time.Time `json:"since,omitzero"`
	At    time.Time `json:"at"`
	// Summary is a sentence or two for people; may be empty.
	Summary string `json:"summary,omitempty"`
	// Cause is why it is stuck, or which things have drifted, in one word: it is part of the key.
	Cause string `json:"cause,omitempty"`
	// Lines are what there is to say beyond the summary, a line each.
	Lines []string `json:"lines,omitempty"`
	// Facts are particulars of this event, a name and a value each.
	Facts [][2]string `json:"facts,omitempty"`
	// Log is the end of what a program wrote. It holds no secrets: its maker sees to that.
	Log string `json:"log,omitempty"`
}

// Key is the event's identity: what has one key is sent once.
func (e Event) Key() string {
	switch e.Kind {
	case Failed:
		return e.subject() + " " + e.At.UTC().Format(time.DateOnly)
	case Reminder, Held:
		return fmt.Sprintf("%s day-%d", e.subject(), e.Days())
	case Due:
		return fmt.Sprintf("%s day-%d", e.subject(), e.dueDay())
	default:
		return e.subject()
	}
}

// Days is how many whole days the state has lasted.
func (e Event) Days() int { return int(max(0, e.At.Sub(e.Since)) / (24 * time.Hour)) }

// dueDay is the day on which it was last time to ask.
func (e Event) dueDay() int {
	if d := e.Days(); d > 7 {
		return d - d%7
	}
	return e.Days()
}

// again says that the event is news again later.
func (k Kind) again() bool { return k == Failed || k == Reminder || k == Held || k == Due }

// subject is the key without the day: what is said once and for all, where a place keeps what was said.
func (e Event) subject() string {
	var parts []string
	switch {
	case e.Kind == Failed:
		parts = []string{fingerprint(e.Err)}
	case e.Kind == Drifted:
		parts = []string{e.Cause}
	case e.Kind == Stuck:
		parts = []string{e.number(), e.To, e.Cause}
	case e.Kind == Incomplete || e.Kind == Held || e.PullRequest == nil:
		parts = []string{e.Track, e.To}
	case e.Kind == Updated || e.Kind == Reminder || e.Kind == Due || e.Kind == Closed || e.Kind == Reopened || e.Kind == RolledOut || e.Kind == Replaced:
		parts = []string{fmt.Sprintf("#%d", e.PullRequest.Number), e.To}
	default:
		parts = []string{fmt.Sprintf("#%d", e.PullRequest.Number)}
	}
	for i, p := range parts {
		parts[i] = plainPart(p)
	}
	return string(e.Kind) + " " + e.scope() + " " + strings.Join(parts, " ")
}

// number is that of the pull request; empty: there is none.
func (e Event) number() string {
	if e.PullRequest == nil {
		return ""
	}
	return fmt.Sprintf("#%d", e.PullRequest.Number)
}

// scope is what the event is about, without what happened.
func (e Event) scope() string { return plainPart(e.Repository) + " " + plainPart(e.Application) }

// thread names the conversation that the event belongs to; empty: none.
func (e Event) thread() string {
	if e.PullRequest == nil {
		return ""
	}
	switch e.Kind {
	case Opened, Updated, Merged, Closed, Reminder, Due, Reopened, RolledOut, Replaced, Stuck:
		return plainPart(fmt.Sprintf("%s#%d", e.Repository, e.PullRequest.Number))
	default:
		return ""
	}
}

// changingPattern is what differs between two tellings of one error: numbers, times, hashes, addresses.
var changingPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`0x[0-9a-f]+|[0-9a-f]{7,}|[0-9]+`) })

// fingerprint is the same for errors that differ only in what changes each time.
func fingerprint(text string) string {
	sum := sha256.Sum256([]byte(changingPattern().ReplaceAllString(text, "0")))
	return hex.EncodeToString(sum[:6])
}

// plainPart keeps a key in one line of harmless characters, whatever a folder or a tag is called.
func plainPart(s string) string {
	const longest = 100
	if len(s) > longest {
		sum := sha256.Sum256([]byte(s))
		s = s[:longest-20] + hex.EncodeToString(sum[:8])
	}
	var b strings.Builder
	for _, c := range []byte(s) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("._/#+:-", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}
