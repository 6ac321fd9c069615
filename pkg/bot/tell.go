package bot

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/notify"
)

// patience is how long a release may lack an image before people are told.
const patience = time.Hour

// tell sends what happened to an application, each thing once. A notification
// that fails is logged and tried again by the next pass; it fails nothing.
func (b *Bot) tell(ctx context.Context, s *site, m *memory, a *ApplicationResult, prs []gh.PullRequest) []string {
	events := m.events(s, a, prs, b.Now())
	heard, targets := listen(b.Targets)
	errs := notify.Deliver(ctx, targets, &m.Ledger, b.Seam, events...)

	for _, err := range errs {
		b.Log.WarnContext(ctx, "a notification was not sent", "repository", s.name, "application", a.Name, "error", err)
	}

	return heard.messages
}

// heard collects what really went out.
type heard struct{ messages []string }

// listener is a target that is listened to.
type listener struct {
	notify.Target

	heard *heard
}

func listen(targets []notify.Target) (*heard, []notify.Target) {
	h := &heard{}
	out := make([]notify.Target, 0, len(targets))

	for _, t := range targets {
		out = append(out, listener{t, h})
	}

	return h, out
}

func (l listener) Send(ctx context.Context, seam effect.Seam, e notify.Event, thread string) (string, error) {
	next, err := l.Target.Send(ctx, seam, e, thread)
	if err == nil {
		first, _, _ := strings.Cut(notify.Text(e), "\n")
		l.heard.messages = append(l.heard.messages, l.Name()+": "+first)
	}

	return next, err
}

func (m *memory) events(s *site, a *ApplicationResult, prs []gh.PullRequest, now time.Time) []notify.Event {
	blank := notify.Event{Repository: s.name, Application: a.Name, At: now}

	events := append(m.merged(prs, blank), m.proposedEvents(a, blank)...)

	if a.Outlook != nil {
		for _, h := range m.incomplete(a.Outlook.Decision.Held, now, patience) {
			e := blank
			e.Kind, e.To = notify.Incomplete, h.Version.String()
			e.Since = m.state.Incomplete[e.To]
			e.Missing = missing(h.Version, a.Outlook.Missing[e.To])
			events = append(events, e)
		}

		a.Incomplete = maps.Clone(m.state.Incomplete)
	}

	if a.Err == nil {
		m.Ledger.Recovered(s.name, a.Name, now)
	} else {
		e := blank
		e.Kind, e.Err = notify.Failed, a.Err.Error()
		events = append(events, e)
	}

	m.opened(a, prs)

	return events
}

func (m *memory) proposedEvents(a *ApplicationResult, blank notify.Event) []notify.Event {
	var events []notify.Event

	for _, p := range a.Proposed {
		e := blank
		e.Track, e.From, e.To, e.Security = p.Track, p.Change.From(), p.Change.To.String(), p.Change.Security
		e.PullRequest = &notify.PullRequest{Number: p.PullRequest.Number, URL: p.PullRequest.URL, Title: p.PullRequest.Title}

		// What was told is compared with what was last saved, not with what
		// this pass did: a pass that ended between the two is made up for.
		was := m.Open[p.Track]

		switch {
		case p.Action == Left:
			continue
		case was.Number == p.PullRequest.Number && was.To != e.To:
			e.Kind, e.From = notify.Updated, []string{was.To}
		default:
			e.Kind = notify.Opened
		}

		events = append(events, e)
	}

	return events
}

// merged finds the pull requests that were open when last seen and are merged.
func (m *memory) merged(prs []gh.PullRequest, blank notify.Event) []notify.Event {
	var events []notify.Event

	for track, was := range m.Open {
		i := slices.IndexFunc(prs, func(pr gh.PullRequest) bool { return pr.Number == was.Number })
		if i < 0 || !prs[i].Merged {
			continue
		}

		e := blank
		e.Kind, e.Track, e.To = notify.Merged, track, was.To
		e.PullRequest = &notify.PullRequest{Number: was.Number, URL: prs[i].URL, Title: prs[i].Title}
		events = append(events, e)
	}

	slices.SortFunc(events, func(x, y notify.Event) int { return x.PullRequest.Number - y.PullRequest.Number })

	return events
}

// opened notes the pull requests that are open at the end of the pass.
func (m *memory) opened(a *ApplicationResult, prs []gh.PullRequest) {
	m.Open = map[string]openPullRequest{}

	for _, pr := range prs {
		if pr.State == "open" {
			m.Open[pr.Marker.Track] = openPullRequest{Number: pr.Number, To: pr.Marker.To}
		}
	}

	for _, p := range a.Proposed {
		if p.Action != Left && p.PullRequest.Number > 0 {
			m.Open[p.Track] = openPullRequest{Number: p.PullRequest.Number, To: p.Change.To.String()}
		}
	}
}

// tellFailure reports a pass that failed before any application was reached.
// There is no state to remember it in then, so the ledger lives as long as
// the process.
func (b *Bot) tellFailure(ctx context.Context, repository string, err error) {
	e := notify.Event{Kind: notify.Failed, Repository: repository, At: b.Now(), Err: err.Error()}

	b.ledgerLock.Lock()
	defer b.ledgerLock.Unlock()

	for _, err := range notify.Deliver(ctx, b.Targets, &b.ledger, b.Seam, e) {
		b.Log.WarnContext(ctx, "a notification was not sent", "repository", repository, "error", err)
	}
}

// save writes the state, over what another process may have written meanwhile.
func (b *Bot) save(ctx context.Context, s *site, application string, m *memory) error {
	err := s.git.UpdateState(ctx, statePath(application), func(old []byte) ([]byte, error) {
		other, err := parseState(application, old)
		if err != nil {
			return nil, err
		}

		m.merge(other)

		return m.bytes()
	})
	if err != nil {
		return fmt.Errorf("writing the state of %s: %w", application, err)
	}

	return nil
}
