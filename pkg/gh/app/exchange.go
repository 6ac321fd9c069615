package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	exchangeTimeout = 30 * time.Second
	maxAnswer       = 1 << 20
)

// exchange is one request and its whole answer, bounded in time and size, with
// GitHub alone: what signs above it signs whatever it is led to.
type exchange struct {
	next         http.RoundTripper
	scheme, host string
	userAgent    string
}

func (x *exchange) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != x.host || req.URL.Scheme != x.scheme {
		return nil, fmt.Errorf("refused to speak to %s", req.URL.Host)
	}

	ctx, cancel := context.WithTimeout(req.Context(), exchangeTimeout)
	defer cancel()

	req = req.Clone(ctx)
	req.Header.Set("User-Agent", x.userAgent)

	resp, err := x.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()

	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))

	switch {
	case err != nil:
		return nil, fmt.Errorf("reading the answer: %w", err)
	case len(data) > maxAnswer:
		return nil, fmt.Errorf("the answer is longer than %d bytes", maxAnswer)
	}

	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))

	return resp, nil
}
