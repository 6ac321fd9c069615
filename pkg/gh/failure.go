package gh

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-github/v62/github"
)

// unnamedWait is what GitHub asks to wait at a secondary limit that names no
// time: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
const unnamedWait = time.Minute

// failure judges what go-github returned. It is the one place that does.
func (c *Client) failure(o operation, err error) *Error {
	e := &Error{Op: o.op, Repo: o.repo}

	if primary, ok := errors.AsType[*github.RateLimitError](err); ok {
		e.limited(http.StatusForbidden, primary.Message, max(time.Until(primary.Rate.Reset.Time), time.Second))
	} else if secondary, ok := errors.AsType[*github.AbuseRateLimitError](err); ok {
		e.limited(http.StatusForbidden, secondary.Message, *cmp.Or(secondary.RetryAfter, new(unnamedWait)))
	} else if answer, ok := errors.AsType[*github.ErrorResponse](err); ok {
		e.answered(o, answer)
	} else {
		e.unanswered(err)
	}

	e.Message = clean(c.veil, e.Message)

	return e
}

func (e *Error) limited(status int, message string, wait time.Duration) {
	e.Status, e.Message = status, cmp.Or(message, "rate limit exceeded")
	e.Temporary, e.RetryAfter, e.limit = true, wait, true
}

func (e *Error) answered(o operation, answer *github.ErrorResponse) {
	resp := answer.Response
	e.Status = resp.StatusCode
	e.Message = message(answer)

	switch status := resp.StatusCode; {
	case status == http.StatusTooManyRequests:
		e.limited(status, e.Message, limitWait(resp.Header))
	case status >= http.StatusInternalServerError:
		e.Temporary = true
		e.RetryAfter = seconds(resp.Header.Get("Retry-After"))
	case status == http.StatusUnprocessableEntity:
		e.clash = slices.ContainsFunc(answer.Errors, func(d github.Error) bool { return d.Code == "custom" && d.Field == "" })
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusNotFound:
		e.Permission = cmp.Or(accepted(resp.Header.Get("X-Accepted-Github-Permissions")), o.needs)
	}

	if resp.StatusCode == http.StatusNotFound {
		e.Message += " (it does not exist, or the token cannot see it)"
	}
}

// unanswered judges an error of the way: network, TLS, context, transport.
func (e *Error) unanswered(err error) {
	// What a *url.Error adds is the method and the address.
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}

	// The error itself is not kept: a transport may have put a header in it.
	e.cause, e.Message = ended(err), err.Error()

	if passed, ok := errors.AsType[*Error](err); ok {
		e.Status, e.Message, e.cause = passed.Status, passed.Message, passed.cause
		e.Temporary, e.RetryAfter, e.graphql = passed.Temporary, passed.RetryAfter, passed.graphql

		return
	}

	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	_, noToken := errors.AsType[tokenError](err)
	_, syntax := errors.AsType[*json.SyntaxError](err)
	_, shape := errors.AsType[*json.UnmarshalTypeError](err)

	if syntax || shape {
		e.Message = "GitHub's answer could not be read: " + e.Message
	}

	e.Temporary = !untrusted && !noToken && !shape && !errors.Is(err, context.Canceled)
}

// ended is the context's error in err, if it is one.
func ended(err error) error {
	for _, end := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, end) {
			return end
		}
	}

	return nil
}

// message is what GitHub says, with the details of a failed validation.
func message(answer *github.ErrorResponse) string {
	parts := []string{cmp.Or(answer.Message, http.StatusText(answer.Response.StatusCode))}

	for _, detail := range answer.Errors {
		switch {
		case detail.Message != "":
			parts = append(parts, detail.Message)
		case detail.Field != "":
			parts = append(parts, strings.Join([]string{detail.Field, "is", detail.Code}, " "))
		}
	}

	return strings.Join(parts, ": ")
}

// limitWait is how long a 429 asks to wait: Retry-After, else the reset of an
// exhausted primary limit, else a minute.
func limitWait(h http.Header) time.Duration {
	if wait := seconds(h.Get("Retry-After")); wait > 0 {
		return wait
	}

	reset, err := strconv.ParseInt(h.Get("X-Ratelimit-Reset"), 10, 64)
	if err == nil && h.Get("X-Ratelimit-Remaining") == "0" {
		return max(time.Until(time.Unix(reset, 0)), time.Second)
	}

	return unnamedWait
}

// seconds reads a Retry-After header; GitHub sends no dates there.
func seconds(header string) time.Duration {
	n, err := strconv.ParseInt(header, 10, 32)
	if err != nil || n < 0 {
		return 0
	}

	return time.Duration(n) * time.Second
}
