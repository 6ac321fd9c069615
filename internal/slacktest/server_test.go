package slacktest_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/goingdark-social/bot/internal/slacktest"
)

func start(t *testing.T) *slacktest.Server {
	t.Helper()
	s := slacktest.New(slacktest.Options{Now: func() time.Time { return time.Unix(1767355200, 0) }})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func client(s *slacktest.Server, token string) *slack.Client {
	return slack.New(token, slack.OptionAPIURL(s.APIURL()))
}

// TestAsSlackGoSpeaks: the library's own requests are understood, and its own errors come out of the answers.
func TestAsSlackGoSpeaks(t *testing.T) {
	t.Parallel()
	s := start(t)
	api := client(s, s.Token())
	who, err := api.AuthTestContext(t.Context())
	if err != nil || who.UserID != "U0" {
		t.Fatal(who, err)
	}
	channel, ts, err := api.PostMessageContext(t.Context(), "#ops", slack.MsgOptionText("hello", false))
	if err != nil || channel != "C0000000001" || ts != "1767355200.000001" {
		t.Fatal(channel, ts, err)
	}
	if _, _, err := api.PostMessageContext(t.Context(), channel, slack.MsgOptionText("reply", false), slack.MsgOptionTS(ts), slack.MsgOptionBroadcast()); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := api.UpdateMessageContext(t.Context(), channel, ts, slack.MsgOptionText("changed", false)); err != nil {
		t.Fatal(err)
	}
	link, err := api.GetPermalinkContext(t.Context(), &slack.PermalinkParameters{Channel: channel, Ts: ts})
	if err != nil || !strings.HasSuffix(link, "/archives/C0000000001/p1767355200000001") {
		t.Fatal(link, err)
	}
	info, err := api.GetConversationInfoContext(t.Context(), &slack.GetConversationInfoInput{ChannelID: channel})
	if err != nil || info.Name != "ops" {
		t.Fatal(info, err)
	}
	if err := slack.PostWebhookContext(t.Context(), s.WebhookURL(), &slack.WebhookMessage{Text: "hook"}); err != nil {
		t.Fatal(err)
	}
	m := s.Messages()
	if len(m) != 3 || m[0].Text != "changed" || m[0].Edits != 1 || m[1].ThreadTS != ts || !m[1].Broadcast || !m[2].Webhook {
		t.Errorf("%+v", m)
	}
	if got := s.Requests(); len(got) != 7 || got[0].Method != "auth.test" || got[6].Method != "webhook" {
		t.Errorf("%+v", got)
	}
}

func TestSlacksWords(t *testing.T) {
	t.Parallel()
	s := start(t)
	api, ctx := client(s, s.Token()), t.Context()
	_, ts, err := api.PostMessageContext(ctx, "#ops", slack.MsgOptionText("first", false))
	if err != nil {
		t.Fatal(err)
	}
	post := func(api *slack.Client, channel string, o ...slack.MsgOption) error {
		_, _, err := api.PostMessageContext(ctx, channel, o...)
		return err
	}
	update := func(channel, ts string) error {
		_, _, _, err := api.UpdateMessageContext(ctx, channel, ts, slack.MsgOptionText("x", false))
		return err
	}
	text := slack.MsgOptionText("x", false)
	for i, c := range []struct {
		want string
		got  error
	}{
		{"invalid_auth", post(client(s, "xoxb-other"), "#ops", text)},
		{"not_authed", post(client(s, ""), "#ops", text)},
		{"channel_not_found", post(api, "#elsewhere", text)},
		{"no_text", post(api, "#ops")},
		{"msg_too_long", post(api, "#ops", slack.MsgOptionText(strings.Repeat("x", 40_001), false))},
		{"invalid_blocks", post(api, "#ops", slack.MsgOptionBlocks(slack.NewDividerBlock(), slack.NewHeaderBlock(nil)))},
		{"invalid_arguments", post(api, "#ops", text, slack.MsgOptionParse(true))},
		{"invalid_arguments", post(api, "#ops", text, slack.MsgOptionLinkNames(true))},
		{"invalid_arguments", post(api, "#ops", text, slack.MsgOptionBroadcast())},
		{"channel_not_found", update("#ops", ts)}, // an update takes the id alone
		{"message_not_found", update("C0000000001", "1.1")},
		{"unknown_method", api.DeleteReminderContext(ctx, "x")},
	} {
		if c.got == nil || c.got.Error() != c.want {
			t.Errorf("%d: %v, want %s", i, c.got, c.want)
		}
	}
	if len(s.Messages()) != 1 {
		t.Errorf("what was refused is kept: %+v", s.Messages())
	}
}

func TestWebhookWords(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, c := range []struct {
		url, body string
		status    int
		word      string
	}{
		{s.WebhookURL(), `{"text":"x"}`, 200, "ok"},
		{s.WebhookURL(), `{"text":""}`, 400, "no_text"},
		{s.WebhookURL(), `{"text":`, 400, "invalid_payload"},
		{s.WebhookURL(), `{"text":"x","link_names":true}`, 400, "invalid_payload"},
		{s.WebhookURL(), `{"blocks":[{"type":"header"}]}`, 400, "invalid_blocks"},
		{s.WebhookURL() + "x", `{"text":"x"}`, 404, "no_service"},
	} {
		resp, err := http.Post(c.url, "application/json", strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != c.status || string(body) != c.word {
			t.Errorf("%s: %d %s %v, want %d %s", c.body, resp.StatusCode, body, err, c.status, c.word)
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	s := start(t)
	api := client(s, s.Token())
	post := func() error {
		_, _, err := api.PostMessageContext(t.Context(), "#ops", slack.MsgOptionText("x", false))
		return err
	}
	s.Fail(slacktest.RateLimited("chat.postMessage", 7), slacktest.Refused("chat.postMessage", "not_in_channel"), slacktest.Fault{Late: true, Drop: true})
	if limited, ok := errors.AsType[*slack.RateLimitedError](post()); !ok || limited.RetryAfter != 7*time.Second {
		t.Error(limited)
	}
	if err := post(); err == nil || err.Error() != "not_in_channel" {
		t.Error(err)
	}
	if s.Faults() != 1 || len(s.Messages()) != 0 {
		t.Errorf("%d, %v", s.Faults(), s.Messages())
	}
	if err := post(); err == nil || len(s.Messages()) != 1 {
		t.Errorf("the answer alone should be lost: %v, %v", err, s.Messages())
	}
	if err := post(); err != nil {
		t.Error(err)
	}
}

// TestBlockKitLimits holds each limit from both sides.
func TestBlockKitLimits(t *testing.T) {
	t.Parallel()
	plain := func(n int) *slack.TextBlockObject {
		return slack.NewTextBlockObject(slack.PlainTextType, strings.Repeat("x", n), false, false)
	}
	mrkdwn := func(n int) *slack.TextBlockObject {
		return slack.NewTextBlockObject(slack.MarkdownType, strings.Repeat("x", n), false, true)
	}
	button := func(text int, url string) slack.Block {
		return slack.NewActionBlock("", slack.NewButtonBlockElement("a", "v", plain(text)).WithURL(url))
	}
	address := func(n int) string { return "https://example.org/" + strings.Repeat("x", n-len("https://example.org/")) }
	for name, f := range map[string]struct {
		most int
		make func(n int) []slack.Block
	}{
		"blocks":  {50, func(n int) []slack.Block { return slices.Repeat([]slack.Block{slack.NewDividerBlock()}, n) }},
		"header":  {150, func(n int) []slack.Block { return []slack.Block{slack.NewHeaderBlock(plain(n))} }},
		"section": {3000, func(n int) []slack.Block { return []slack.Block{slack.NewSectionBlock(mrkdwn(n), nil, nil)} }},
		"field": {2000, func(n int) []slack.Block {
			return []slack.Block{slack.NewSectionBlock(nil, []*slack.TextBlockObject{mrkdwn(n)}, nil)}
		}},
		"fields": {10, func(n int) []slack.Block {
			return []slack.Block{slack.NewSectionBlock(nil, slices.Repeat([]*slack.TextBlockObject{mrkdwn(1)}, n), nil)}
		}},
		"context": {10, func(n int) []slack.Block {
			return []slack.Block{slack.NewContextBlock("", slices.Repeat([]slack.MixedElement{mrkdwn(1)}, n)...)}
		}},
		"button":     {75, func(n int) []slack.Block { return []slack.Block{button(n, "https://example.org")} }},
		"button URL": {3000, func(n int) []slack.Block { return []slack.Block{button(1, address(n))} }},
		"UTF-16": {150, func(n int) []slack.Block {
			return []slack.Block{slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, strings.Repeat("🐘", n/2)+strings.Repeat("x", n%2), false, false))}
		}},
		"escape more": {3000, func(n int) []slack.Block {
			return []slack.Block{slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, strings.Repeat("&lt;", n/4)+strings.Repeat("x", n%4), false, false), nil, nil)}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			for n, want := range map[int]string{f.most: "<nil>", f.most + 1: "invalid_blocks"} {
				_, _, err := client(s, s.Token()).PostMessageContext(t.Context(), "#ops", slack.MsgOptionBlocks(f.make(n)...))
				if fmt.Sprint(err) != want {
					t.Errorf("%d: %v, want %s", n, err, want)
				}
				if refused, ok := errors.AsType[slack.SlackErrorResponse](err); ok && len(refused.ResponseMetadata.Messages) == 0 {
					t.Error("the refusal does not say what is wrong")
				}
			}
		})
	}
}

func TestPings(t *testing.T) {
	t.Parallel()
	s := start(t)
	for text, want := range map[string]int{"<!channel> <!here|here> <!subteam^S1> <@U1>": 4, "&lt;!channel&gt; @here <#C1> <https://example.org|x>": 0} {
		if _, _, err := client(s, s.Token()).PostMessageContext(t.Context(), "#ops", slack.MsgOptionText(text, false)); err != nil {
			t.Fatal(err)
		}
		m := s.Messages()
		if got := m[len(m)-1].Pings(); len(got) != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
