package gh

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// retry repeats what may be repeated: a request that reads or sets a value,
// met by a broken connection, a cut answer or a 5xx. A POST may have done its
// work before it failed, so it is never repeated here; the caller looks first.
type retry struct {
	once   http.RoundTripper
	repeat http.RoundTripper
}

func newRetry(next http.RoundTripper, maxWait time.Duration) *retry {
	client := retryablehttp.NewClient()
	client.Logger = nil
	client.RetryMax = 3
	client.RetryWaitMin = 500 * time.Millisecond
	client.RetryWaitMax = 5 * time.Second
	client.ErrorHandler = retryablehttp.PassthroughErrorHandler
	client.CheckRetry = func(ctx context.Context, resp *http.Response, err error) (bool, error) {
		return again(ctx, resp, err, maxWait), nil
	}
	// Redirects are followed, or refused, by the client above.
	client.HTTPClient = &http.Client{
		Transport:     next,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}

	return &retry{once: next, repeat: &retryablehttp.RoundTripper{Client: client}}
}

func (r *retry) RoundTrip(req *http.Request) (*http.Response, error) {
	switch req.Method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodDelete:
		return r.repeat.RoundTrip(req)
	}

	return r.once.RoundTrip(req)
}

func again(ctx context.Context, resp *http.Response, err error, maxWait time.Duration) bool {
	switch {
	case ctx.Err() != nil, errors.Is(err, context.Canceled):
		return false
	case err != nil:
		_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
		_, noToken := errors.AsType[tokenError](err)
		refused, ours := errors.AsType[*Error](err)

		return !untrusted && !noToken && (!ours || refused.Temporary)
	}

	return resp.StatusCode >= http.StatusInternalServerError && resp.StatusCode != http.StatusNotImplemented &&
		seconds(resp.Header.Get("Retry-After")) <= maxWait
}
