package severity

import "slices"

// Level is how bad something is, as JSON and people spell it.
type Level string

// The levels.
const (
	Error   Level = "error"   // will break or has broken something
	Warning Level = "warning" // wrong, but runs
	Info    Level = "info"    // worth knowing
)

// All are the levels, the worst first.
func All() []Level { return []Level{Error, Warning, Info} }

// AtLeast tells whether a level is as bad as another, or worse.
func (l Level) AtLeast(than Level) bool { return l.Rank() <= than.Rank() }

// Rank orders levels: the worst is 0, and what is no level comes before it.
func (l Level) Rank() int { return slices.Index(All(), l) }
