package config

import (
	"time"

	"github.com/goingdark-social/bot/pkg/version"
)

// Policy is what a repository says in its bot.yaml.
type Policy struct {
	// Version is the version of the file's format; 1.
	Version int
	// Applications are the Mastodons of the repository, in the order of the file. Empty: all that are found, each as
	// [DefaultApplication] has it.
	Applications []Application
	// Limits bound what is open at a time. Default: none do.
	Limits Limits

	unlisted []unlisted
}

// Application is the policy for one Mastodon in one repository.
type Application struct {
	// Name calls the application. It is part of branch names. Without one in the file it is the last folder of Root; empty
	// only in a file whose single application has neither name nor root, and then it means the only one that is found.
	Name string
	// Root is the folder that a GitOps engine applies, relative to the repository, "." for the repository itself.
	// Empty: found.
	Root string
	// Images is the family. Zero: one of the built-in families, whichever is found.
	Images Images
	// Source is the https URL of the git repository of the images' source. Empty: that of the family.
	Source string
	// Notes are the Markdown files that move with the application. Nil: found. Empty but not nil: none.
	Notes []string
	// Exclude are globs of files that are never references; ** crosses folders. Default: none.
	Exclude []string
	// Channel admits versions. Default: stable.
	Channel version.Channel
	// Tracks are the tracks to propose on, a subset of [Tracks]. Default: both.
	Tracks []string
	// MinimumAge is how long the youngest image of a release must exist before the release is proposed, by track.
	// It has an entry for every track. Default: 0 for both.
	MinimumAge map[string]time.Duration
	// Platforms that every image of a release must exist for. Default: linux/amd64.
	Platforms []string
	// Pin is how references are written: tag, digest or tag+digest. Empty: as each is today.
	Pin string
	// Allow bounds the versions that are proposed. Zero: all.
	Allow version.Range
	// Ignore are versions that are never proposed.
	Ignore []version.Version
	// Freeze stops proposals for a while; nil: none.
	Freeze *Freeze
	// After holds a release back until another application has run it; nil: none.
	After *After
	// Windows bound when things are done; zero: any time.
	Windows Windows
	// PullRequest is what pull requests look like and who merges them.
	PullRequest PullRequest
	// Commit is how commits are written.
	Commit Commit
	// Rollout is how the roll-out after a merge is judged. Default: [DefaultRollout].
	Rollout Rollout
	// Drift is what the drift checks accept.
	Drift Drift
}

// TrackPatch and TrackMinor are the tracks: the newest release of the current line, and of the next one.
const (
	TrackPatch = "patch"
	TrackMinor = "minor"
)

// Tracks returns every track, in the order in which they are proposed.
func Tracks() []string { return []string{TrackPatch, TrackMinor} }

// The values of [Application.Pin].
const (
	PinAsIs      = ""
	PinTag       = "tag"
	PinDigest    = "digest"
	PinTagDigest = "tag+digest"
)

// Images names the images of a family without tag or digest.
type Images struct {
	// Web is the image of web, sidekiq, migrate and the other jobs.
	Web string
	// Streaming is the image of streaming. Default: Web with -streaming behind it.
	Streaming string
	// TagSuffix ends every tag of the family, -custom in v4.4.3-custom. Default: none.
	TagSuffix string
}

// Freeze stops proposals.
type Freeze struct {
	// Until is the last moment of the freeze. A bare date in the file means the end of that day in UTC.
	Until time.Time
	// Reason is told with every release that is held.
	Reason string
}

// After puts one application behind another: staging first.
type After struct {
	// Application is the name of the one that goes first.
	Application string
	// For is how long it must have been on the release. Default: 0.
	For time.Duration
}

// Windows bound when things are done.
type Windows struct {
	// Open is a cron expression of five fields, in the operator's time zone: when pull requests may be opened.
	// Empty: always.
	Open string
	// Merge is when the bot may merge; nil: always.
	Merge *MergeWindow
}

// MergeWindow opens at each time of a cron expression, for a while.
type MergeWindow struct {
	// Cron has five fields.
	Cron string
	// Duration is how long the window stays open; above 0.
	Duration time.Duration
	// TimeZone of Cron; nil: the operator's.
	TimeZone *time.Location
}

// PullRequest is what pull requests look like and who merges them.
type PullRequest struct {
	Labels, Reviewers, Assignees []string
	// Draft opens pull requests as drafts, which become ready for review when all checks have passed. Default: false.
	Draft bool
	// Rebase says when a branch is made anew on a base that has moved: where it is needed (it would conflict, or the notes
	// change) or always. Default: needed.
	Rebase string
	// Merge is what the bot may merge by itself; nil: nothing.
	Merge *Merge
}

// The values of [Merge.When].
const (
	MergeNoMigrations = "no-migrations"
	MergeAlways       = "always"
)

// Merge is what the bot may merge by itself, once all checks are green.
type Merge struct {
	// Tracks, among those of the application.
	Tracks []string
	// When is no-migrations (only releases that leave the database alone) or always. Default: no-migrations.
	When string
	// Method is merge, squash or rebase. Empty: the first of these that the repository allows.
	Method string
	// By is who merges: bot, as soon as all holds, or github by its auto-merge, which the repository must allow.
	// Default: bot.
	By string
}

// Drift is what the drift checks accept.
type Drift struct {
	Accept []Accept
}

// Accept is a finding that is known and meant.
type Accept struct {
	// Check is the check's name.
	Check string
	// Name is what the finding is about, a variable for instance. Empty: everything the check finds.
	Name string
	// Reason says why; required.
	Reason string
	// Until is the last moment at which it is accepted; zero: for ever.
	Until time.Time
}
