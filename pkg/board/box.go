package board

import (
	"strings"

	"github.com/goingdark-social/bot/pkg/command"
)

// box is one that is not ticked, with the command that a tick stands for.
func box(command string) string { return "- [ ] <!-- " + command + " -->" }

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
