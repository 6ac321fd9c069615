package notify_test

import (
	"encoding/json"
	"errors"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/slacktest"
	"github.com/goingdark-social/bot/pkg/notify"
)

var update = flag.Bool("update", false, "write what is found into testdata")

func TestOneThreadAPullRequest(t *testing.T) {
	t.Parallel()
	s := start(t)
	target := withToken(t, s)
	l := new(notify.Ledger)
	deliver(t, l, target, event(notify.Opened))
	l = restarted(t, l)
	deliver(t, l, target, event(notify.Updated))
	other := event(notify.Opened)
	other.PullRequest = &notify.PullRequest{Number: 13, URL: "https://github.com/example/gitops/pull/13", Title: "Update mastodon to v4.5.0"}
	other.To, other.Track = "v4.5.0", "minor"
	deliver(t, l, target, other, event(notify.Merged))

	m := s.Messages()
	if len(m) != 4 {
		t.Fatalf("%d messages", len(m))
	}
	if m[0].ThreadTS != "" || m[1].ThreadTS != m[0].TS || m[2].ThreadTS != "" || m[3].ThreadTS != m[0].TS {
		t.Errorf("threads: %+v", m)
	}
	if m[0].Edits != 2 || !strings.HasPrefix(m[0].Plain(), "mastodon: v4.4.4 is merged") || m[2].Edits != 0 {
		t.Errorf("the first message does not show how it stands: %s", m[0].Plain())
	}
	if m[1].Broadcast || m[0].Channel != "C0000000001" {
		t.Errorf("%+v", m[1])
	}
}

func TestAThreadThatIsGone(t *testing.T) {
	t.Parallel()
	s := start(t)
	target := withToken(t, s)
	l := new(notify.Ledger)
	deliver(t, l, target, event(notify.Opened))
	s.Delete(s.Messages()[0].TS)
	deliver(t, l, target, event(notify.Updated))
	deliver(t, l, target, event(notify.Merged))
	m := s.Messages()
	if len(m) != 2 || m[0].ThreadTS != "" || m[1].ThreadTS != m[0].TS {
		t.Errorf("no new thread: %+v", m)
	}
}

func TestAMessageThatCannotChange(t *testing.T) {
	t.Parallel()
	s := start(t)
	target := withToken(t, s)
	l := new(notify.Ledger)
	deliver(t, l, target, event(notify.Opened))
	s.Fail(slacktest.Refused("chat.update", "edit_window_closed"))
	deliver(t, l, target, event(notify.Updated))
	if m := s.Messages(); len(m) != 2 || m[1].ThreadTS != m[0].TS || m[0].Edits != 0 {
		t.Errorf("%+v", m)
	}
}

// TestAReplyThatFails: the update before it is repeated without harm, the reply is said once.
func TestAReplyThatFails(t *testing.T) {
	t.Parallel()
	s := start(t)
	target := withToken(t, s)
	l := new(notify.Ledger)
	deliver(t, l, target, event(notify.Opened))
	s.Fail(slacktest.Fault{Method: "chat.postMessage", Status: 500})
	if errs := notify.Deliver(t.Context(), []notify.Target{target}, l, nil, event(notify.Updated)); len(errs) != 1 {
		t.Fatal(errs)
	}
	deliver(t, l, target, event(notify.Updated))
	if m := s.Messages(); len(m) != 2 || m[0].Edits != 2 {
		t.Errorf("%+v", m)
	}
}

func TestSecurityMentionsTheGroup(t *testing.T) {
	t.Parallel()
	s := start(t)
	group := func(o *notify.SlackOptions) { o.SecurityGroup = "S012345" }
	target := withToken(t, s, group)
	l := new(notify.Ledger)
	deliver(t, l, target, event(notify.Opened))
	e := event(notify.Updated)
	e.Security = true
	deliver(t, l, target, e)
	m := s.Messages()
	if len(m[0].Pings()) != 0 || !slices.Equal(m[1].Pings(), []string{"<!subteam^S012345>"}) || !m[1].Broadcast {
		t.Errorf("%+v", m)
	}
	hook := withWebhook(t, s, group)
	deliver(t, new(notify.Ledger), hook, e)
	if m := s.Messages(); !slices.Equal(m[2].Pings(), []string{"<!subteam^S012345>"}) || !m[2].Webhook {
		t.Errorf("%+v", m[2])
	}
}

