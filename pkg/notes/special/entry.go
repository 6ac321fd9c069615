package special

import "github.com/goingdark-social/bot/pkg/version"

// Entry is one thing that going on to a line takes.
type Entry struct {
	// ID names it, and the hazard that comes of it.
	ID string
	// Line is the first line of releases that takes it; an upgrade from an older line to this one or a newer one is concerned.
	Line version.Line
	// Before limits the entry to upgrades that start from an older line than this. Default: Line.
	Before version.Line
	// Concerns is what a repository must have to be concerned.
	Concerns Concern
	// Severity of the hazard: error, warning or info; empty for an entry that is a step alone.
	Severity string
	// Text says what it is about.
	Text string
	// Step is what to do, and Phase when: before, pre, rollout, post or after. Default: nothing to do.
	Step, Phase string
	// Run is a command, word by word, for a container of web with the new image.
	Run []string
	// Index is the search index that the step is about. Where nothing but it changed, the step takes the place of a general
	// one; of two entries about one index the older line's does more and stands for both.
	Index string
	// Sources are the places that say so. The first is shown.
	Sources []Source
}

// Concern is a condition on a repository. A repository that nobody looked at is always concerned.
type Concern struct {
	// Variable is one that it sets; Value what it is set to, empty for anything.
	Variable, Value string
	// Search says that a server for search is in use.
	Search bool
	// SearchBelow is the version that such a server is below, or does not state.
	SearchBelow string
	// SharedImage says that streaming runs from the image of web.
	SharedImage bool
	// Queue is a queue that no Sidekiq process of it serves.
	Queue string
	// WithoutFacts says that the entry stands in for facts, and counts while those of the target are unknown.
	WithoutFacts bool
}

// Source is a line of a release's source tree, or the page that upstream published the release on.
type Source struct {
	// Release is a tag.
	Release string
	// File and Line in it; the line counts from 1. Empty and 0 for the release's page.
	File string
	Line int
	// Has is what stands there.
	Has string
}
