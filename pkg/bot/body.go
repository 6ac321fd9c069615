package bot

import (
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/pkg/gh"
)

// body is the description of a pull request: the migration notes, then what
// the commit touches.
func body(s *site, p Proposed) string {
	var b strings.Builder

	b.WriteString(p.Change.Notes.Markdown(gh.Inert))
	b.WriteString("\n## What this commit moves\n\n")
	edits(&b, p.Change)

	fmt.Fprintf(&b, "\nEverything on branch %s, nothing else. Close this pull request and %s is not proposed again; "+
		"commit to the branch and the bot keeps its hands off it.\n",
		code(s.branch), p.Change.To)

	return b.String()
}

// edits is the table of a change's edits.
func edits(b *strings.Builder, c *Change) {
	b.WriteString("| file | line | from | to |\n|-|-|-|-|\n")

	for _, e := range c.Edits() {
		fmt.Fprintf(b, "| %s | %d | %s | %s |\n", code(e.File), e.Line, code(e.Old), code(e.New))
	}
}

// code puts text of the repository into a table cell as it is: neither a pipe
// nor a backtick in a file name leaves the cell.
func code(s string) string {
	s = strings.NewReplacer("|", "\\|", "\n", " ", "\r", " ").Replace(s)

	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}

	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}

	return fence + s + fence
}
