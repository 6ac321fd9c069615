package upstream

import (
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// supportRow is "| 4.4.x | Until 2026-12-17 |", "| < 4.4 | No |", "| 4.5.x | Yes |".
var supportRow = lazyre.New(`^\|\s*(<\s*)?v?([0-9]+\.[0-9]+)(?:\.[0-9x]+)?\s*\|\s*(Yes|No|Until ([0-9]{4}-[0-9]{2}-[0-9]{2}))\s*\|`)

// support reads the table of supported versions.
func (t *Tree) support() []facts.Support {
	const name = "SECURITY.md"
	var out []facts.Support
	line := 0
	for l := range strings.Lines(t.Files[name].Text) {
		line++
		if m := supportRow.FindStringSubmatch(l); m != nil {
			out = append(out, facts.Support{
				ReleaseLine: m[2], Older: m[1] != "", Supported: m[3] != "No", Until: m[4], Place: facts.Place{File: name, Line: line},
			})
		}
	}
	return out
}
