package registry

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// Options configure a [Client]. The zero value works: ghcr.io and every other registry over HTTPS, the docker config's credentials.
type Options struct {
	// Transport carries the requests. Default: http.DefaultTransport.
	Transport http.RoundTripper
	// Credentials gives the user and the secret for a host ("ghcr.io"); an empty secret means anonymous. It is asked again whenever a
	// token has run out, so secrets may rotate. ghcr.io takes any user with a GitHub token that may read packages.
	// Default: the docker config (DOCKER_CONFIG, ~/.docker/config.json, podman's auth.json), else anonymous.
	Credentials func(ctx context.Context, host string) (user, secret string, err error)
	// UserAgent names the program to the registry. Default: "goingdark-bot".
	UserAgent string
	// PageSize is how many tags are asked for at once; a server may give fewer. Default: 1000, the most that ghcr.io gives.
	PageSize int
	// Timeout bounds one attempt, from the dial to the last byte. Default: 30 s.
	Timeout time.Duration
	// Retry says how often and how long to try again.
	Retry Retry
	// Now is the clock that Retry-After dates are held against. Default: time.Now.
	Now func() time.Time
	// Log gets a line a request at debug level. Default: nothing is logged.
	Log *slog.Logger
	// PlainHTTP lists the hosts ("registry.internal:5000") that speak plain HTTP. Loopback addresses may always; no other host may.
	// Default: none.
	PlainHTTP []string
}

// Retry bounds how stubborn a client is with answers that say "not now" (429, 408, 5xx, 403 with Retry-After) and with connections that break.
type Retry struct {
	// Attempts is how often a request is sent at most. Default: 4.
	Attempts int
	// Wait is the first pause; it doubles each time, with jitter. Default: 500 ms, or MaxWait if that is less.
	Wait time.Duration
	// MaxWait is the longest single pause. A server that asks for more in Retry-After ends the request at once, and the error carries what
	// it asked for. Default: 30 s.
	MaxWait time.Duration
}

func (o Options) withDefaults() (Options, error) {
	if o.PageSize < 0 || o.Timeout < 0 || o.Retry.Attempts < 0 || o.Retry.Wait < 0 || o.Retry.MaxWait < 0 {
		return o, errors.New("registry options: sizes, times and attempts can't be negative")
	}

	for _, host := range o.PlainHTTP {
		if host == "" || strings.ContainsAny(host, "/@ ") {
			return o, fmt.Errorf("registry options: PlainHTTP wants hosts such as \"registry.internal:5000\", not %q", host)
		}
	}

	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}

	if o.Now == nil {
		o.Now = time.Now
	}

	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}

	o.UserAgent = cmp.Or(o.UserAgent, "goingdark-bot")
	o.PageSize = cmp.Or(o.PageSize, 1000)
	o.Timeout = cmp.Or(o.Timeout, 30*time.Second)
	o.Retry.Attempts = cmp.Or(o.Retry.Attempts, 4)
	o.Retry.MaxWait = cmp.Or(o.Retry.MaxWait, 30*time.Second)
	o.Retry.Wait = cmp.Or(o.Retry.Wait, min(500*time.Millisecond, o.Retry.MaxWait))

	if o.Retry.Wait > o.Retry.MaxWait {
		return o, fmt.Errorf("registry options: the first pause (%s) is longer than the longest (%s)", o.Retry.Wait, o.Retry.MaxWait)
	}

	return o, nil
}
