package cli

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/contract"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/rival"
)

// initiated is what init came to.
type initiated struct {
	survey *bot.Survey
	action string
	pull   gh.PullRequest
	why    string
	dryRun bool
}

// initiated prints what was found, and what became of it.
func (p *Program) initiated(g *globals, d initiated) error {
	if g.json() {
		return p.json(d.contract())
	}

	p.surveyed(d.survey)

	if d.dryRun && !d.survey.Exists {
		fmt.Fprintln(p.Stdout)
		p.diff(p.Stdout, newFile(look.PolicyFile, string(d.survey.Policy)))
	}

	fmt.Fprintln(p.Stderr, d.said())

	return nil
}

// newFile is the unified diff of a file that was not there, as git prints it.
func newFile(name, content string) string {
	var b strings.Builder

	fmt.Fprintf(&b, "diff --git a/%s b/%s\nnew file mode 100644\n--- /dev/null\n+++ b/%s\n", name, name, name)
	fmt.Fprintf(&b, "@@ -0,0 +1,%d @@\n", strings.Count(content, "\n"))

	for line := range strings.Lines(content) {
		b.WriteString("+" + line)
	}

	return b.String()
}

// surveyed prints a survey.
func (p *Program) surveyed(s *bot.Survey) {
	tree := s.View.Tree

	for _, app := range tree.Applications {
		p.foundApplication(s, app)
	}

	for _, r := range s.View.Tree.References {
		if r.Shared {
			fmt.Fprintf(p.Stdout, "%s %s:%d decides for several applications; no move touches it\n", p.paint(yellow, "shared:"), oneLine(r.File), r.Line)
		}
	}

	for _, problem := range tree.Problems {
		fmt.Fprintf(p.Stdout, "%s %s\n", p.paint(yellow, "problem:"), printable(problem.String()))
	}

	for _, r := range s.Rivals {
		p.rival(r)
	}

	switch {
	case s.Unanswered != "":
		fmt.Fprintf(p.Stdout, "\nWhat would be proposed is not known: %s\n", printable(s.Unanswered))
	case len(s.Outlooks) > 0:
		fmt.Fprintf(p.Stdout, "\n%s\n", p.paint(bold, "What would be proposed now"))

		for _, o := range s.Outlooks {
			p.outlook(o)
		}
	}
}

func (p *Program) foundApplication(s *bot.Survey, app patch.Application) {
	tree := s.View.Tree

	fmt.Fprintf(p.Stdout, "%s is on %s\n", p.paint(bold, oneLine(app.Name)), p.paint(cyan, printable(onTags(&bot.Outlook{Application: app}))))
	fmt.Fprintf(p.Stdout, "  root        %s%s\n", printable(strings.Join(app.Roots, ", ")), appliedBy(s.Inventories[app.Name].Engine))
	fmt.Fprintf(p.Stdout, "  references  %s\n", forms(tree, app.Name))

	if len(app.Notes) > 0 {
		fmt.Fprintf(p.Stdout, "  notes       %s\n", printable(strings.Join(app.Notes, ", ")))
	}

	if app.Mixed {
		fmt.Fprintf(p.Stdout, "  %s its references are on different versions; `bot scan` lists them\n", p.paint(yellow, "mixed:"))
	}

	for _, o := range s.Objects() {
		if o.Application == app.Name {
			fmt.Fprintf(p.Stdout, "  %-11s %s %s (%s:%d): %s\n", o.Purpose, printable(o.Kind), oneLine(o.Name), oneLine(o.File), o.Line, printable(o.Detail))
		}
	}
}

// forms counts the references of an application, the most frequent form
// first: "12 (9 container, 3 markdown)".
func forms(tree *patch.Tree, application string) string {
	counts, total := map[patch.Form]int{}, 0

	for _, r := range tree.References {
		if r.Application == application {
			counts[r.Form]++
			total++
		}
	}

	order := slices.SortedFunc(maps.Keys(counts), func(a, b patch.Form) int {
		return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b))
	})

	parts := make([]string, 0, len(order))
	for _, form := range order {
		parts = append(parts, fmt.Sprintf("%d %s", counts[form], form))
	}

	return fmt.Sprintf("%d (%s)", total, strings.Join(parts, ", "))
}

// appliedBy says which engine applies an application, if the tree tells.
func appliedBy(e inventory.Engine) string {
	if e == inventory.EngineUnknown {
		return "; what applies it is not in the tree"
	}

	return ", applied by " + string(e)
}

// rival prints an updater, and what keeps it off.
func (p *Program) rival(r rival.Rival) {
	c := dim
	if r.Verdict.Rivals() {
		c = yellow
	}

	fmt.Fprintf(p.Stdout, "\n%s %s:%d: %s\n  %s\n", p.paint(c, r.Updater.Title()), oneLine(r.File), r.Line, printable(r.Why), r.Advice())

	if r.Snippet.Text == "" {
		return
	}

	fmt.Fprintf(p.Stdout, "  %s:\n", printable(r.Snippet.Where))

	for line := range strings.Lines(r.Snippet.Text) {
		fmt.Fprintf(p.Stdout, "    %s\n", printable(strings.TrimSuffix(line, "\n")))
	}
}

func (d initiated) contract() contract.Init {
	out := contract.NewInit()
	out.File, out.Action, out.Content, out.Unanswered = look.PolicyFile, d.action, string(d.survey.Policy), d.survey.Unanswered

	if d.pull.Number > 0 {
		out.PullRequest = &contract.PullRequest{Number: d.pull.Number, URL: d.pull.URL, Action: pullAction(d.action)}
	}

	scan := scanContract(d.survey.View.Tree)
	out.References, out.Problems = scan.References, scan.Problems

	for _, app := range d.survey.View.Tree.Applications {
		out.Applications = append(out.Applications, d.application(app))
	}

	for _, o := range d.survey.Objects() {
		out.Objects = append(out.Objects, contract.InitObject(o))
	}

	for _, r := range d.survey.Rivals {
		out.Rivals = append(out.Rivals, contract.Rival{
			Updater: string(r.Updater), File: r.File, Line: r.Line, Verdict: string(r.Verdict), Images: r.Images,
			Message: r.Why, Where: r.Snippet.Where, Snippet: r.Snippet.Text,
		})
	}

	return out
}

// pullAction is what was done with the pull request: nothing, where there is
// no word for it.
func pullAction(action string) string {
	switch gh.Action(action) {
	case gh.Opened, gh.Updated, bot.Left:
		return action
	}

	return string(gh.Unchanged)
}

func (d initiated) application(app patch.Application) contract.InitApplication {
	out := contract.NewInitApplication(app.Name)
	out.Roots, out.Mixed, out.Engine = app.Roots, app.Mixed, string(d.survey.Inventories[app.Name].Engine)
	out.Notes = append(out.Notes, app.Notes...)

	for _, image := range []string{app.Family.Web, app.Family.Streaming} {
		if image != "" {
			out.Images = append(out.Images, image)
		}
	}

	for _, v := range app.On {
		out.On = append(out.On, v.Tag())
	}

	for _, o := range d.survey.Outlooks {
		if o.Application.Name == app.Name {
			seen := outlookContract(o)
			out.Proposals, out.Held = seen.Proposals, seen.Held
		}
	}

	return out
}
