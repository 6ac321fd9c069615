package notes

import (
	"slices"
	"strings"
	"time"
)

func (p *page) database() {
	m, s := p.n.Migrations, p.n.Schema
	if len(m.Pre)+len(m.Post)+len(m.Undone)+len(m.Edited) == 0 {
		return
	}
	p.section("Database")
	p.linef("| migration | phase |\n|-|-|")
	for _, group := range []struct {
		phase string
		names []string
	}{{"before", m.Pre}, {"after", m.Post}, {"not in " + p.n.To, m.Undone}} {
		for _, name := range group.names {
			phase := group.phase
			if slices.Contains(m.Renamed, name) {
				phase = "renamed, has run"
			}
			p.linef("| %s | %s |", code(name), cell(p.inert(phase)))
		}
	}
	blank := "\n"
	for _, group := range []struct {
		what  string
		names []string
	}{
		{"changed in the source after they ran, and not run again", m.Edited},
		{"tables added", s.TablesAdded},
		{"tables removed", s.TablesRemoved},
		{"columns added", s.ColumnsAdded},
		{"columns removed", s.ColumnsRemoved},
		{"indexes added", s.IndexesAdded},
		{"indexes removed", s.IndexesRemoved},
	} {
		if len(group.names) > 0 {
			p.linef("%s- %s: %s", blank, group.what, codes(group.names))
			blank = ""
		}
	}
}

func (p *page) environment() {
	e := p.n.Environment
	if len(e.Added)+len(e.Removed)+len(e.Yours) == 0 {
		return
	}
	p.section("Environment")
	if len(e.Yours) > 0 {
		p.linef("| yours | where | |\n|-|-|-|")
		for _, y := range e.Yours {
			p.linef("| %s | %s | %s |", code(y.Name), code(fileLine(y.File, y.Line)), y.Problem)
		}
		p.linef("")
	}
	if len(e.Added) > 0 {
		p.linef("- newly read: %s", codes(e.Added))
	}
	if len(e.Removed) > 0 {
		p.linef("- no longer read: %s", codes(e.Removed))
	}
}

func (p *page) runtimes() {
	if len(p.n.Runtimes) == 0 {
		return
	}
	p.section("Runtimes")
	p.linef("| | from | to | at least | yours | source |\n|-|-|-|-|-|-|")
	for _, r := range p.n.Runtimes {
		p.linef("| %s | %s | %s | %s | %s | %s |", code(r.Name), cell(p.inert(r.From)), cell(p.inert(r.To)), cell(p.inert(r.Floor)), cell(p.inert(r.Yours)), code(r.Source))
	}
}

func (p *page) releases() {
	if len(p.n.Releases) == 0 {
		return
	}
	p.section("Releases")
	p.linef("<details><summary>%s crossed</summary>\n", count(len(p.n.Releases), "release"))
	p.linef("| release | date | security | known from |\n|-|-|-|-|")
	for _, r := range p.n.Releases {
		name := code(r.Version)
		if r.URL != "" {
			name = "[" + name + "](<" + r.URL + ">)"
		}
		security := ""
		if r.Security {
			security = strings.TrimSpace("yes " + strings.Join(r.Advisories, " "))
		}
		p.linef("| %s | %s | %s | %s |", name, day(r.Date), cell(p.inert(security)), code(r.Source))
	}
	p.linef("\n</details>")
}

func day(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.UTC().Format(time.DateOnly)
}
