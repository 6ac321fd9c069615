package gh

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gofri/go-github-ratelimit/v2/github_ratelimit/github_secondary_ratelimit"

	"github.com/goingdark-social/bot/pkg/veil"
)

// maxAttempts bounds how often one call is sent because of secondary limits
// and redirects. The limiter itself would go on for ever, and without a pause
// where the server's clock is behind.
const maxAttempts = 5

// chain is what a request passes, from go-github to the network: waits for
// secondary limits, repeats what may be repeated, the token, the cache of
// conditional requests, the meter of the rate limit, and one bounded exchange.
//
// Primary limits are kept by go-github and call: the primary limiter of the
// same library keeps a goroutine until the limit resets, up to an hour.
func chain(o Options, base *url.URL, m *meter) http.RoundTripper {
	var rt http.RoundTripper = newCache(m)

	rt = &authorize{next: rt, token: o.Token, host: base.Host, scheme: base.Scheme, veil: o.Veil}
	rt = newRetry(rt, o.MaxWait)
	rt = &rewind{next: rt}

	return github_secondary_ratelimit.New(rt,
		github_secondary_ratelimit.WithSingleSleepLimit(o.MaxWait, nil),
		github_secondary_ratelimit.WithLimitDetectedCallback(func(limit *github_secondary_ratelimit.CallbackContext) {
			o.Log.WarnContext(limit.Request.Context(), "waiting for GitHub's secondary rate limit", "until", *limit.ResetTime)
		}))
}

// authorize adds the token, to requests for the API's own host alone.
type authorize struct {
	next         http.RoundTripper
	token        func(context.Context) (string, error)
	scheme, host string
	veil         *veil.Veil
}

func (a *authorize) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != a.host || req.URL.Scheme != a.scheme {
		return nil, &Error{Op: "send a request", Message: "refused to speak to " + req.URL.Host}
	}

	if a.token == nil {
		return a.next.RoundTrip(req)
	}

	token, err := a.token(req.Context())
	a.veil.Pass(token)

	switch {
	case err != nil:
		return nil, tokenError{err}
	case token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return nil, &Error{Op: "send a request", Message: "the token is empty, or holds a space, a line break or another character no token has"}
	}

	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+token)

	return a.next.RoundTrip(req)
}

// tokenError is why there is no token to send.
type tokenError struct{ error }

func (e tokenError) Error() string { return "reading the token: " + e.error.Error() }

// sameHostSameMethod follows a redirect of a renamed repository, and nothing
// that would take the token elsewhere or turn a change into a read.
func sameHostSameMethod(req *http.Request, via []*http.Request) error {
	first := via[0]

	switch {
	case req.URL.Host != first.URL.Host || req.URL.Scheme != first.URL.Scheme:
		return &Error{Op: "follow a redirect", Message: fmt.Sprintf("refused to be led from %s to %s", first.URL.Host, req.URL.Host)}
	case req.Method != first.Method:
		return &Error{Op: "follow a redirect", Message: "refused to turn " + first.Method + " into " + req.Method}
	case len(via) >= maxAttempts-1:
		return &Error{Op: "follow a redirect", Message: "too many redirects"}
	}

	return nil
}

type attemptsKey struct{}

// withAttempts counts the attempts of one call.
func withAttempts(ctx context.Context) context.Context {
	return context.WithValue(ctx, attemptsKey{}, new(int))
}

// rewind gives each attempt a body of its own, which the rate limiter above
// does not, and ends a call that is sent too often.
type rewind struct{ next http.RoundTripper }

func (r *rewind) RoundTrip(req *http.Request) (*http.Response, error) {
	if attempts, ok := req.Context().Value(attemptsKey{}).(*int); ok {
		if *attempts++; *attempts > maxAttempts {
			return nil, &Error{Op: "send a request", Message: "a secondary rate limit does not end", Temporary: true, RetryAfter: unnamedWait}
		}
	}

	req = req.Clone(req.Context())

	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, fmt.Errorf("reading the request's body again: %w", err)
		}

		req.Body = body
	}

	return r.next.RoundTrip(req)
}
