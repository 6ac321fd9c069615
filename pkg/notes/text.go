package notes

import (
	"fmt"
	"strings"
)

// Text is the notes for a terminal, without colour. What comes out of manifests cannot move the cursor.
func (n Notes) Text() string {
	var b strings.Builder
	line := func(format string, args ...any) {
		for i, arg := range args {
			if s, ok := arg.(string); ok {
				args[i] = visible(s, false)
			}
		}
		fmt.Fprintf(&b, format+"\n", args...)
	}
	line("%s -> %s: %s, %s", n.From, n.To, n.Verdict, n.Why)
	line("security: %s", n.security())
	line("way back: %s", n.Back)
	if len(n.Releases) > 0 {
		line("\nReleases crossed")
		for _, r := range n.Releases {
			security := ""
			if r.Security {
				security = "  security " + strings.Join(r.Advisories, " ")
			}
			line("  %-16s %s%s", r.Version, day(r.Date), strings.TrimRight(security, " "))
		}
	}
	if len(n.Hazards)+len(n.Mixed) > 0 {
		line("\nHazards")
		for _, h := range n.Hazards {
			line("  %-7s %s: %s (%s)", h.Severity, h.ID, h.Message, h.Source)
		}
		for _, m := range n.Mixed {
			line("  mixed   %s", m)
		}
	}
	n.textSteps(line)
	n.textLists(line)
	if len(n.Unknown) > 0 {
		line("\nNot known")
		for _, u := range n.Unknown {
			line("  - %s. Find out: %s", u.What, u.How)
		}
	}
	return b.String()
}

func (n Notes) textSteps(line func(string, ...any)) {
	line("\nSteps")
	for i, s := range n.Steps {
		who := "by hand"
		if !s.Manual() {
			who = s.By
		}
		line("  %d. [%s, %s] %s (%s)", i+1, s.Phase, who, s.Title, s.Source)
		if s.Command != "" {
			for c := range strings.SplitSeq(s.Command, "\n") {
				line("     $ %s", c)
			}
		}
	}
}

func (n Notes) textLists(line func(string, ...any)) {
	for _, list := range []struct {
		title string
		names []string
	}{
		{"Migrations before the roll-out", n.Migrations.Pre},
		{"Migrations after the roll-out", n.Migrations.Post},
		{"Migrations that " + n.To + " does not have", n.Migrations.Undone},
		{"Variables newly read", n.Environment.Added},
		{"Variables no longer read", n.Environment.Removed},
	} {
		if len(list.names) > 0 {
			line("\n%s", list.title)
			for _, name := range list.names {
				line("  %s", name)
			}
		}
	}
	for _, y := range n.Environment.Yours {
		line("  yours: %s %s (%s:%d)", y.Name, y.Problem, y.File, y.Line)
	}
}
