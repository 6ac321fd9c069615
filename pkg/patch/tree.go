package patch

import (
	"github.com/goingdark-social/bot/pkg/version"
)

// Tree is what a scan found.
type Tree struct {
	References   []Reference // by file, line and column
	Problems     []Problem   // by file and line
	Applications []Application

	files  map[string][]byte // the files with references, as they were read; nil at rest
	packed *packed           // they, at rest
}

// Application is one Mastodon in the tree: the references that are released together.
type Application struct {
	Name  string
	Roots []string // the folders that an engine applies, "." for the tree itself
	// Family is the family of its references; the zero Family when they name two.
	Family Family
	// On is what its rendered web and sidekiq say, each version once, ascending.
	On []version.Version
	// Runs is what each of its components runs, rendered where it can be, by component.
	Runs []Run
	// Mixed tells that its references do not all name one version.
	Mixed bool
	// Notes are the Markdown files that describe it.
	Notes []string
	// Files are those that its roots reach or that lie in its folder, and those of the engine's objects that name its roots.
	Files []string
}
