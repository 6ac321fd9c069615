package notes

import (
	"fmt"
	"slices"
	"strings"
)

// Markdown is the notes for a pull request. Text that comes out of manifests and tags goes through inert first, which must
// make it harmless where the Markdown is shown (mentions, links, HTML); without one it is escaped as plain CommonMark is.
func (n Notes) Markdown(inert ...func(string) string) string {
	p := &page{n: n, inert: escape}
	if len(inert) > 0 && inert[0] != nil {
		p.inert = inert[0]
	}
	p.head()
	p.summary()
	p.hazards()
	p.steps()
	p.order()
	p.database()
	p.environment()
	p.runtimes()
	p.releases()
	p.unknown()
	return strings.TrimRight(p.b.String(), "\n") + "\n"
}

// page is Markdown being written.
type page struct {
	n     Notes
	b     strings.Builder
	inert func(string) string
}

func (p *page) linef(format string, args ...any) { fmt.Fprintf(&p.b, format+"\n", args...) }

func (p *page) section(title string) { p.linef("\n## %s\n", title) }

// head is the verdict, security and the worst of the hazards: three lines that are read when nothing else is.
func (p *page) head() {
	n := p.n
	p.linef("**%s**: %s → %s, %s.", verdictWords[n.Verdict], code(n.From), code(n.To), p.inert(n.Why))
	p.linef("**Security**: %s", p.inert(n.security()))
	p.linef("%s", p.alarm())
}

var verdictWords = map[Verdict]string{
	NoMigrations: "No migrations", PreOnly: "Migrations before the roll-out", TwoPhase: "Two-phase upgrade",
	Downgrade: "Downgrade", Undecided: "Migrations unknown",
}

// security is one sentence: what is lost first, then what is gained, or that nobody knows.
func (n Notes) security() string {
	var releases []string
	for _, r := range n.Releases {
		if r.Security {
			releases = append(releases, r.Version)
		}
	}
	var out []string
	if len(n.AdvisoriesLost) > 0 {
		out = append(out, "LOSES the fixes of "+strings.Join(n.AdvisoriesLost, ", "))
	}
	if len(releases) > 0 {
		out = append(out, "security releases among those crossed: "+some(releases))
	}
	if len(n.Advisories) > 0 {
		out = append(out, "fixes "+some(n.Advisories))
	}
	switch {
	case len(out) > 0:
		return strings.Join(out, "; ") + "."
	case n.Migrations.Known && len(n.Releases) > 0:
		return "no security release among those crossed."
	default:
		return "not known; the changelog was not read."
	}
}

// some names the first few of a long list; all of them stand in the table of releases.
func some(names []string) string {
	const few = 4
	if len(names) <= few+1 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
}

func (p *page) alarm() string {
	counts := map[Severity]int{}
	for _, h := range p.n.Hazards {
		counts[h.Severity]++
	}
	var out []string
	for _, s := range []Severity{Error, Warning} {
		if counts[s] > 0 {
			out = append(out, count(counts[s], string(s)))
		}
	}
	if len(out) == 0 {
		return "**Hazards**: none found."
	}
	return "**Hazards**: " + strings.Join(out, ", ") + ", see below."
}

func (p *page) summary() {
	n := p.n
	p.linef("\n| | |\n|-|-|")
	if n.Application != "" {
		p.linef("| application | %s |", code(n.Application))
	}
	if len(n.On) > 1 {
		p.linef("| in use | %s |", codes(n.On))
	}
	if len(n.Releases) > 0 {
		p.linef("| releases crossed | %d |", len(n.Releases))
	}
	if m := n.Migrations; m.Known {
		p.linef("| migrations | %s before, %s after the roll-out |", number(m.Fresh(m.Pre)), number(m.Fresh(m.Post)))
	} else {
		p.linef("| migrations | not known |")
	}
	p.linef("| by hand | %s |", count(len(n.manual()), "step"))
	p.linef("| way back | %s |", cell(p.inert(n.Back)))
	var links []string
	for _, l := range []struct{ name, url string }{{"compare", n.Links.Compare}, {"changelog", n.Links.Changelog}, {"release", n.Links.Release}} {
		if l.url != "" {
			links = append(links, fmt.Sprintf("[%s](<%s>)", l.name, l.url))
		}
	}
	if len(links) > 0 {
		p.linef("| upstream | %s |", strings.Join(links, " · "))
	}
}

func (n Notes) manual() []Step {
	return slices.DeleteFunc(slices.Clone(n.Steps), func(s Step) bool { return !s.Manual() })
}

func (p *page) hazards() {
	if len(p.n.Hazards)+len(p.n.Mixed) == 0 {
		return
	}
	p.section("Hazards")
	for _, h := range p.n.Hazards {
		p.linef("- **%s** %s: %s (%s)", h.Severity, code(h.ID), p.inert(h.Message), code(h.Source))
	}
	for _, m := range p.n.Mixed {
		p.linef("- mixed: %s", p.inert(m))
	}
}

var phaseWords = map[Phase]string{
	Before: "Before", Pre: "Ahead of the roll-out", Rollout: "Roll-out", Post: "When the old code is gone", After: "After",
}

func (p *page) steps() {
	p.section("Steps")
	last := Phase("")
	for _, s := range p.n.Steps {
		if s.Phase != last {
			p.linef("**%s**\n", phaseWords[s.Phase])
			last = s.Phase
		}
		box := ""
		if s.Manual() {
			box = "[ ] "
		}
		p.linef("- %s%s (%s)", box, p.inert(s.Title), codes(strings.Split(s.Source, ", ")))
		p.command(s.Command)
	}
}

// command is a fenced block inside a list item.
func (p *page) command(text string) {
	if text == "" {
		p.linef("")
		return
	}
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	p.linef("  %ssh", fence)
	for l := range strings.SplitSeq(visible(text, true), "\n") {
		p.linef("  %s", l)
	}
	p.linef("  %s\n", fence)
}

func (p *page) unknown() {
	if len(p.n.Unknown) == 0 {
		return
	}
	p.section("Not known")
	for _, u := range p.n.Unknown {
		p.linef("- %s. Find out: %s", p.inert(u.What), code(u.How))
	}
}
