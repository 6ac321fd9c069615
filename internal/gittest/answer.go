package gittest

import (
	"bytes"
	"io"
	"net/http"
)

// answer counts what is answered, and cuts or loses it where a fault says so.
type answer struct {
	http.ResponseWriter

	status int
	bytes  int64
	cut    int64 // abort after so many bytes; -1 = never
	lose   bool  // answer nothing, after the work is done
}

func (a *answer) WriteHeader(status int) {
	a.status = status

	if !a.lose {
		a.ResponseWriter.WriteHeader(status)
	}
}

func (a *answer) Write(p []byte) (int, error) {
	if a.lose {
		return len(p), nil
	}

	if a.cut >= 0 && a.bytes+int64(len(p)) > a.cut {
		_, _ = a.ResponseWriter.Write(p[:a.cut-a.bytes])
		a.Flush()

		panic(http.ErrAbortHandler)
	}

	n, err := a.ResponseWriter.Write(p)
	a.bytes += int64(n)

	return n, err
}

// Flush sends what was written so far.
func (a *answer) Flush() {
	if f, ok := a.ResponseWriter.(http.Flusher); ok && !a.lose {
		f.Flush()
	}
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// measure gives a chunked request a length: CGI knows no chunks, and git sends
// a big push in them.
func measure(r *http.Request) error {
	if r.ContentLength >= 0 {
		return nil
	}

	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}

	r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil

	return nil
}
