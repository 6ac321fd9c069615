package bot

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/notify"
	"github.com/goingdark-social/bot/pkg/plan"
)

// events is what there is to tell of an application after a pass. What was
// told is compared with what was last saved, not with what this pass did: a
// pass that ended between the two is made up for.
func (m *memory) events(s *site, a *ApplicationResult, prs []gh.PullRequest, now time.Time) []notify.Event {
	blank := notify.Event{Repository: s.name, Application: a.Name, At: now}

	events := slices.Concat(m.closed(prs, blank), m.reopened(prs, blank), m.proposed(a, blank), a.news, m.drifted(a, blank))
	events = append(events, m.dueEvents(a, prs, blank)...)

	if a.Outlook != nil {
		events = slices.Concat(events, m.lacking(a, blank), m.heldBack(a, blank))
	}

	if a.Err == nil {
		m.Ledger.Recovered(s.name, a.Name, now)
	} else {
		e := blank
		e.Kind, e.Err = notify.Failed, a.Err.Error()
		events = append(events, e)
	}

	m.opened(a, prs, now)

	return events
}

func about(pr gh.PullRequest) *notify.PullRequest {
	return &notify.PullRequest{Number: pr.Number, URL: pr.URL, Title: pr.Title}
}

// proposed tells of pull requests that are new, moved on, or wait for long
// although they mend a vulnerability.
func (m *memory) proposed(a *ApplicationResult, blank notify.Event) []notify.Event {
	var events []notify.Event

	for _, p := range a.Proposed {
		if p.PullRequest.Number == 0 || p.Action == Merged {
			continue
		}

		e := blank
		e.Track, e.From, e.To, e.Security = p.Track, p.Change.From(), p.Change.To.String(), p.Change.Security
		e.PullRequest, e.Summary = about(p.PullRequest), p.Change.Notes.Summary()
		was := m.Open[p.Track]

		if p.Action != Left {
			told := e

			if told.Kind = notify.Opened; was.Number == p.PullRequest.Number && was.To != e.To {
				told.Kind, told.From = notify.Updated, []string{was.To}
			}

			events = append(events, told)
		}

		e.Kind, e.Since = notify.Reminder, was.Security
		if e.Security && !e.Since.IsZero() && e.Days() > 0 {
			events = append(events, e)
		}
	}

	return events
}

// closed tells of the pull requests that were open when last seen and are not.
func (m *memory) closed(prs []gh.PullRequest, blank notify.Event) []notify.Event {
	var events []notify.Event

	for track, was := range m.Open {
		i := slices.IndexFunc(prs, func(pr gh.PullRequest) bool { return pr.Number == was.Number })
		if i < 0 || prs[i].State == "open" {
			continue
		}

		e := blank
		e.Track, e.To, e.PullRequest = track, was.To, about(prs[i])

		switch {
		case prs[i].Merged:
			e.Kind = notify.Merged
		case prs[i].Marker.Retired != "":
			e.Kind, e.Summary = notify.Closed, prs[i].Marker.Retired
		default:
			set(&m.Closed, track, was.Number)
			e.Kind, e.Summary = notify.Closed, "A person closed it: this release is not proposed again unless it is reopened or asked for."
		}

		events = append(events, e)
	}

	slices.SortFunc(events, func(x, y notify.Event) int { return x.PullRequest.Number - y.PullRequest.Number })

	return events
}

// reopened tells of the pull requests that people closed and opened again.
func (m *memory) reopened(prs []gh.PullRequest, blank notify.Event) []notify.Event {
	var events []notify.Event

	for _, track := range slices.Sorted(maps.Keys(m.Closed)) {
		i := slices.IndexFunc(prs, func(pr gh.PullRequest) bool { return pr.Number == m.Closed[track] && pr.State == "open" })
		if i < 0 {
			continue
		}

		delete(m.Closed, track)

		e := blank
		e.Kind, e.Track, e.To, e.PullRequest = notify.Reopened, track, prs[i].Marker.To, about(prs[i])
		events = append(events, e)
	}

	return events
}

