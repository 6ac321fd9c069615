package notes

import (
	"time"

	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// support is until when the line in use is mended, as the younger of the two releases knows it, or the update check. There is
// no clock here: support has ended when it had by the time the target was made.
func (w *writer) support() {
	n := &w.notes
	n.Urgent = w.in.Urgent
	n.Support.State = SupportUnknown
	if kind := w.base.Kind(); kind != version.Release && kind != version.Prerelease {
		return
	}
	line := w.base.Line()
	n.Support.Line = line.String()
	f := w.younger()
	if f != nil {
		if row := f.SupportOf(line); row != nil {
			n.Support.Until, n.Support.Source = row.Until, place(row.Place)+" at "+f.Version
			n.Support.State = Supported
			if !row.Supported {
				n.Support.State = Ended
			}
		}
	}
	if w.in.EndOfSupport != "" {
		n.Support.Until, n.Support.Source, n.Support.State = w.in.EndOfSupport, "upstream's update check", Supported
	}
	if made := w.made(); n.Support.Until != "" && !made.IsZero() && made.UTC().Format(time.DateOnly) > n.Support.Until {
		n.Support.State = Ended
	}
}

// younger are the facts that were made last.
func (w *writer) younger() *facts.Facts {
	from, to := w.in.FromFacts, w.in.ToFacts
	if to == nil || from != nil && from.Date.After(to.Date) {
		return from
	}
	return to
}

// supportHazard warns of staying on a line that nobody mends any more.
func (w *writer) supportHazard() {
	s := w.notes.Support
	if s.State != Ended || w.in.To.Line().String() != s.Line {
		return
	}
	until := ""
	if s.Until != "" {
		until = " since " + s.Until
	}
	w.hazardf("end-of-support", severity.Warning, s.Source, "upstream no longer mends %s%s; go on to a newer line", s.Line, until)
}

// words are what there is to say of support in a line; empty for nothing.
func (s Support) words() string {
	switch {
	case s.State == SupportUnknown:
		return ""
	case s.State == Ended && s.Until == "":
		return s.Line + " is no longer supported"
	case s.State == Ended:
		return "support of " + s.Line + " ended on " + s.Until
	case s.Until != "":
		return s.Line + " is supported until " + s.Until
	default:
		return s.Line + " is supported, with no end set"
	}
}
