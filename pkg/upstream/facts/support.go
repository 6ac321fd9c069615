package facts

import (
	"slices"

	"github.com/goingdark-social/bot/pkg/version"
)

// Support is one row of the table in SECURITY.md: what this release knew of the support of lines when it was made. The
// update check knows better when it can be asked.
type Support struct {
	// ReleaseLine is major.minor ("4.4").
	ReleaseLine string `json:"release_line"`
	// Older says that the row speaks of every line before ReleaseLine.
	Older bool `json:"older,omitempty"`
	// Supported, with its last day (2006-01-02) if one is set.
	Supported bool   `json:"supported"`
	Until     string `json:"until"`
	Place
}

// SupportOf returns what the release says of a line; nil when it says nothing, as of lines that came after it.
func (f *Facts) SupportOf(line version.Line) *Support {
	i := slices.IndexFunc(f.Support, func(s Support) bool { return !s.Older && s.ReleaseLine == line.String() })
	if i < 0 {
		i = slices.IndexFunc(f.Support, func(s Support) bool {
			return s.Older && line.Compare(version.Parse(s.ReleaseLine+".0").Line()) < 0
		})
	}
	if i < 0 {
		return nil
	}
	return &f.Support[i]
}
