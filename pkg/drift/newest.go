package drift

import (
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// NewestEmbedded is the newest release of a line whose facts ship inside this program; the zero version when there is none.
func NewestEmbedded(l version.Line) version.Version {
	var found version.Version

	for _, s := range facts.All() { // ascending
		if s.Version.Line() == l && s.Version.Kind() == version.Release {
			found = s.Version
		}
	}

	return found
}
