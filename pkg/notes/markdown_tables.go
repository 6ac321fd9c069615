package notes

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

func (p *page) database() {
	m := p.n.Migrations
	if len(m.Pre)+len(m.Post)+len(m.Undone)+len(m.Edited) == 0 {
		return
	}
	p.section("Database")
	p.risks()
	p.folded(fmt.Sprintf("Every migration, and the schema before and after (%d)", len(m.Pre)+len(m.Post)+len(m.Undone)), func() {
		p.migrations()
		p.schema()
	})
}

// risks are the changes that last as long as a table is big, or that cannot be undone; the rest takes a moment.
func (p *page) risks() {
	var shown []Change
	for _, c := range p.n.Changes {
		if c.Risk != Brief || c.Irreversible {
			shown = append(shown, c)
		}
	}
	if len(p.n.Changes) > 0 && len(shown) == 0 {
		p.linef("Every change takes a moment, whatever the size of its table.")
	}
	if len(shown) == 0 {
		return
	}
	slices.SortStableFunc(shown, func(a, b Change) int { return weight(b) - weight(a) })
	grave := slices.IndexFunc(shown, func(c Change) bool { return len(c.Big) == 0 && c.Risk != Uncertain })
	if grave < 0 {
		grave = len(shown)
	}
	if grave == 0 {
		p.linef("Nothing longer than a moment on the big tables (%s).", codes(big))
	}
	p.rows(shown[:grave])
	switch rest := shown[grave:]; {
	case len(rest) > few:
		p.folded(count(len(rest), "longer change")+" on smaller tables", func() { p.rows(rest) })
	case len(rest) > 0:
		p.linef("\nOn smaller tables:\n")
		p.rows(rest)
	}
}

func (p *page) rows(list []Change) {
	if len(list) == 0 {
		return
	}
	p.linef("| table | change | meanwhile | phase | migration |\n|-|-|-|-|-|")
	for _, c := range list {
		p.linef("| %s | %s | %s | %s | %s |", p.tables(c), cell(p.inert(c.Does)), meanwhile(c), phaseWord(c.Phase), code(number14(c.Migration)))
	}
}

func weight(c Change) int {
	w := c.Risk.rank()
	if len(c.Big) > 0 {
		w += 10
	}
	return w
}

// tables are the table of a change and the big ones that it holds up.
func (p *page) tables(c Change) string {
	if len(c.Big) == 0 {
		return code(c.Table)
	}
	others := slices.DeleteFunc(slices.Clone(c.Big), func(table string) bool { return table == c.Table })
	out := []string{codes(append([]string{c.Table}, others...)) + " **big**"}
	for _, table := range c.Big {
		if rows, known := p.n.Rows[table]; known {
			out = append(out, code(table)+": "+RowCount(rows)+" here")
		}
	}
	return strings.Join(out, "; ")
}

// meanwhile is what the instance notices.
func meanwhile(c Change) string {
	out := map[Risk]string{Brief: "a moment", Slow: "everything goes on", Uncertain: "not known", Blocking: "writers wait"}[c.Risk]
	if c.Risk == Blocking && c.Lock == accessExclusive {
		out = "everybody waits"
	}
	if c.Lock == rowLocks {
		out = "who writes the same rows waits"
	}
	if c.Risk == Blocking {
		out = "**" + out + "**, " + c.Lock
	}
	if c.Rewrite {
		out += ", written anew"
	}
	if c.Irreversible {
		out += ", cannot be undone"
	}
	return out
}

func phaseWord(phase Phase) string {
	if phase == Post {
		return "after"
	}
	return "before"
}

// number14 is the number that a migration's file begins with.
func number14(file string) string {
	number, _, _ := strings.Cut(file, "_")
	return number
}

func (p *page) migrations() {
	m := p.n.Migrations
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
}

func (p *page) schema() {
	s := p.n.Schema
	p.lists([]group{
		{"changed in the source after they ran, and not run again", p.n.Migrations.Edited},
		{"tables added", s.TablesAdded},
		{"tables removed", s.TablesRemoved},
		{"columns added", s.ColumnsAdded},
		{"columns removed", s.ColumnsRemoved},
		{"indexes added", s.IndexesAdded},
		{"indexes removed", s.IndexesRemoved},
	})
}

type group struct {
	what  string
	names []string
}

// lists are bullets, a list each; the first is apart from what stands above.
func (p *page) lists(groups []group) {
	blank := "\n"
	for _, g := range groups {
		if len(g.names) > 0 {
			p.linef("%s- %s: %s", blank, g.what, codes(g.names))
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
			p.linef("| %s | %s | %s |", code(y.Name), code(fileLine(y.File, y.Line)), problemWords[y.Problem])
		}
	}
	groups := []group{{"newly read", e.Added}, {"no longer read", e.Removed}}
	switch total := len(e.Added) + len(e.Removed); {
	case total > 2*few:
		p.folded(fmt.Sprintf("%d variables newly read, %d no longer", len(e.Added), len(e.Removed)), func() { p.lists(groups) })
	default:
		p.lists(groups)
	}
}

var problemWords = map[Problem]string{
	Removed: "no longer read", Unread: "read by neither", Aborts: "**refuses to start while it is set**", Required: "**required, and nothing sets it**",
}

func (p *page) runtimes() {
	var servers, shipped []Runtime
	for _, r := range p.n.Runtimes {
		if r.To == "" {
			servers = append(servers, r)
		} else {
			shipped = append(shipped, r)
		}
	}
	if len(servers)+len(shipped) == 0 {
		return
	}
	p.section("Around and underneath")
	if len(servers) > 0 {
		p.linef("| server | at least | yours | source |\n|-|-|-|-|")
		for _, r := range servers {
			yours := code(r.Yours)
			switch {
			case r.Yours == "":
				yours = "not known"
			case below(r.Yours, r.Floor):
				yours += " **too old**"
			}
			p.linef("| %s | %s | %s | %s |", proper(r.Name), cell(p.inert(r.Floor)), yours, code(r.Source))
		}
	}
	if len(shipped) > 0 {
		p.linef("\n| in the images | from | to | source |\n|-|-|-|-|")
		for _, r := range shipped {
			p.linef("| %s | %s | %s | %s |", p.inert(r.Name), cell(p.inert(r.From)), cell(p.inert(r.To)), code(r.Source))
		}
	}
}

// releases are titles and links; the text of a changelog is its authors'.
func (p *page) releases() {
	if len(p.n.Releases) == 0 {
		return
	}
	p.section("Releases")
	p.folded(count(len(p.n.Releases), "release")+" on the way, with changelogs", func() {
		p.linef("| release | date | security | changelog |\n|-|-|-|-|")
		for _, r := range p.n.Releases {
			name, source := code(r.Version), code(r.Source)
			if r.URL != "" {
				name = "[" + name + "](<" + r.URL + ">)"
			}
			if r.Changelog != "" {
				source = "[" + source + "](<" + r.Changelog + ">)"
			}
			security := ""
			if r.Security {
				security = strings.TrimSuffix("yes: "+p.advisories(r.Advisories, 0), ": ")
			}
			p.linef("| %s | %s | %s | %s |", name, day(r.Date), cell(security), source)
		}
	})
}

func day(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.UTC().Format(time.DateOnly)
}
