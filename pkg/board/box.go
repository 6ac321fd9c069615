package board

import (
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/pkg/command"
)

// boxf writes a line with a box that is not ticked, and the command that a tick
// stands for. A command that would not be read back as it is has none.
func (p *page) boxf(indent string, c command.Command, format string, args ...any) {
	if again, ok := command.Line(c.String()); !ok || again.String() != c.String() || again.Problem != "" {
		return
	}

	p.linef("%s- [ ] <!-- %s --> %s", indent, c, fmt.Sprintf(format, args...))
}

// Ticked are the commands of the boxes that people ticked, each once.
func Ticked(body string) []command.Command {
	var (
		found []command.Command
		seen  = map[string]bool{}
	)

	for line := range strings.Lines(body) {
		mark, rest, _ := strings.Cut(strings.TrimSpace(line), " <!-- ")
		if !strings.EqualFold(mark, "- [x]") {
			continue
		}

		hidden, _, closed := strings.Cut(rest, " -->")

		c, is := command.Line(hidden)
		if !closed || !is || c.Problem != "" || seen[c.String()] {
			continue
		}

		seen[c.String()] = true
		found = append(found, c)
	}

	return found
}

// Is tells whether a body is that of a dashboard.
func Is(body string) bool {
	for line := range strings.Lines(body) {
		if strings.TrimSpace(line) == Marker {
			return true
		}
	}

	return false
}