// drifted tells of what was found outside and is new.
func (m *memory) drifted(a *ApplicationResult, blank notify.Event) []notify.Event {
	const shown = 10

	lines, key := m.untold(a.Findings, blank.At)
	if len(lines) == 0 {
		return nil
	}

	e := blank
	e.Kind, e.Cause, e.Lines = notify.Drifted, key, lines

	if more := len(lines) - shown; more > 0 {
		e.Lines = slices.Concat(lines[:shown], []string{fmt.Sprintf("and %d more: `bot drift` lists them", more)})
	}

	return []notify.Event{e}
}

// dueEvents ask after what an upgrade left to be done.
func (m *memory) dueEvents(a *ApplicationResult, prs []gh.PullRequest, blank notify.Event) []notify.Event {
	if a.Due == nil {
		return nil
	}

	e := blank
	e.Kind, e.To, e.Since, e.Summary = notify.Due, a.Due.To, a.Due.Since, a.Due.summary()

	if i := slices.IndexFunc(prs, func(pr gh.PullRequest) bool { return pr.Number == a.Due.PullRequest }); i >= 0 {
		e.PullRequest, e.Track = about(prs[i]), prs[i].Marker.Track
	}

	return []notify.Event{e}
}

// lacking tells of releases that have lacked an image for long.
func (m *memory) lacking(a *ApplicationResult, blank notify.Event) []notify.Event {
	var events []notify.Event

	for _, h := range m.incomplete(a.Outlook.Decision.Held, blank.At, patience) {
		e := blank
		e.Kind, e.To = notify.Incomplete, h.Version.String()
		e.Since, e.Security = m.Incomplete[e.To], h.Security
		e.Missing = missing(h.Version, a.Outlook.Missing[e.To])
		events = append(events, e)
	}

	a.Incomplete = maps.Clone(m.Incomplete)

	return events
}

// heldBack tells of the newest security release of the line in use that a rule
// made for other reasons keeps from being proposed, while no proposal mends
// what it does. One that was ignored by name was meant.
func (m *memory) heldBack(a *ApplicationResult, blank notify.Event) []notify.Event {
	var events []notify.Event

	since := map[string]time.Time{}

	for _, h := range a.Outlook.Decision.Held {
		mended := slices.ContainsFunc(a.Outlook.Decision.Proposals, func(p plan.Proposal) bool { return p.Security })
		policy := slices.Contains([]plan.Rule{plan.Frozen, plan.NotAllowed}, h.Rule)

		ours := h.Version.Line() == a.Outlook.Decision.Current.Line()

		if !h.Security || !policy || !ours || mended || len(events) > 0 {
			continue
		}

		e := blank
		e.Kind, e.To, e.Security, e.Summary = notify.Held, h.Version.String(), true, h.Reason

		e.Since = blank.At
		if at, known := m.Held[e.To]; known {
			e.Since = at
		}

		since[e.To] = e.Since
		events = append(events, e)
	}

	m.Held = since

	return events
}

// opened notes the pull requests that are open at the end of the pass.
func (m *memory) opened(a *ApplicationResult, prs []gh.PullRequest, now time.Time) {
	before := m.Open
	m.Open = map[string]openPullRequest{}

	for _, pr := range prs {
		if pr.State == "open" {
			m.Open[pr.Marker.Track] = openPullRequest{Number: pr.Number, To: pr.Marker.To, Security: before[pr.Marker.Track].Security}
		}
	}

	for _, p := range a.Proposed {
		if p.PullRequest.Number == 0 || p.Action == Merged {
			continue
		}

		open := openPullRequest{Number: p.PullRequest.Number, To: p.Change.To.String()}
		if p.Action == Left {
			open.To = p.PullRequest.Marker.To
		}

		if p.Change.Security {
			open.Security = now
			if was := before[p.Track]; was.Number == open.Number && !was.Security.IsZero() {
				open.Security = was.Security
			} else if !p.PullRequest.CreatedAt.IsZero() && was.Number == 0 {
				open.Security = p.PullRequest.CreatedAt // the state was lost, or this pass opened it
			}
		}

		m.Open[p.Track] = open
	}
}
