package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/history"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/version"
)

const minuteOnly = "2006-01-02 15:04"

// history prints the story of an application: its upgrades, what waited, and
// all of it in numbers.
func (p *Program) history(a history.Application) {
	since := "the first commit that names it"
	if a.Cut {
		since = "where this clone begins"
	}

	fmt.Fprintf(p.Stdout, "%s is on %s; history since %s (%s)\n", p.paint(bold, oneLine(a.Name)),
		p.paint(cyan, printable(spelled(a.On()))), a.Since.UTC().Format(time.DateOnly), since)

	p.upgrades(a)
	p.waits(a)
	p.windows(a)
	p.inNumbers(a.Summary(p.Now()))
}

func (p *Program) upgrades(a history.Application) {
	if len(a.Upgrades) == 0 {
		fmt.Fprintln(p.Stdout, "It was never moved.")

		return
	}

	rows := make([][]any, 0, len(a.Upgrades))

	for _, u := range a.Upgrades {
		mark := ""
		if u.Security {
			mark = p.paint(red, "security")
		}

		rows = append(rows, []any{
			printable(u.From.String() + " → " + u.To.String()), mark, when(u.Released, "unknown"), when(u.Moved, ""),
			p.lag(u), p.between(u),
		})
	}

	p.table([]any{"upgrade", "", "released", "moved", "everywhere after", "mixed for"}, rows)
}

// lag is how long after its release everything ran a version.
func (p *Program) lag(u history.Upgrade) string {
	lag, ok := u.Lag()

	switch {
	case ok:
		return history.Span(lag)
	case u.Back():
		return p.paint(yellow, "a way back")
	case u.Whole.IsZero():
		return p.paint(yellow, "never everywhere")
	}

	return p.paint(dim, "unknown")
}

// between is how long an upgrade left components behind.
func (p *Program) between(u history.Upgrade) string {
	if u.Whole.IsZero() || u.Whole.Equal(u.Moved) {
		return ""
	}

	return p.paint(yellow, history.Span(u.Whole.Sub(u.Moved)))
}

func (p *Program) waits(a history.Application) {
	if len(a.Waits) == 0 {
		return
	}

	rows := make([][]any, 0, len(a.Waits))

	for _, w := range a.Waits {
		until, span := when(w.Until, ""), history.Span(w.Span(p.Now()))
		if w.Open() {
			until, span = p.paint(red, "not in use yet"), p.paint(red, span)
		}

		rows = append(rows, []any{w.Version.String(), when(w.Released, ""), printable(w.Ran.String()), until, span})
	}

	fmt.Fprintln(p.Stdout)
	p.table([]any{"security release", "released", "while on", "fixed everywhere", "waited"}, rows)
}

func (p *Program) windows(a history.Application) {
	if len(a.Mixed) == 0 {
		return
	}

	rows := make([][]any, 0, len(a.Mixed))

	for _, w := range a.Mixed {
		to := when(w.To, p.paint(red, "still"))
		rows = append(rows, []any{when(w.From, ""), to, history.Span(w.Span(p.Now())), printable(ran(w.Runs)), p.paint(dim, w.Commit[:min(len(w.Commit), 10)])})
	}

	fmt.Fprintln(p.Stdout)
	p.table([]any{"mixed from", "to", "for", "on", "since commit"}, rows)
}

func (p *Program) inNumbers(s history.Summary) {
	fmt.Fprintln(p.Stdout)

	row := func(what string, value string) { fmt.Fprintf(p.Stdout, "%-18s %s\n", what, value) }

	row("upgrades", fmt.Sprintf("%d, everywhere %s after the release (median; longest %s; %d with a known date)",
		s.Upgrades, history.Span(s.MedianLag), history.Span(s.LongestLag), s.Dated))
	row("security releases", fmt.Sprintf("%d, %s until they were in use (median; longest %s), %d waiting now",
		s.Security, history.Span(s.MedianWait), history.Span(s.LongestWait), s.Waiting))
	row("mixed", fmt.Sprintf("%d times, %s in all (longest %s)", s.MixedWindows, history.Span(s.MixedTotal), history.Span(s.LongestMixed)))
}

// when is a time to the minute; a day where no more is known.
func when(t time.Time, otherwise string) string {
	t = t.UTC()

	switch {
	case t.IsZero():
		return otherwise
	case t.Equal(t.Truncate(24 * time.Hour)):
		return t.Format(time.DateOnly)
	}

	return t.Format(minuteOnly)
}

func spelled(all []version.Version) string {
	words := make([]string, 0, len(all))
	for _, v := range all {
		words = append(words, v.String())
	}

	return strings.Join(words, ", ")
}

// ran groups components by what they ran: "web, sidekiq v4.4.4; streaming v4.4.3".
func ran(runs []patch.Run) string {
	var groups []string

	for i, run := range runs {
		var names []string

		first := true

		for j, other := range runs {
			if other.Version.Equal(run.Version) {
				names = append(names, string(other.Component))
				first = first && j >= i
			}
		}

		if first {
			groups = append(groups, strings.Join(names, ", ")+" "+run.Version.String())
		}
	}

	return strings.Join(groups, "; ")
}