func TestWaitsWithinBounds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		waits   []int
		naps    naps
		refused bool
	}{
		{"once", []int{7}, naps{7 * time.Second}, false},
		{"twice", []int{7, 9}, naps{7 * time.Second, 9 * time.Second}, false},
		{"a third time is enough", []int{1, 1, 1}, naps{time.Second, time.Second}, true},
		{"too long together", []int{20, 20}, naps{20 * time.Second}, true},
		{"too long", []int{31}, nil, true},
		{"no time at all is a second", []int{0}, naps{time.Second}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, method := range []string{"chat.postMessage", "webhook"} {
				s := start(t)
				for _, w := range c.waits {
					s.Fail(slacktest.RateLimited(method, w))
				}
				var slept naps
				nap := func(o *notify.SlackOptions) { o.Sleep = slept.sleep }
				target := withToken(t, s, nap)
				if method == "webhook" {
					target = withWebhook(t, s, nap)
				}
				errs := notify.Deliver(t.Context(), []notify.Target{target}, new(notify.Ledger), nil, event(notify.Failed))
				if c.refused != (len(errs) == 1) || c.refused == (len(s.Messages()) == 1) || !slices.Equal(slept, c.naps) {
					t.Errorf("%s: errors %v, slept %v, %d messages", method, errs, slept, len(s.Messages()))
				}
				if c.refused {
					if e, ok := errors.AsType[*notify.Error](errs[0]); !ok || e.RetryAfter == 0 || !e.Temporary || e.Word != "ratelimited" {
						t.Errorf("%+v", e)
					}
				}
			}
		})
	}
}

func TestAStalledAnswerEnds(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Fail(slacktest.Fault{Delay: time.Minute})
	target := withToken(t, s, func(o *notify.SlackOptions) { o.Timeout = 50 * time.Millisecond })
	if errs := notify.Deliver(t.Context(), []notify.Target{target}, new(notify.Ledger), nil, event(notify.Failed)); len(errs) != 1 {
		t.Error(errs)
	}
}

// TestSecretsAreNeverShown: neither a token nor the address of a webhook is in an error, whatever goes wrong.
func TestSecretsAreNeverShown(t *testing.T) {
	t.Parallel()
	s := slacktest.New(slacktest.Options{Token: "xoxb-canary", Webhook: "T0/B0/canary"})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	targets := func(client *http.Client) []notify.Target {
		return []notify.Target{
			withToken(t, s, func(o *notify.SlackOptions) { o.HTTPClient = client }),
			withWebhook(t, s, func(o *notify.SlackOptions) { o.HTTPClient = client }),
		}
	}
	check := func(errs []error) {
		t.Helper()
		if len(errs) == 0 {
			t.Error("no error")
		}
		for _, err := range errs {
			for ; err != nil; err = errors.Unwrap(err) {
				if text := err.Error(); strings.Contains(text, "canary") || strings.ContainsAny(text, "\x1b\n") {
					t.Errorf("%q", text)
				}
			}
		}
	}
	body := "no xoxb-canary /services/T0/B0/canary \x1b[31m"
	for _, fault := range []slacktest.Fault{
		{Status: 500, Body: body},
		{Body: `{"ok":false,"error":"` + "xoxb-canary" + `"}`},
		{Body: `{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["` + "xoxb-canary" + `"]}}`},
		{Status: 302, Header: map[string]string{"Location": "http://127.0.0.1:1/canary"}, Body: body},
		{Drop: true},
		{Status: 403, Body: "T0/B0/canary"},
	} {
		for _, target := range targets(nil) {
			s.Fail(fault)
			if errs := notify.Deliver(t.Context(), []notify.Target{target}, new(notify.Ledger), nil, event(notify.Failed)); len(errs) > 0 || fault.Status != 0 || fault.Drop {
				check(errs)
			}
		}
	}
	_ = s.Close()
	for _, target := range targets(nil) {
		check(notify.Deliver(t.Context(), []notify.Target{target}, new(notify.Ledger), nil, event(notify.Failed)))
	}
	_, err := notify.NewSlack(notify.SlackOptions{WebhookURL: "://canary"})
	check([]error{err})
}

func TestSlackSaysWhatToDo(t *testing.T) {
	t.Parallel()
	s := start(t)
	wrongToken := withToken(t, s, func(o *notify.SlackOptions) { o.Token = "xoxb-other" })
	wrongChannel := withToken(t, s, func(o *notify.SlackOptions) { o.Channel = "#nowhere" })
	wrongHook := withWebhook(t, s, func(o *notify.SlackOptions) { o.WebhookURL += "x" })
	for want, target := range map[string]notify.Target{
		"telling slack that mastodon: a pass failed: slack.post: invalid_auth: the bot token is not valid":                                               wrongToken,
		"telling slack that mastodon: a pass failed: slack.post: channel_not_found: there is no such channel, or it is private and the app is not in it": wrongChannel,
		"telling slack that mastodon: a pass failed: slack.post: HTTP 404: no_service: the webhook was removed: make a new one":                          wrongHook,
	} {
		errs := notify.Deliver(t.Context(), []notify.Target{target}, new(notify.Ledger), nil, event(notify.Failed))
		if len(errs) != 1 || errs[0].Error() != want {
			t.Errorf("%v\nwant %s", errs, want)
		}
	}
}

