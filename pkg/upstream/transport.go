package upstream

import (
	"io"
	"net/http"

	"github.com/goingdark-social/bot/internal/pack"
)

// countingTransport counts the bytes of answers. What a server says of its references has an end.
type countingTransport struct {
	base http.RoundTripper
	n    *int64
}

func (t *countingTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	base := t.base
	if base == nil {
		base = http.DefaultTransport
	}
	res, err := base.RoundTrip(req)
	if err == nil {
		res.Body = &countingBody{pack.References(req, res.Body), t.n}
	}
	return res, err
}

type countingBody struct {
	io.ReadCloser

	n *int64
}

func (b *countingBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	*b.n += int64(n)
	return n, err
}
