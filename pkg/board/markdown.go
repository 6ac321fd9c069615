package board

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/command"
	"github.com/goingdark-social/bot/pkg/status"
)

// Marker is the first line of a dashboard, by which it is known.
const Marker = "<!-- bot:dashboard -->"

// Title is what the issue is called; people may call it otherwise.
const Title = "Mastodon: versions and pull requests"

// page is a dashboard while it is written.
type page struct {
	strings.Builder

	r     status.Repository
	now   time.Time
	inert func(string) string
}

// Markdown is the dashboard of a repository. Inert makes text of strangers fit
// for it. Two statuses that differ only in when they were taken give the same
// text, until an age in it has another number of days.
func Markdown(r status.Repository, now time.Time, inert func(string) string) string {
	p := &page{r: r, now: now, inert: inert}

	p.linef("%s\n", Marker)
	p.linef("What `%s` runs, what there is to run, and what is held back and why. "+
		"The bot keeps this issue up to date; tick a box to have something done, or comment `/bot help`. "+
		"Closing the issue ends it.\n", inert(r.Branch))

	if r.Err != "" {
		p.linef("> [!CAUTION]\n> %s\n", p.quoted(r.Err))
	}

	for _, a := range r.Applications {
		p.application(a)
	}

	p.problems()
	p.linef("---\n")
	p.boxf("", command.Command{Verb: command.Check}, "Look again now")

	return p.String()
}

func (p *page) linef(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

func (p *page) application(a status.Application) {
	p.linef("## %s\n", p.inert(a.Name))
	p.linef("%s\n", p.summary(a))

	if a.Err != "" {
		p.linef("> [!WARNING]\n> %s\n", p.quoted(a.Err))
	}

	p.waiting(a)
	p.matrix(a)
	p.pulls(a)
	p.due(a)
	p.findings(a)
	p.held(a)
}

// summary is the application in a sentence.
func (p *page) summary(a status.Application) string {
	on := "It is not known what it runs"
	if len(a.On) > 0 {
		on = "On **" + p.inert(strings.Join(a.On, ", ")) + "**"
	}

	if a.Mixed {
		on += ", with references on different versions"
	}

	switch {
	case a.Blocked != "":
		return on + ". Nothing is proposed: " + p.inert(a.Blocked) + "."
	case a.Newest != "" && slices.Equal(a.On, []string{a.Newest}) && !a.Mixed:
		return on + ", the newest release."
	case a.Newest != "":
		return on + "; the newest complete release is " + a.Newest + "."
	}

	return on + "."
}

// waiting names the security releases that are not in use, above all else.
func (p *page) waiting(a status.Application) {
	if len(a.Waiting) == 0 {
		return
	}

	p.linef("> [!IMPORTANT]")

	for _, w := range a.Waiting {
		since := "for an unknown time"
		if !w.Since.IsZero() {
			since = fmt.Sprintf("since %s (%s)", w.Since.UTC().Format(time.DateOnly), days(w.Age(p.now)))
		}

		where := "no pull request is open"
		if w.Pull > 0 {
			where = fmt.Sprintf("#%d is open", w.Pull)
		}

		p.linef("> %s mends a vulnerability and has waited %s: %s.", w.Version, since, where)
	}

	p.linef("")
}

func days(d time.Duration) string {
	switch n := int(d.Hours() / 24); n {
	case 0:
		return "today"
	case 1:
		return "1 day"
	default:
		return fmt.Sprintf("%d days", n)
	}
}

// quoted is text fit for one line of a quotation.
func (p *page) quoted(s string) string { return strings.Join(strings.Fields(p.inert(s)), " ") }

// cell is text fit for a cell of a table.
func (p *page) cell(s string) string { return strings.ReplaceAll(p.quoted(s), "|", `\|`) }