func TestOptionsThatContradict(t *testing.T) {
	t.Parallel()
	for _, o := range []notify.SlackOptions{
		{},
		{Token: "x"},
		{Token: "x", Channel: "#ops", WebhookURL: "https://hooks.slack.com/x"},
		{Channel: "#ops", WebhookURL: "https://hooks.slack.com/x"},
		{WebhookURL: "hooks.slack.com/x"},
	} {
		if _, err := notify.NewSlack(o); err == nil {
			t.Errorf("%+v passes", o)
		}
	}
}

// TestHostileTexts: whatever the texts of an event hold, Slack takes the message and nobody is pinged.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	for name, text := range hostile() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			for _, target := range []notify.Target{withToken(t, s), withWebhook(t, s)} {
				l := new(notify.Ledger)
				for _, k := range []notify.Kind{notify.Incomplete, notify.Opened, notify.Updated, notify.Merged, notify.Failed} {
					deliver(t, l, target, stuffed(k, text))
				}
			}
			for _, m := range s.Messages() {
				all := m.Text + m.Plain()
				if len(m.Pings()) > 0 {
					t.Errorf("pings %v", m.Pings())
				}
				if strings.ContainsAny(all, "\x1b\x00\u202e\u200b") || strings.Contains(all, "@channel") || strings.Contains(all, "@here") {
					t.Errorf("%.300q", all)
				}
			}
		})
	}
}

func hostile() map[string]string {
	return map[string]string{
		"mentions":   "<!channel> <!here|x> <!subteam^S1> <@U1> @here @channel @everyone <#C1> <https://evil.example|click>",
		"code":       "`` ``` `<!channel>` ````",
		"terminal":   "\x1b]0;title\a\x1b[2J\u202eright to left\u200b\x00",
		"long":       strings.Repeat("&<>", 20_000),
		"emoji":      strings.Repeat("👩‍👩‍👧", 5_000),
		"lines":      strings.Repeat("line\r\n", 5_000),
		"not UTF-8":  "\xff\xfe" + strings.Repeat("\xc3", 4000),
		"empty":      "",
		"blank":      " \n ",
		"GitHub":     "@octocat #1 GH-1 octo/cat#1 https://github.com/octo/cat/issues/1 <!-- bot: {} --> \n```\n@all",
		"entities":   "&lt;!channel&gt; &amp;lt;",
		"underlined": "*bold* _it_ ~no~ >quote\n>>> more",
	}
}

func stuffed(k notify.Kind, text string) notify.Event {
	return notify.Event{
		Kind: k, Repository: "example/gitops", Application: text, Track: text, From: []string{text, text}, To: text, Err: text, Summary: text,
		Missing:     slices.Repeat([]string{text}, 30),
		PullRequest: &notify.PullRequest{Number: 12, URL: text, Title: text},
		Since:       noon.Add(-time.Hour), At: noon,
	}
}

// TestRenderings shows each message as it is sent; read them in testdata.
func TestRenderings(t *testing.T) {
	t.Parallel()
	s := start(t)
	target := withToken(t, s, func(o *notify.SlackOptions) { o.SecurityGroup = "S012345" })
	l := new(notify.Ledger)
	var out strings.Builder
	for _, k := range []notify.Kind{notify.Incomplete, notify.Failed, notify.Opened, notify.Updated, notify.Merged} {
		e := event(k)
		e.Security = k == notify.Opened
		if k == notify.Opened {
			e.Summary = "Closes CVE-2026-0001. No migrations."
		}
		deliver(t, l, target, e)
		m := s.Messages()
		shown := []slacktest.Message{m[len(m)-1]}
		if k == notify.Merged {
			shown = append(shown, m[2])
		}
		out.WriteString("=== " + string(k) + "\n--- terminal\n" + notify.Text(e))
		for _, m := range shown {
			blocks, err := json.MarshalIndent(m.Blocks, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			out.WriteString("--- Slack, fallback: " + m.Text + "\n" + string(blocks) + "\n")
		}
		c := new(commenter)
		if e.PullRequest == nil {
			e.PullRequest = pull()
		}
		deliver(t, new(notify.Ledger), notify.NewGitHub(c), e)
		for key, body := range c.comments {
			out.WriteString("--- GitHub, " + key + "\n" + body + "\n")
		}
	}
	golden(t, "renderings.txt", out.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has changed:\n%s", file, got)
	}
}
