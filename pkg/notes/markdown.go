package notes

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/severity"
)

// Markdown is the notes for a pull request. Text that comes out of manifests and tags goes through inert first, which must
// make it harmless where the Markdown is shown (mentions, links, HTML); without one it is escaped as plain CommonMark is.
// Links lead to files, comparisons, releases and advisories, none of which tells the other side that it was linked.
func (n Notes) Markdown(inert ...func(string) string) string {
	p := &page{n: n, inert: escape}
	if len(inert) > 0 && inert[0] != nil {
		p.inert = inert[0]
	}
	p.head()
	p.alarms()
	p.summary()
	p.steps()
	p.security()
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

// folded is a part that is shown when somebody asks for it.
func (p *page) folded(summary string, write func()) {
	p.linef("\n<details><summary>%s</summary>\n", summary)
	write()
	p.linef("\n</details>")
}

// head is the verdict, security and the worst of the hazards: three lines that are read when nothing else is.
func (p *page) head() {
	n := p.n
	p.linef("%s **%s**: %s → %s, %s.", verdictSigns[n.Verdict], verdictWords[n.Verdict], code(n.From), code(n.To), p.inert(n.Why))
	p.linef("%s **Security**: %s.", n.securitySign(), p.securityLine())
	p.linef("%s", n.alarm())
}

var verdictWords = map[Verdict]string{
	NoMigrations: "No migrations", PreOnly: "Migrations before the roll-out", TwoPhase: "Two-phase upgrade",
	Downgrade: "Downgrade", Undecided: "Migrations unknown",
}

var verdictSigns = map[Verdict]string{NoMigrations: "🟢", PreOnly: "🟡", TwoPhase: "🟠", Downgrade: "🔴", Undecided: "⚪"}

func (n Notes) securitySign() string {
	switch {
	case len(n.AdvisoriesLost) > 0 || n.lost():
		return "🔴"
	case n.Urgent || len(n.Advisories)+len(n.securityReleases()) > 0:
		return "🛡️"
	default:
		return "⚪"
	}
}

// lost says that security releases are lost, with ids or without.
func (n Notes) lost() bool {
	return slices.ContainsFunc(n.Hazards, func(h Hazard) bool { return h.ID == "security-releases-lost" })
}

// securityLine is one sentence: what is lost first, then what is gained, or that nobody knows.
func (p *page) securityLine() string {
	n := p.n
	var out []string
	if n.Urgent {
		out = append(out, "**urgent**, says upstream")
	}
	switch {
	case len(n.AdvisoriesLost) > 0:
		out = append(out, fmt.Sprintf("**loses %s** that %s has: %s", count(len(n.AdvisoriesLost), "fix"), code(n.From), p.advisories(n.AdvisoriesLost, few)))
	case n.lost():
		out = append(out, "**loses security releases** that "+code(n.From)+" includes")
	}
	if len(n.Advisories) > 0 {
		out = append(out, fmt.Sprintf("fixes %s", p.advisories(n.Advisories, few)))
	}
	if releases := n.securityReleases(); len(releases) > 0 {
		out = append(out, fmt.Sprintf("%s on the way", count(len(releases), "security release")))
	}
	switch {
	case len(out) > 0:
		return strings.Join(out, "; ")
	case n.From == n.To:
		return "the same release on both sides"
	case n.Migrations.Known && len(n.Releases) > 0:
		return "no security release on the way"
	case n.Verdict == Downgrade && n.Migrations.Known:
		return "no fix is lost"
	default:
		return "not known; the changelog was not read"
	}
}

// few is how much of a list stands in a line of text.
const few = 4

// some names the first few of a long list; all of them stand further below.
func some(names []string) string {
	if len(names) <= few+1 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
}

func (n Notes) alarm() string {
	manual := count(len(n.manual()), "step") + " by hand"
	if found := n.counts(); found != "" {
		return fmt.Sprintf("⚠️ **Look at**: %s; %s.", found, manual)
	}
	return fmt.Sprintf("✅ **Look at**: nothing found; %s.", manual)
}

// alarms are the hazards as GitHub draws alerts: errors and warnings in the open, the rest folded.
func (p *page) alarms() {
	p.alert("CAUTION", severity.Error)
	p.alert("WARNING", severity.Warning)
	if len(p.n.Mixed) > 0 {
		p.linef("\n> [!NOTE]\n> Mixed until now; this change ends it:")
		for _, m := range p.n.Mixed {
			p.linef("> - %s", p.inert(m))
		}
	}
	rest := p.of(severity.Info)
	if len(rest) == 0 {
		return
	}
	p.folded(count(len(rest), "thing")+" worth knowing", func() {
		for _, h := range rest {
			p.linef("- %s", p.hazard(h))
		}
	})
}

func (p *page) of(s severity.Level) []Hazard {
	return slices.DeleteFunc(slices.Clone(p.n.Hazards), func(h Hazard) bool { return h.Severity != s })
}

func (p *page) alert(kind string, s severity.Level) {
	hazards := p.of(s)
	if len(hazards) == 0 {
		return
	}
	p.linef("\n> [!%s]", kind)
	for _, h := range hazards {
		p.linef("> - %s", p.hazard(h))
	}
}

func (p *page) hazard(h Hazard) string {
	return fmt.Sprintf("**%s**: %s %s", p.inert(h.ID), p.inert(h.Message), p.sources(h.Source))
}

// sources are small print behind a line.
func (p *page) sources(list string) string {
	var out []string
	for s := range strings.SplitSeq(list, ", ") {
		out = append(out, code(s))
	}
	return "<sub>" + strings.Join(out, " ") + "</sub>"
}

func (p *page) summary() {
	n := p.n
	p.linef("\n| upgrade | %s → %s |\n|:-|:-|", code(n.From), code(n.To))
	row := func(name, value string) {
		if value != "" {
			p.linef("| %s | %s |", name, cell(value))
		}
	}
	if n.Application != "" {
		row("application", code(n.Application))
	}
	if len(n.On) > 1 {
		row("in use", codes(n.On))
	}
	if len(n.Releases) > 0 {
		row("releases on the way", fmt.Sprint(len(n.Releases)))
	}
	row("migrations", n.migrating())
	row("between the phases", p.inert(n.Stop))
	row("way back", p.inert(n.Back))
	row("support", n.Support.words())
	row("upstream", n.Links.line())
}

func (n Notes) migrating() string {
	m := n.Migrations
	switch {
	case !m.Known:
		return "not known"
	case n.Verdict == Downgrade:
		return fmt.Sprintf("%s that %s does not have", number(len(m.Undone)), code(n.To))
	case len(m.Renamed) > 0:
		return fmt.Sprintf("%s before, %s after the roll-out; %d renamed since they ran", number(m.Fresh(m.Pre)), number(m.Fresh(m.Post)), len(m.Renamed))
	default:
		return fmt.Sprintf("%s before, %s after the roll-out", number(m.Fresh(m.Pre)), number(m.Fresh(m.Post)))
	}
}

func (l Links) line() string {
	var out []string
	for _, link := range []struct{ name, url string }{{"compare", l.Compare}, {"changelog", l.Changelog}, {"release", l.Release}} {
		if link.url != "" {
			out = append(out, fmt.Sprintf("[%s](<%s>)", link.name, link.url))
		}
	}
	return strings.Join(out, " · ")
}

func (n Notes) manual() []Step {
	return slices.DeleteFunc(slices.Clone(n.Steps), func(s Step) bool { return !s.Manual() })
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
