package patch

import (
	"fmt"
	"io/fs"
	"path"
)

// Options say what to look for.
type Options struct {
	// Families to look for besides the built-in ones and those of Applications. Default: none.
	Families []Family
	// Applications that are configured. Default: none, all are found.
	Applications []ApplicationConfig
	// Parallel is how many files are read at once. Default: the number of CPUs.
	Parallel int
	// Memory of earlier scans, for trees that tell the hash of a file without reading it. Default: none.
	Memory *Memory
	// RunsOnly looks for nothing but what runs: documents are not read, and neither names nor labels are looked for, which is most of
	// the work. Default: false, everything is looked for.
	RunsOnly bool
}

// Family is the images that make one release.
type Family struct {
	Web       string // "ghcr.io/glitch-soc/mastodon"
	Streaming string // "ghcr.io/glitch-soc/mastodon-streaming"; "" when web serves both
	TagSuffix string // what every tag of the family ends in; "" for upstream's own
}

// BuiltIn is the families that are known without configuration.
func BuiltIn() []Family {
	return []Family{
		{Web: "ghcr.io/glitch-soc/mastodon", Streaming: "ghcr.io/glitch-soc/mastodon-streaming"},
		{Web: "ghcr.io/mastodon/mastodon", Streaming: "ghcr.io/mastodon/mastodon-streaming"},
	}
}

// ApplicationConfig is what policy says about one application. Empty fields are found.
type ApplicationConfig struct {
	Name    string
	Root    string   // folder; "" = found
	Images  Family   // the zero Family = found
	Notes   []string // Markdown files
	Exclude []string // globs with ** of files that are no part of it
}

// check finds applications that policy can't tell apart.
func (o Options) check() error {
	names, roots := map[string]bool{}, map[string]bool{}

	for _, a := range o.Applications {
		if a.Name != "" && names[a.Name] {
			return fmt.Errorf("two applications are called %q", a.Name)
		}

		if a.Root != "" && roots[path.Clean(a.Root)] {
			return fmt.Errorf("two applications have the root %q", a.Root)
		}

		if a.Root != "" && !fs.ValidPath(path.Clean(a.Root)) {
			return fmt.Errorf("the root %q of application %q is no folder inside the tree", a.Root, a.Name)
		}

		names[a.Name], roots[path.Clean(a.Root)] = true, true
	}

	return nil
}
