package bot

import (
	"bytes"
	"context"
	"fmt"
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
	if err == nil && l.Speaks(e) {
		first, _, _ := strings.Cut(notify.Text(e), "\n")
		l.heard.messages = append(l.heard.messages, l.Name()+": "+first)
	}

	return next, err
}

// tellFailure reports a pass that failed before any application was reached.
// There is no state to remember it in then, so the ledger lives as long as
// the process.
func (b *Bot) tellFailure(ctx context.Context, repository string, err error) {
	e := notify.Event{Kind: notify.Failed, Repository: repository, At: b.Now(), Err: err.Error()}

	b.kept.telling.Lock()
	defer b.kept.telling.Unlock()

	for _, err := range notify.Deliver(ctx, b.Targets, &b.kept.ledger, b.Seam, e) {
		b.Log.WarnContext(ctx, "a notification was not sent", "repository", repository, "error", err)
	}
}

// save writes the state, over what another process may have written meanwhile.
// A state that is as it was read costs nothing.
func (b *Bot) save(ctx context.Context, s *site, application string, m *memory) error {
	if now, err := m.bytes(); err != nil || bytes.Equal(now, m.read) {
		return err
	}

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
