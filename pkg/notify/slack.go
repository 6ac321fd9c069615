package notify

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/goingdark-social/bot/internal/wait"
	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/veil"
)

// SlackOptions say where on Slack. Either WebhookURL, or Token and Channel.
type SlackOptions struct {
	// WebhookURL is the address of an incoming webhook; a secret.
	WebhookURL string
	// Token is a bot token with chat:write; a secret.
	Token string
	// Channel that the bot is in, by #name or id.
	Channel string
	// BaseURL of the Web API. Default: https://slack.com/api/.
	BaseURL string
	// HTTPClient sends the requests. Default: http.DefaultClient. Its redirects are not followed.
	HTTPClient *http.Client
	// SecurityGroup is the id of a user group to mention in security events. Default: none.
	SecurityGroup string
	// Quiet is when nothing is sent but what is about security; the rest waits in the ledger. Default: never.
	Quiet Quiet
	// Now is the clock of the quiet hours. Default: time.Now.
	Now func() time.Time
	// Timeout of one request. Default: 10 seconds.
	Timeout time.Duration
	// MaxWait bounds how long one Send waits when Slack asks to come back later; where it asks for more, the next pass
	// tries again. Default: 30 seconds.
	MaxWait time.Duration
	// Sleep waits. Default: a timer that the context ends.
	Sleep func(context.Context, time.Duration) error
	// Veil hides the secrets in what errors repeat. Default: one of its own, which knows those above.
	Veil *veil.Veil
}

// Slack is the target of that name.
type Slack struct {
	o      SlackOptions
	api    *slack.Client // nil: webhook
	client *http.Client
}

// NewSlack checks the options; it asks Slack nothing.
func NewSlack(o SlackOptions) (*Slack, error) {
	switch {
	case (o.WebhookURL == "") == (o.Token == ""):
		return nil, errors.New("slack needs either a webhook's URL or a bot token")
	case o.Token != "" && o.Channel == "":
		return nil, errors.New("slack needs a channel with a bot token")
	case o.WebhookURL != "" && o.Channel != "":
		return nil, errors.New("a slack webhook has its own channel: name none")
	}
	if u, err := url.Parse(o.WebhookURL); o.WebhookURL != "" && (err != nil || u.Host == "") {
		return nil, errors.New("the URL of the slack webhook is not a URL") // and is not shown: it is a secret
	}
	if o.BaseURL == "" {
		o.BaseURL = slack.APIURL
	}
	if o.HTTPClient == nil {
		o.HTTPClient = http.DefaultClient
	}
	if o.Veil == nil {
		o.Veil = &veil.Veil{}
	}
	o.Veil.Keep(o.Token, o.WebhookURL)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = func(ctx context.Context, d time.Duration) error { return wait.For(ctx, d, "Slack") }
	}
	o.Timeout = orDefault(o.Timeout, 10*time.Second)
	o.MaxWait = orDefault(o.MaxWait, 30*time.Second)
	client := *o.HTTPClient
	client.Transport = guard{client.Transport}
	s := &Slack{o: o, client: &client}
	if o.Token != "" {
		s.api = slack.New(o.Token, slack.OptionHTTPClient(&client), slack.OptionAPIURL(strings.TrimSuffix(o.BaseURL, "/")+"/"))
	}
	return s, nil
}

func orDefault(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

// Name is "slack".
func (*Slack) Name() string { return "slack" }

// Send posts a message. With a bot token the first one about a pull request begins a thread, and later ones bring that
// message up to date and reply to it: the update is safe to repeat and the reply comes last, so that what fails half
// way is said once when it is tried again.
func (s *Slack) Send(ctx context.Context, seam effect.Seam, e Event, thread string) (string, error) {
	if !e.Security && s.o.Quiet.at(s.o.Now()) {
		return thread, ErrQuiet
	}
	seam = effect.Or(seam)
	if s.api == nil {
		return "", s.change(ctx, seam, "slack.post", "webhook", func(ctx context.Context) error { return s.hook(ctx, message(e, s.o.SecurityGroup)) })
	}
	if e.thread() == "" || thread == "" {
		return s.begin(ctx, seam, e)
	}
	channel, ts, _ := strings.Cut(thread, "/")
	err := s.change(ctx, seam, "slack.update", s.o.Channel, func(ctx context.Context) error {
		_, _, _, err := s.api.UpdateMessageContext(ctx, channel, ts, options(message(e, ""))...)
		return err
	})
	switch refused, ok := errors.AsType[*Error](err); {
	case ok && refused.gone():
		return s.begin(ctx, seam, e) // a person deleted it, or the channel is another one now
	case ok && refused.frozen():
	case err != nil:
		return thread, err
	}
	return thread, s.change(ctx, seam, "slack.post", s.o.Channel, func(ctx context.Context) error {
		o := append(options(reply(e, s.o.SecurityGroup)), slack.MsgOptionTS(ts))
		if e.Security {
			o = append(o, slack.MsgOptionBroadcast())
		}
		_, _, err := s.api.PostMessageContext(ctx, channel, o...)
		return err
	})
}

// Speaks tells that every event has a place in a channel.
func (*Slack) Speaks(Event) bool { return true }

// begin posts a message of its own and returns the thread that it begins.
func (s *Slack) begin(ctx context.Context, seam effect.Seam, e Event) (thread string, err error) {
	err = s.change(ctx, seam, "slack.post", s.o.Channel, func(ctx context.Context) error {
		channel, ts, err := s.api.PostMessageContext(ctx, s.o.Channel, options(message(e, s.o.SecurityGroup))...)
		if err == nil && (channel == "" || ts == "") {
			err = errors.New("the answer names no message")
		}
		thread = channel + "/" + ts
		return err
	})
	if err != nil {
		return "", err
	}
	return thread, nil
}

// change is one effect. It waits once or twice when Slack asks to, within bounds.
func (s *Slack) change(ctx context.Context, seam effect.Seam, kind, target string, f func(context.Context) error) error {
	const attempts = 3
	return seam.Do(ctx, effect.Effect{Kind: kind, Target: target}, func(ctx context.Context) error {
		budget := s.o.MaxWait
		for attempt := 1; ; attempt++ {
			err := s.once(ctx, kind, f)
			if err == nil || err.RetryAfter == 0 || err.RetryAfter > budget || attempt == attempts {
				return orNil(err)
			}
			budget -= err.RetryAfter
			if stop := s.o.Sleep(ctx, err.RetryAfter); stop != nil {
				return stop
			}
		}
	})
}

// once is one request within the timeout.
func (s *Slack) once(ctx context.Context, op string, f func(context.Context) error) *Error {
	ctx, cancel := context.WithTimeout(ctx, s.o.Timeout)
	defer cancel()
	return s.explain(op, f(ctx))
}

// orNil keeps a nil pointer from becoming an error that is not nil.
func orNil(err *Error) error {
	if err == nil {
		return nil
	}
	return err
}

func (s *Slack) hook(ctx context.Context, c content) error {
	no := false
	return slack.PostWebhookCustomHTTPContext(ctx, s.o.WebhookURL, s.client, &slack.WebhookMessage{
		Text: c.text, Blocks: &slack.Blocks{BlockSet: c.blocks}, Parse: "none", UnfurlLinks: &no, UnfurlMedia: &no,
	})
}

// options let Slack read nothing into the text that is not marked up: no links, no previews, no names.
func options(c content) []slack.MsgOption {
	return []slack.MsgOption{
		slack.MsgOptionText(c.text, false), slack.MsgOptionBlocks(c.blocks...),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(), slack.MsgOptionParse(false),
	}
}
