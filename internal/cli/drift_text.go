package cli

import (
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/pkg/contract"
	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/severity"
)

// driftText prints a table an application; what is less than asked for is
// counted.
func (p *Program) driftText(report *driftReport, least severity.Level) {
	for i, a := range report.applications {
		if i > 0 {
			fmt.Fprintln(p.Stdout)
		}

		fmt.Fprintf(p.Stdout, "%s is on %s: %s\n", p.paint(bold, oneLine(a.name)), p.paint(cyan, printable(orNone(a.on))), driftCount(a.findings))

		var rows [][]any

		for _, f := range a.findings {
			if f.Severity.AtLeast(least) {
				rows = append(rows, []any{p.paint(severityColour(f.Severity), string(f.Severity)), f.Check, p.told(f)})
			}
		}

		if len(rows) > 0 {
			p.table([]any{"severity", "check", "place, what it is, and what to do"}, rows)
		}

		if hidden := len(a.findings) - len(rows); hidden > 0 {
			fmt.Fprintln(p.Stdout, p.paint(dim, fmt.Sprintf("%d below %s not shown (--min-severity info shows all)", hidden, least)))
		}
	}
}

// told is a finding in a cell: place, sentence, fix.
func (p *Program) told(f drift.Finding) string {
	lines := []string{p.paint(bold, oneLine(place(f.Place)))}
	lines = append(lines, wrapped(printable(f.Message))...)

	for i, line := range wrapped("→ " + printable(f.Fix)) {
		if i > 0 {
			line = "  " + line
		}

		lines = append(lines, p.paint(green, line))
	}

	return strings.Join(lines, "\n")
}

const cellWidth = 96

// wrapped breaks a sentence into lines that fit a cell; a longer word stays
// whole.
func wrapped(s string) []string {
	var lines []string

	for word := range strings.FieldsSeq(s) {
		last := len(lines) - 1
		if last >= 0 && len([]rune(lines[last]))+1+len([]rune(word)) <= cellWidth {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}

	return lines
}

func place(at drift.Place) string {
	if at.Line == 0 {
		return at.File
	}

	return fmt.Sprintf("%s:%d", at.File, at.Line)
}

func severityColour(s severity.Level) colour {
	switch s {
	case severity.Error:
		return red
	case severity.Warning:
		return yellow
	default:
		return dim
	}
}

// driftCount sums findings up: "1 error, 2 warnings".
func driftCount(found []drift.Finding) string {
	var parts []string

	for _, s := range severity.All() {
		n := 0

		for _, f := range found {
			if f.Severity == s {
				n++
			}
		}

		switch {
		case n == 1 || n > 0 && s == severity.Info:
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", n, s))
		}
	}

	if len(parts) == 0 {
		return "nothing drifted"
	}

	return strings.Join(parts, ", ")
}

func orNone(s string) string {
	if s == "" {
		return "no version that can be told"
	}

	return s
}

// driftMarkdown prints a section an application, fit for a comment on GitHub:
// what findings quote pings, links and hides nothing.
func (p *Program) driftMarkdown(report *driftReport, least severity.Level) {
	for i, a := range report.applications {
		if i > 0 {
			fmt.Fprintln(p.Stdout)
		}

		fmt.Fprintf(p.Stdout, "## %s\n\nOn %s: %s.\n", gh.Inert(a.name), gh.Inert(orNone(a.on)), driftCount(a.findings))

		header := "\n| severity | check | place | finding | what to do |\n|-|-|-|-|-|\n"

		for _, f := range a.findings {
			if !f.Severity.AtLeast(least) {
				continue
			}

			fmt.Fprintf(p.Stdout, "%s| %s | %s | %s | %s | %s |\n", header, f.Severity, f.Check, cell(place(f.Place)), cell(f.Message), cell(f.Fix))

			header = ""
		}
	}
}

// cell makes text fit for a table's cell.
func cell(s string) string {
	return strings.ReplaceAll(gh.Inert(strings.Join(strings.Fields(s), " ")), "|", `\|`)
}

// driftAnnotations prints the commands by which a workflow annotates lines.
func (p *Program) driftAnnotations(report *driftReport, least severity.Level) {
	kinds := map[severity.Level]string{severity.Error: "error", severity.Warning: "warning", severity.Info: "notice"}

	for _, f := range report.findings() {
		if f.Severity.AtLeast(least) {
			fmt.Fprintf(p.Stdout, "::%s file=%s,line=%d,title=%s::%s\n",
				kinds[f.Severity], workflowProperty(f.File), max(1, f.Line), workflowProperty(f.Application+": "+f.Check), workflowText(f.Message+". "+f.Fix))
		}
	}
}

// workflowText escapes the text of a workflow command, workflowProperty one of its
// properties.
func workflowText(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(printable(s))
}

func workflowProperty(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(workflowText(s))
}

// driftContract is the published part of a report.
func driftContract(report *driftReport) contract.Drift {
	out := contract.NewDrift()

	for _, f := range report.findings() {
		c := contract.NewFinding(f.Check, string(f.Severity))
		c.Application, c.File, c.Line = f.Application, f.File, f.Line
		c.Message, c.Expected, c.Actual, c.Fix = f.Message, f.Expected, f.Actual, f.Fix
		c.Components = append(c.Components, f.Components...)

		for _, r := range f.Related {
			c.Related = append(c.Related, contract.Location{File: r.File, Line: r.Line})
		}

		out.Findings = append(out.Findings, c)
	}

	return out
}
