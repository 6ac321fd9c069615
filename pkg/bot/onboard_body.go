package bot

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/patch"
)

// invitation is the description of the onboarding pull request: what was found,
// what would happen next, and what else updates these images.
func invitation(s *Survey) string {
	m := &letter{}

	m.block("This adds `" + look.PolicyFile + "`, a place to say what may be proposed here and when. Every key that does not name an application is switched off, " +
		"so merging it changes nothing: without it the same holds. Edit it here, on this branch, or later.")

	m.found(s)
	m.next(s)
	m.objects(s)
	m.rivals(s)
	m.references(s.View.Tree)

	m.block("Close this pull request and it is not opened again unless somebody asks for it. " +
		"Releases are proposed all the same: they need no `" + look.PolicyFile + "`.")

	return strings.Join(m.blocks, "\n\n") + "\n"
}

// letter is Markdown under construction.
type letter struct{ blocks []string }

func (m *letter) block(s string) { m.blocks = append(m.blocks, s) }

// table is a block of cells that are fit for Markdown.
func (m *letter) table(header []string, rows [][]string) {
	lines := []string{"| " + strings.Join(header, " | ") + " |", "|" + strings.Repeat("-|", len(header))}
	for _, row := range rows {
		lines = append(lines, "| "+strings.Join(row, " | ")+" |")
	}

	m.block(strings.Join(lines, "\n"))
}

// cell makes text of strangers fit for a table.
func cell(s string) string { return strings.ReplaceAll(gh.Inert(s), "|", "\\|") }

func codes(list []string) string {
	out := make([]string, 0, len(list))
	for _, s := range list {
		out = append(out, code(s))
	}

	return strings.Join(out, ", ")
}

func (m *letter) found(s *Survey) {
	m.block("## What is here")

	var rows [][]string

	for _, app := range s.View.Tree.Applications {
		rows = append(rows, []string{
			code(app.Name), codes(app.Roots), standing(app), fmt.Sprint(count(s.View.Tree, app.Name)), codes(app.Notes),
			string(s.Inventories[app.Name].Engine),
		})
	}

	m.table([]string{"application", "root", "on", "references", "notes", "applied by"}, rows)

	for _, app := range s.View.Tree.Applications {
		if app.Mixed {
			m.block(fmt.Sprintf("The references of %s do not all name one version: the list below says which is the odd one. "+
				"The next release moves them all.", code(app.Name)))
		}
	}

	if problems := s.View.Tree.Problems; len(problems) > 0 {
		m.block("A person should look at these:")

		rows = nil
		for _, p := range problems {
			rows = append(rows, []string{place(p.File, p.Line), cell(p.Message)})
		}

		m.table([]string{"place", "problem"}, rows)
	}
}

func standing(app patch.Application) string {
	if len(app.On) == 0 {
		return "unknown"
	}

	list := make([]string, 0, len(app.On))
	for _, v := range app.On {
		list = append(list, v.Tag())
	}

	return codes(list)
}

func count(t *patch.Tree, application string) int {
	n := 0

	for _, r := range t.References {
		if r.Application == application {
			n++
		}
	}

	return n
}

func place(file string, line int) string {
	if line == 0 {
		return code(file)
	}

	return code(fmt.Sprintf("%s:%d", file, line))
}

// next is what a pass would do now.
func (m *letter) next(s *Survey) {
	m.block("## What happens next")

	if s.Unanswered != "" {
		m.block("The registry did not answer, so this is not known: " + gh.Inert(s.Unanswered))
	}

	var lines []string

	for _, o := range s.Outlooks {
		name := code(o.Application.Name)

		for _, p := range o.Decision.Proposals {
			lines = append(lines, fmt.Sprintf("- %s: a pull request on branch %s moves it to %s (%s).",
				name, code(gh.Branch(o.Application.Name, p.Track)), p.To, gh.Inert(p.Why)))
		}

		switch {
		case o.Decision.Blocked != "":
			lines = append(lines, fmt.Sprintf("- %s: nothing is proposed: %s.", name, gh.Inert(o.Decision.Blocked)))
		case len(o.Decision.Proposals) == 0:
			lines = append(lines, fmt.Sprintf("- %s: nothing is to be proposed now.", name))
		}
	}

	if len(lines) > 0 {
		m.block(strings.Join(lines, "\n"))
	}

	m.block("`bot check` says so at any time, with the reason for every newer release that is not proposed. " +
		"A pull request for a release moves every reference of an application at once and carries migration notes.")
}

// objects are what an upgrade touches beside the references.
func (m *letter) objects(s *Survey) {
	var rows [][]string

	for _, o := range s.Objects() {
		rows = append(rows, []string{o.Purpose, cell(o.Kind), code(o.Name), place(o.File, o.Line), cell(o.Detail)})
	}

	if len(rows) > 0 {
		m.block("## What an upgrade relies on")
		m.table([]string{"for", "kind", "name", "place", "detail"}, rows)
	}
}

func (m *letter) rivals(s *Survey) {
	if len(s.Rivals) == 0 {
		return
	}

	m.block("## Other updaters")

	for _, r := range s.Rivals {
		m.block(fmt.Sprintf("**%s**, %s: %s. %s", r.Updater.Title(), place(r.File, r.Line), gh.Inert(r.Why), r.Advice()))

		if r.Snippet.Text != "" {
			m.block(gh.Inert(upper(r.Snippet.Where)) + ":")
			m.block(fenced(r.Snippet.Language, r.Snippet.Text))
		}
	}
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// fenced puts text into a code block that nothing in it can end.
func fenced(language, text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}

	return fence + language + "\n" + strings.TrimSuffix(text, "\n") + "\n" + fence
}

// references lists every place, folded away.
func (m *letter) references(t *patch.Tree) {
	rows := make([][]string, 0, len(t.References))

	for _, r := range t.References {
		version := r.Tag
		if r.Digest != "" {
			version = strings.TrimPrefix(r.Tag+"@"+r.Digest, "@")
		}

		application := code(r.Application)
		if r.Shared {
			application = "shared"
		}

		rows = append(rows, []string{application, place(r.File, r.Line), string(r.Form), code(version)})
	}

	forms := map[string]int{}
	for _, r := range t.References {
		forms[string(r.Form)]++
	}

	m.block(fmt.Sprintf("<details><summary>%d references: %s</summary>", len(rows), summary(forms)))
	m.table([]string{"application", "place", "form", "version"}, rows)
	m.block("</details>")
}

// summary counts by name, the most frequent first.
func summary(counts map[string]int) string {
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b))
	})

	parts := make([]string, 0, len(names))
	for _, name := range names {
		parts = append(parts, fmt.Sprintf("%d %s", counts[name], name))
	}

	return strings.Join(parts, ", ")
}
