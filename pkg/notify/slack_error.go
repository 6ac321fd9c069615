package notify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// Error is why something could not be sent. It never holds a token or the address of a webhook.
type Error struct {
	// Op is what was being done: slack.post, slack.update.
	Op string
	// Word is Slack's own for what is wrong: channel_not_found; empty: it did not come to that.
	Word string
	// Status of the HTTP answer; 0: there was none, or it was fine.
	Status int
	// Temporary says that trying later may help, and trying something else now does not.
	Temporary bool
	// RetryAfter is how long Slack asks to wait; 0: it does not.
	RetryAfter time.Duration

	detail string
	cause  error
}

// Error says what is wrong and, where it is known, what to do.
func (e *Error) Error() string {
	parts := []string{e.Op}
	if e.Status != 0 {
		parts = append(parts, "HTTP "+strconv.Itoa(e.Status))
	}
	if e.Word != "" {
		parts = append(parts, e.Word)
	}
	if e.detail != "" {
		parts = append(parts, e.detail)
	}
	if e.RetryAfter > 0 {
		parts = append(parts, fmt.Sprintf("Slack asks to come back in %s", e.RetryAfter))
	}
	if hint := hints[e.Word]; hint != "" {
		parts = append(parts, hint)
	}
	return strings.Join(parts, ": ")
}

// Unwrap is the cause where it is one to act on: the context's end, a stopped effect.
func (e *Error) Unwrap() error { return e.cause }

// gone: the message is not there any more; frozen: it is, and can't be changed.
func (e *Error) gone() bool { return e.Word == "message_not_found" || e.Word == "channel_not_found" }

func (e *Error) frozen() bool {
	return e.Word == "cant_update_message" || e.Word == "edit_window_closed"
}

// hints say what to do about Slack's words.
var hints = map[string]string{ //nolint:gosec // words about tokens, not tokens
	"account_inactive":    "the app was removed from the workspace: install it again",
	"channel_not_found":   "there is no such channel, or it is private and the app is not in it",
	"invalid_auth":        "the bot token is not valid",
	"is_archived":         "the channel is archived",
	"missing_scope":       "the bot token needs the scope chat:write",
	"no_service":          "the webhook was removed: make a new one",
	"no_team":             "the webhook was removed: make a new one",
	"not_authed":          "the bot token is empty",
	"not_in_channel":      "invite the app to the channel",
	"token_expired":       "the bot token has expired",
	"token_revoked":       "the bot token was revoked",
	"channel_is_archived": "the channel is archived",
}

// temporary are the words for trouble on Slack's side.
var temporary = []string{"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout", "rollup_error"}

// isWord says whether a text looks like Slack's words; anything else in an answer is not repeated.
func isWord(s string) bool {
	const longest = 40
	return s != "" && len(s) <= longest && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_") == ""
}

// explain turns what slack-go and net/http say into an [Error].
func (s *Slack) explain(op string, err error) *Error {
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[*Error](err); ok {
		e := *known
		e.Op = op
		return &e
	}
	if refused, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		e := &Error{Op: op, Word: "unknown", Temporary: slices.Contains(temporary, refused.Err)}
		if isWord(refused.Err) {
			e.Word = refused.Err
		}
		e.detail = s.hide(strings.Join(refused.ResponseMetadata.Messages, ", "))
		return e
	}
	// A url.Error shows the address, which for a webhook is the secret.
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	e := &Error{Op: op, Temporary: true, detail: s.hide(err.Error())}
	_, isNet := errors.AsType[net.Error](err)
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		e.cause = err
	case !isNet:
		e.detail = "unexpected answer: " + e.detail
	}
	return e
}

// hide takes the secrets out of a text, and what a terminal would obey.
func (s *Slack) hide(text string) string {
	return cut(clean(s.o.Veil.Hide(text)), 300)
}

// guard bounds answers, and turns those that are no success into an [Error] before slack-go loses what they say.
// Redirects are among them: a token or a webhook's message goes nowhere else.
type guard struct{ next http.RoundTripper }

// maxAnswer is far more than Slack's longest.
const maxAnswer = 1 << 20

func (g guard) RoundTrip(r *http.Request) (*http.Response, error) {
	next := g.next
	if next == nil {
		next = http.DefaultTransport
	}
	resp, err := next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusOK {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, maxAnswer), resp.Body}
		return resp, nil
	}
	defer resp.Body.Close()
	e := &Error{Status: resp.StatusCode, Temporary: resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= http.StatusInternalServerError}
	start, err := io.ReadAll(io.LimitReader(resp.Body, 64))
	if word := strings.TrimSpace(string(start)); err == nil && isWord(word) {
		e.Word = word // a webhook says what is wrong in one plain word
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		e.Word, e.RetryAfter = "ratelimited", retryAfter(resp.Header.Get("Retry-After"))
	}
	return nil, e
}

// retryAfter reads seconds. Slack always sends them; without, or with nonsense, half a minute is polite.
func retryAfter(header string) time.Duration {
	const polite, most = 30, 24 * 60 * 60
	seconds, err := strconv.Atoi(strings.TrimSpace(header))
	if err != nil || seconds < 0 {
		seconds = polite
	}
	return time.Duration(min(max(seconds, 1), most)) * time.Second
}
