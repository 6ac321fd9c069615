package board

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/command"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/status"
	"github.com/goingdark-social/bot/pkg/version"
)

// matrix is what the repository, the registry and the cluster say of each
// component.
func (p *page) matrix(a status.Application) {
	if len(a.Rows) == 0 {
		return
	}

	live := slices.ContainsFunc(a.Rows, func(r status.Row) bool { return r.Live })
	if live {
		p.linef("| component | image | repository | registry | cluster |\n|-|-|-|-|-|")
	} else {
		p.linef("| component | image | repository | registry |\n|-|-|-|-|")
	}

	for _, r := range a.Rows {
		cells := []string{r.Component, "`" + p.inert(r.Image) + "`", p.tags(r.Repository, r.Even() || len(r.Repository) == 1), orDash(r.Registry)}

		if live {
			cluster := p.tags(r.Cluster, r.Even())
			if !r.Live {
				cluster = "not asked"
			}

			cells = append(cells, cluster)
		}

		p.linef("| %s |", strings.Join(cells, " | "))
	}

	p.linef("")
}

// tags are those of a cell; what is not even stands out.
func (p *page) tags(list []string, even bool) string {
	if len(list) == 0 {
		return "–"
	}

	text := p.cell(strings.Join(list, ", "))
	if !even {
		text = "⚠️ **" + text + "**"
	}

	return text
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}

	return s
}

func (p *page) pulls(a status.Application) {
	if len(a.Pulls) == 0 {
		return
	}

	p.linef("**Open pull requests**\n")

	for _, pull := range a.Pulls {
		about := []string{pull.Track, "opened " + pull.Opened.UTC().Format(time.DateOnly)}

		if pull.Security {
			about = append([]string{"**security**"}, about...)
		}

		if pull.Draft {
			about = append(about, "draft")
		}

		if pull.Left != "" {
			about = append(about, "left as it is: it has commit "+p.quoted(pull.Left))
		}

		if pull.Waits != "" {
			about = append(about, "not merged: "+p.quoted(pull.Waits))
		}

		p.linef("- #%d to %s (%s)", pull.Number, pull.To, strings.Join(about, "; "))
	}

	p.boxf("", command.Command{Verb: command.Rebase, Application: a.Name}, "Write the branches anew on the present base")
	p.linef("")
}

func (p *page) due(a status.Application) {
	if r := a.Rollout; r != nil {
		p.linef("**Rolling out** %s → %s since %s: %s. %s\n", p.inert(r.From), p.inert(r.To), r.Since.UTC().Format(time.DateOnly), p.inert(r.State), p.quoted(r.Detail))
	}

	if d := a.Due; d != nil {
		names := make([]string, 0, len(d.Names))
		for _, n := range d.Names {
			names = append(names, "`"+p.inert(n)+"`")
		}

		p.linef("**Due** since %s, once no old code runs any more: %s\n", p.inert(d.To), strings.Join(names, ", "))
	}
}

func (p *page) findings(a status.Application) {
	if a.Judged.IsZero() {
		return
	}

	if len(a.Findings) == 0 {
		p.linef("**Drift**: none found.\n")

		return
	}

	var counts []string

	for _, severity := range severity.All() {
		if n := a.Count(severity); n > 0 {
			counts = append(counts, count(n, string(severity)))
		}
	}

	p.linef("<details><summary><b>Drift</b>: %s</summary>\n\n| | where | what |\n|-|-|-|", strings.Join(counts, ", "))

	for i, f := range a.Findings {
		if i == most {
			p.linef("| | | %d more: `bot drift` lists them |", len(a.Findings)-most)

			break
		}

		p.linef("| %s | %s | %s (`%s`) |", f.Severity, p.place(f), p.cell(f.Message), f.Check)
	}

	p.linef("\n</details>\n")
}

// most bounds each list: an issue has room for 65,536 characters.
const most = 40

func count(n int, word string) string {
	if word == string(severity.Info) {
		return fmt.Sprintf("%d %s", n, word)
	}

	if n == 1 {
		return "1 " + word
	}

	return fmt.Sprintf("%d %ss", n, word)
}

func (p *page) place(f status.Finding) string {
	switch {
	case f.File == "":
		return "–"
	case f.Line == 0:
		return "`" + p.cell(f.File) + "`"
	}

	return fmt.Sprintf("`%s:%d`", p.cell(f.File), f.Line)
}

func (p *page) held(a status.Application) {
	if len(a.Held) == 0 {
		return
	}

	p.linef("<details><summary><b>Held back</b>: %s</summary>\n\n", count(len(a.Held), "release"))

	for i, h := range a.Held {
		if i == most {
			p.linef("- %d more: `bot check` lists them", len(a.Held)-most)

			break
		}

		p.linef("- %s (%s): %s", h.Version, h.Rule, p.quoted(h.Reason))

		if askable(h) {
			p.boxf("  ", command.Command{Verb: command.Bump, To: version.Parse(h.Version), Application: a.Name}, "Propose %s all the same", h.Version)
		}
	}

	p.linef("\n</details>\n")
}

// askable tells whether a person may overrule what holds a release back: not
// what it lacks, nor what the policy rules out.
func askable(h status.Held) bool {
	return slices.Contains([]string{"declined", "frozen", "loses-fixes", "minimum-age", "after", "outside-windows"}, h.Rule)
}

func (p *page) problems() {
	if len(p.r.Problems) == 0 {
		return
	}

	p.linef("**Not understood**\n")

	for i, problem := range p.r.Problems {
		if i == most {
			p.linef("- %d more: `bot scan` lists them", len(p.r.Problems)-most)

			break
		}

		p.linef("- `%s:%d` %s", p.cell(problem.File), problem.Line, p.quoted(problem.Message))
	}

	p.linef("")
}
