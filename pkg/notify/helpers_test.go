package notify_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/slacktest"
	"github.com/goingdark-social/bot/pkg/notify"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func pull() *notify.PullRequest {
	return &notify.PullRequest{Number: 12, URL: "https://github.com/example/gitops/pull/12", Title: "Update mastodon to v4.4.4"}
}

func event(kind notify.Kind) notify.Event {
	e := notify.Event{
		Kind: kind, Repository: "example/gitops", Application: "mastodon", Track: "patch", At: noon,
		From: []string{"v4.4.3"}, To: "v4.4.4", PullRequest: pull(),
	}
	switch kind {
	case notify.Incomplete:
		e.PullRequest, e.Since, e.Missing = nil, noon.Add(-70*time.Minute), []string{"ghcr.io/glitch-soc/mastodon-streaming:v4.4.4", "ghcr.io/glitch-soc/mastodon:v4.4.4 for linux/arm64"}
	case notify.Updated:
		e.From, e.To = []string{"v4.4.4"}, "v4.4.5"
	case notify.Failed:
		e.PullRequest, e.Err = nil, "pushing bot/mastodon/patch: the token lacks contents: write"
	default:
	}
	return e
}

func start(t *testing.T) *slacktest.Server {
	t.Helper()
	s := slacktest.New(slacktest.Options{Now: func() time.Time { return noon }})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if n := s.Faults(); n > 0 {
			t.Errorf("%d faults met no request", n)
		}
		_ = s.Close()
	})
	return s
}

// naps records what would have been slept.
type naps []time.Duration

func (n *naps) sleep(_ context.Context, d time.Duration) error {
	*n = append(*n, d)
	return nil
}

func withToken(t *testing.T, s *slacktest.Server, change ...func(*notify.SlackOptions)) *notify.Slack {
	t.Helper()
	o := notify.SlackOptions{Token: s.Token(), Channel: "#ops", BaseURL: s.APIURL(), Sleep: new(naps).sleep}
	for _, f := range change {
		f(&o)
	}
	target, err := notify.NewSlack(o)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

func withWebhook(t *testing.T, s *slacktest.Server, change ...func(*notify.SlackOptions)) *notify.Slack {
	t.Helper()
	return withToken(t, s, append([]func(*notify.SlackOptions){func(o *notify.SlackOptions) {
		*o = notify.SlackOptions{WebhookURL: s.WebhookURL(), Sleep: o.Sleep}
	}}, change...)...)
}

func deliver(t *testing.T, l *notify.Ledger, target notify.Target, events ...notify.Event) {
	t.Helper()
	if errs := notify.Deliver(t.Context(), []notify.Target{target}, l, nil, events...); errs != nil {
		t.Fatal(errors.Join(errs...))
	}
}

// restarted is the ledger as the next process reads it.
func restarted(t *testing.T, l *notify.Ledger) *notify.Ledger {
	t.Helper()
	raw, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	next := new(notify.Ledger)
	if err := json.Unmarshal(raw, next); err != nil {
		t.Fatal(err)
	}
	return next
}

// commenter is the other side of GitHub's target.
type commenter struct {
	comments map[string]string
	err      error
}

func (c *commenter) Comment(_ context.Context, repo string, number int, body, key string) (string, error) {
	if c.err != nil {
		return "", c.err
	}
	if c.comments == nil {
		c.comments = map[string]string{}
	}
	c.comments[fmt.Sprintf("%s#%d %s", repo, number, key)] = body
	return "https://github.com/" + repo, nil
}
