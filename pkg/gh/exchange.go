package gh

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"
)

const (
	// exchangeTimeout bounds one request with its whole answer.
	exchangeTimeout = 30 * time.Second
	// A page of 100 pull requests whose bodies are as long as GitHub admits,
	// in characters of four bytes, is 26 MB.
	maxAnswer = 32 << 20
	maxRefuse = 64 << 10
)

// exchange is one request and its whole answer, bounded in time and size, so
// that above it an answer is there or it is not.
type exchange struct {
	next http.RoundTripper
	log  *slog.Logger
}

func (x *exchange) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), exchangeTimeout)
	defer cancel()

	start := time.Now()
	resp, err := x.next.RoundTrip(req.WithContext(ctx))

	if err == nil {
		err = whole(resp)
	}

	attrs := []any{"method", req.Method, "path", req.URL.Path, "duration", time.Since(start)}
	if err != nil {
		x.log.DebugContext(ctx, "github request failed", attrs...)

		return nil, err
	}

	x.log.DebugContext(ctx, "github request", append(attrs, "status", resp.StatusCode)...)

	return resp, nil
}

// whole replaces the body of resp by what it says. Of a refusal as much as is
// fit to be reported; of an answer all of it, or an error.
func whole(resp *http.Response) error {
	defer resp.Body.Close()

	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		data, err := io.ReadAll(io.LimitReader(resp.Body, maxRefuse))
		if err != nil {
			data = nil // The status says enough; half a document says nothing.
		}

		resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))

		return nil
	}

	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return fmt.Errorf("reading the answer: %w", err)
	}

	if len(data) > maxAnswer {
		return &Error{Status: resp.StatusCode, Message: fmt.Sprintf("the answer is longer than %d bytes", maxAnswer)}
	}

	if len(data) > 0 && !isJSON(resp.Header.Get("Content-Type")) {
		return &Error{
			Status: resp.StatusCode, Temporary: true,
			Message: fmt.Sprintf("the answer is %q where JSON was expected", resp.Header.Get("Content-Type")),
		}
	}

	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))

	return nil
}

func isJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)

	return err == nil && (media == "application/json" || strings.HasSuffix(media, "+json"))
}
