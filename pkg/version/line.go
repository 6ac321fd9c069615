package version

import (
	"cmp"
	"fmt"
)

// Line is a release line, major.minor. All its releases share a database schema but for what patch releases add.
type Line struct{ Major, Minor int }

// String gives "4.4".
func (l Line) String() string { return fmt.Sprintf("%d.%d", l.Major, l.Minor) }

// Compare orders lines; negative when l is older than o.
func (l Line) Compare(o Line) int {
	return cmp.Or(cmp.Compare(l.Major, o.Major), cmp.Compare(l.Minor, o.Minor))
}
