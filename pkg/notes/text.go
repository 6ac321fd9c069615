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
	line("security: %s", n.securityText())
	if words := n.Support.words(); words != "" {
		line("support: %s (%s)", words, n.Support.Source)
	}
	if n.Stop != "" {
		line("between the phases: %s", n.Stop)
	}
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
	n.textChanges(line)
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

// securityText is the line on security, in full.
func (n Notes) securityText() string {
	var out []string
	if n.Urgent {
		out = append(out, "URGENT, says upstream")
	}
	if len(n.AdvisoriesLost) > 0 {
		out = append(out, "LOSES the fixes of "+strings.Join(n.AdvisoriesLost, ", "))
	}
	if len(n.Advisories) > 0 {
		out = append(out, "fixes "+strings.Join(n.Advisories, ", "))
	}
	if releases := n.securityReleases(); len(releases) > 0 {
		out = append(out, "security releases on the way: "+strings.Join(releases, ", "))
	}
	switch {
	case len(out) > 0:
		return strings.Join(out, "; ")
	case n.From == n.To:
		return "the same release on both sides"
	case n.Migrations.Known && len(n.Releases) > 0:
		return "no security release on the way"
	default:
		return "not known; the changelog was not read"
	}
}

// textChanges are the changes of the database that take longer than a moment.
func (n Notes) textChanges(line func(string, ...any)) {
	told := false
	for _, c := range n.Changes {
		if c.Risk == Brief && !c.Irreversible {
			continue
		}
		if !told {
			line("\nDatabase changes that last as long as a table is big, or cannot be undone")
			told = true
		}
		lock := c.Lock
		if lock == "" {
			lock = "no lock"
		}
		big := ""
		if len(c.Big) > 0 {
			big = ", big: " + strings.Join(n.sizedAll(c.Big), ", ")
		}
		line("  %-8s %s: %s [%s%s] (%s)", c.Risk, c.Table, c.Does, lock, big, c.Source)
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
