package repo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/goingdark-social/bot/internal/pack"
)

const (
	// maxErrorBody is how much of an error's body is read.
	maxErrorBody = 4 << 10
	// maxReason is how much of what a server says is shown.
	maxReason = 200
	// maxRedirects is as many as a renamed repository needs, and some.
	maxRedirects = 5
)

// wire carries the HTTP requests of one operation and keeps what the last
// answer said, since go-git's errors do not tell it apart. It also ends a
// request whose server has gone silent, and caps error bodies.
type wire struct {
	next http.RoundTripper
	idle time.Duration
	now  func() time.Time
	say  func(string) string // makes what a server says fit for an error

	mu         sync.Mutex
	status     int
	reason     string
	retryAfter time.Duration
	stranger   error // an answer that is not git's
}

func (w *wire) client() *http.Client {
	return &http.Client{Transport: w, CheckRedirect: sameHost}
}

// sameHost follows a redirect on the host that was asked, and nowhere else.
func sameHost(req *http.Request, via []*http.Request) error {
	first := via[0].URL
	if req.URL.Host != first.Host || req.URL.Scheme != first.Scheme {
		return fmt.Errorf("the server redirects to another host, %s, which is not followed", req.URL.Host)
	}

	if len(via) >= maxRedirects {
		return errors.New("the server redirects in circles")
	}

	return nil
}

// RoundTrip sends a request.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	alarm := time.AfterFunc(w.idle, func() { cancel(&silenceError{w.idle}) })

	res, err := w.next.RoundTrip(r.WithContext(ctx))
	if err != nil {
		alarm.Stop()

		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}

		cancel(nil)

		return nil, err
	}

	res.Body = &watched{body: pack.References(r, res.Body), ctx: ctx, alarm: alarm, idle: w.idle, cancel: cancel}

	if err := w.note(res); err != nil {
		_ = res.Body.Close()

		return nil, err
	}

	return res, nil
}

// note keeps what the answer says, before go-git makes an error of it.
func (w *wire) note(res *http.Response) error {
	w.mu.Lock()
	defer w.mu.Unlock()

	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))

	w.status = res.StatusCode
	if res.StatusCode < http.StatusMultipleChoices {
		if !strings.HasPrefix(kind, "application/x-git-") {
			w.stranger = fmt.Errorf("the answer is %q and not git's: is this the address of a git repository?", kind)
		}

		return w.stranger
	}

	w.retryAfter = retryAfter(res.Header.Get("Retry-After"), w.now())

	if res.StatusCode < http.StatusBadRequest {
		return nil // a redirect, whose body nobody reads
	}

	body, err := io.ReadAll(io.LimitReader(res.Body, maxErrorBody))
	if err == nil && kind == "text/plain" {
		w.reason = w.say(string(body))
	}

	_ = res.Body.Close()
	res.Body = http.NoBody

	return nil
}

// last is what the last answer said.
func (w *wire) last() (status int, reason string, after time.Duration, stranger error) {
	w.mu.Lock()
	defer w.mu.Unlock()

	return w.status, w.reason, w.retryAfter, w.stranger
}

// retryAfter reads seconds or a date; 0 when there is neither.
func retryAfter(value string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(value); err == nil && n > 0 {
		return time.Duration(n) * time.Second
	}

	if at, err := http.ParseTime(value); err == nil && at.After(now) {
		return at.Sub(now)
	}

	return 0
}

// silenceError is a server that sent nothing for too long.
type silenceError struct{ after time.Duration }

func (e *silenceError) Error() string { return fmt.Sprintf("the server sent nothing for %s", e.after) }

// Timeout makes it temporary, as net.Error has it.
func (e *silenceError) Timeout() bool { return true }

// watched is a body whose every read sets the alarm anew.
type watched struct {
	body   io.ReadCloser
	ctx    context.Context //nolint:containedctx // the request's own, to tell why it ended
	alarm  *time.Timer
	idle   time.Duration
	cancel context.CancelCauseFunc
}

func (b *watched) Read(p []byte) (int, error) {
	n, err := b.body.Read(p)
	b.alarm.Reset(b.idle)

	if err != nil && !errors.Is(err, io.EOF) {
		if cause := context.Cause(b.ctx); cause != nil {
			err = cause
		}
	}

	return n, err
}

func (b *watched) Close() error {
	b.alarm.Stop()
	b.cancel(nil)

	return b.body.Close()
}

// oneLine makes what a server says fit for an error: one line of printable
// characters, not too long.
func oneLine(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return !strconv.IsPrint(r) || r == ' '
	}), " ")

	if runes := []rune(text); len(runes) > maxReason {
		return string(runes[:maxReason]) + "…"
	}

	return text
}
