package notify

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// headline is the event in a few words, in one line, without markup.
func headline(e Event) string {
	var s string
	switch e.Kind {
	case Incomplete:
		s = clean(e.To) + " is not complete"
	case Opened:
		s = clean(e.To) + " is proposed"
	case Updated:
		s = "the proposal moved on to " + clean(e.To)
	case Merged:
		s = clean(e.To) + " is merged"
	case Closed:
		s = clean(e.To) + " is closed without a merge"
	case Reminder:
		s = fmt.Sprintf("%s has been waiting to be merged for %s", clean(e.To), dayWords(e.Days()))
	case Held:
		s = clean(e.To) + " is held back"
		if d := e.Days(); d > 0 {
			s += " for " + dayWords(d)
		}
	case Due:
		s = "post-deployment migrations of " + clean(e.To) + " are due"
		if d := e.Days(); d > 0 {
			s += " for " + dayWords(d)
		}
	case Failed:
		s = "a pass failed"
	case Reopened:
		s = clean(e.To) + " is open again"
	case RolledOut:
		s = clean(e.To) + " is rolled out"
	case Replaced:
		s = "the roll-out of " + clean(e.To) + " gave way to " + clean(e.Next)
	case Stuck:
		s = "the roll-out of " + clean(e.To) + " is stuck"
	case Drifted:
		s = "something has drifted"
		if len(e.Lines) > 1 {
			s = fmt.Sprintf("%d things have drifted", len(e.Lines))
		}
	default:
		s = clean(string(e.Kind))
	}
	if e.Security {
		s = "security: " + s
	}
	if e.Application != "" {
		return clean(e.Application) + ": " + s
	}
	return s
}

func dayWords(n int) string {
	if n == 1 {
		return "a day"
	}
	return fmt.Sprintf("%d days", n)
}

// facts are the particulars that every rendering has, in order.
func facts(e Event) [][2]string {
	var all [][2]string
	add := func(name, value string) {
		if value != "" {
			all = append(all, [2]string{name, clean(value)})
		}
	}
	add("repository", e.Repository)
	switch {
	case e.Kind == Failed:
	case len(e.From) > 0 && e.To != "":
		add("version", strings.Join(e.From, ", ")+" → "+e.To)
	default:
		add("version", e.To)
	}
	if e.Kind != Failed {
		add("track", e.Track)
	}
	if e.Kind == Incomplete && !e.Since.IsZero() {
		add("since", e.Since.UTC().Format("2006-01-02 15:04 UTC")+waited(e.At.Sub(e.Since)))
	}
	if e.By != nil {
		add("taken over by", fmt.Sprintf("pull request #%d", e.By.Number))
	}
	for _, f := range e.Facts {
		add(f[0], f[1])
	}
	return all
}

func waited(d time.Duration) string {
	if d < time.Minute {
		return ""
	}
	return " (" + strings.TrimSuffix(d.Truncate(time.Minute).String(), "0s") + ")"
}

// Text is the event as a terminal or a log shows it: a headline and indented lines. Nothing in it is obeyed by a terminal.
func Text(e Event) string {
	var b strings.Builder
	b.WriteString(headline(e) + "\n")
	for _, f := range facts(e) {
		fmt.Fprintf(&b, "  %-11s %s\n", f[0], f[1])
	}
	for _, m := range e.Missing {
		fmt.Fprintf(&b, "  %-11s %s\n", "missing", clean(m))
	}
	if pr := e.PullRequest; pr != nil {
		fmt.Fprintf(&b, "  %-11s #%d %s\n  %-11s %s\n", "pull", pr.Number, clean(pr.Title), "", clean(pr.URL))
	}
	for _, more := range []string{e.Summary, strings.Join(e.Lines, "\n"), e.Err, e.Log} {
		for line := range strings.SplitSeq(strings.TrimSpace(more), "\n") {
			if line = clean(line); line != "" {
				b.WriteString("  " + line + "\n")
			}
		}
	}
	return b.String()
}

// clean puts a stranger's text on one line and drops what is not seen but obeyed: control, direction and other invisible
// characters.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		default:
			return r
		}
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}

// cleanLines is clean for a text of several lines.
func cleanLines(s string) string {
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		lines = append(lines, clean(line))
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
