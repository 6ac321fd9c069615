package bot

import (
	"context"
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/patch"
)

// obeyCheck says what would be proposed now.
func (b *Bot) obeyCheck(ctx context.Context, s *site, apps []patch.Application) (string, error) {
	var parts []string

	for _, app := range apps {
		m, _, err := b.remember(ctx, s, app)
		if err != nil {
			return "", err
		}

		o, err := b.outlook(ctx, s.view, app, m)
		if err != nil {
			return "", err
		}

		parts = append(parts, checkAnswer(o))
	}

	return strings.Join(parts, "\n\n"), nil
}

// mostHeld bounds how many releases that are held back an answer lists.
const mostHeld = 30

func checkAnswer(o *Outlook) string {
	var b strings.Builder

	fmt.Fprintf(&b, "**%s** is on %s.\n", gh.Inert(o.Application.Name), gh.Inert(tags(o.Application.On)))

	if o.Decision.Blocked != "" {
		fmt.Fprintf(&b, "\nNothing is proposed: %s.\n", gh.Inert(o.Decision.Blocked))
	}

	rows := len(o.Decision.Proposals) + len(o.Decision.Held)
	if rows == 0 {
		if o.Decision.Blocked == "" {
			fmt.Fprintf(&b, "\nNothing newer is published.\n")
		}

		return strings.TrimRight(b.String(), "\n")
	}

	fmt.Fprintf(&b, "\n| release | decision | why |\n|-|-|-|\n")

	for _, p := range o.Decision.Proposals {
		fmt.Fprintf(&b, "| **%s** | proposed (%s) | %s |\n", p.To, p.Track, line(p.Why))
	}

	for i, h := range o.Decision.Held {
		if i == mostHeld {
			fmt.Fprintf(&b, "| … | | %d more |\n", len(o.Decision.Held)-mostHeld)

			break
		}

		fmt.Fprintf(&b, "| %s | held: %s | %s |\n", h.Version, h.Rule, line(h.Reason))
	}

	return strings.TrimRight(b.String(), "\n")
}

// line is text fit for a cell of a table.
func line(s string) string { return strings.ReplaceAll(cell(s), "\n", " ") }
