package registry

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/goingdark-social/bot/internal/wait"
)

// maxBody caps every answer. The largest real one is a list of all tags from a server that does not page; 8 MiB hold some 300,000.
const maxBody = 8 << 20

// inFlight is how many requests one client has open at a time.
const inFlight = 6

// wire sends requests: each attempt within a timeout, each body whole and capped, trouble retried within bounds. It is a RoundTripper
// so that go-containerregistry's token requests go the same way.
type wire struct {
	opts  Options
	plain map[string]bool
	slots chan struct{}
	sleep func(context.Context, time.Duration) error
}

func newWire(o Options) *wire {
	w := &wire{opts: o, plain: map[string]bool{}, slots: make(chan struct{}, inFlight), sleep: func(ctx context.Context, d time.Duration) error { return wait.For(ctx, d, "the registry") }}
	for _, host := range o.PlainHTTP {
		w.plain[host] = true
	}

	return w
}

// RoundTrip implements http.RoundTripper. The answer's body is already here.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := w.permitted(r.URL); err != nil {
		return nil, err
	}

	for attempt := 1; ; attempt++ {
		resp, f := w.attempt(r, attempt)
		if err := r.Context().Err(); err != nil && f != nil {
			return nil, err
		}

		if f == nil {
			return resp, nil
		}

		pause := max(f.retryAfter, w.backoff(attempt))
		if !f.temporary || !repeatable(r) || attempt >= w.opts.Retry.Attempts || f.retryAfter > w.opts.Retry.MaxWait || tooLate(r.Context(), pause) {
			return nil, f
		}

		if err := w.sleep(r.Context(), pause); err != nil {
			return nil, err
		}
	}
}

// attempt sends the request once. Only statuses worth a retry become failures; the rest is for the caller to judge.
func (w *wire) attempt(r *http.Request, number int) (*http.Response, *failure) {
	select {
	case w.slots <- struct{}{}:
		defer func() { <-w.slots }()
	case <-r.Context().Done():
		return nil, &failure{err: r.Context().Err()}
	}

	began := time.Now()
	resp, body, err := w.once(r)
	status := 0

	var f *failure
	switch {
	case err != nil:
		f = w.severed(err)
	case retryable(resp.StatusCode, resp.Header):
		f = judged(resp.StatusCode, resp.Header, body, w.opts.Now())
		status = resp.StatusCode
	default:
		status = resp.StatusCode
	}

	w.opts.Log.LogAttrs(r.Context(), slog.LevelDebug, "registry request",
		slog.String("method", r.Method), slog.String("host", r.URL.Host), slog.String("path", r.URL.Path),
		slog.Int("attempt", number), slog.Int("status", status), slog.Duration("took", time.Since(began)))

	return resp, f
}

func (w *wire) once(r *http.Request) (*http.Response, []byte, error) {
	ctx, cancel := context.WithTimeout(r.Context(), w.opts.Timeout)
	defer cancel()

	resp, err := w.opts.Transport.RoundTrip(r.Clone(ctx))
	if err != nil {
		return nil, nil, err
	}

	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	err = errors.Join(err, resp.Body.Close())

	switch {
	case len(body) > maxBody:
		return nil, nil, refused("the answer is larger than %d MiB", maxBody>>20)
	case err != nil:
		return nil, nil, err
	}

	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.Request = r

	return resp, body, nil
}

func (w *wire) backoff(attempt int) time.Duration {
	full := w.opts.Retry.Wait
	for range attempt - 1 {
		full = min(2*full, w.opts.Retry.MaxWait)
	}

	return full/2 + rand.N(full/2+1) //nolint:gosec // jitter is no secret
}

func repeatable(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead
}

// tooLate tells that the caller's own deadline would end the pause.
func tooLate(ctx context.Context, pause time.Duration) bool {
	deadline, ok := ctx.Deadline()

	return ok && time.Until(deadline) < pause
}
