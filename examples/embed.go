package examples

import (
	"embed"
	"io/fs"
)

//go:embed all:goingdark
var trees embed.FS

// GoingDark is the tidy example, for `bot demo` on a machine without this
// repository.
func GoingDark() (fs.FS, error) { return fs.Sub(trees, "goingdark") }
