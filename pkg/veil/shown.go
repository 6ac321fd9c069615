package veil

import (
	"bytes"
	"cmp"
	"io"
	"net/http"
	"strconv"
)

// Error is err where its text holds no secret, and else one that says the same
// without. What it wraps stays to be told apart by errors.Is and errors.As.
func (v *Veil) Error(err error) error {
	if err == nil {
		return nil
	}

	text := err.Error()
	if hidden := v.Hide(text); hidden != text {
		return &veiled{hidden, err}
	}

	return err
}

type veiled struct {
	text string
	err  error
}

func (e *veiled) Error() string { return e.text }
func (e *veiled) Unwrap() error { return e.err }

// Writer hides secrets in what is written to w, each piece by itself: a log's
// record, a line.
func (v *Veil) Writer(w io.Writer) io.Writer {
	if v == nil {
		return w
	}

	return &writer{v, w}
}

type writer struct {
	veil *Veil
	next io.Writer
}

// Write says that all was written if all that is to be shown was.
func (w *writer) Write(p []byte) (int, error) {
	if _, err := io.WriteString(w.next, w.veil.Hide(string(p))); err != nil {
		return 0, err
	}

	return len(p), nil
}

// Handler hides secrets in what a handler answers. It holds an answer back
// until it is whole: it is for pages, not for streams.
func (v *Veil) Handler(next http.Handler) http.Handler {
	if v == nil {
		return next
	}

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		held := &answer{ResponseWriter: w}
		next.ServeHTTP(held, r)

		v.header(w.Header())

		body := v.Hide(held.body.String())
		if held.body.Len() > 0 {
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		}

		w.WriteHeader(cmp.Or(held.status, http.StatusOK))
		_, _ = io.WriteString(w, body) // whoever asked has gone
	})
}

type answer struct {
	http.ResponseWriter

	status int
	body   bytes.Buffer
}

// Unwrap lets a deadline be set.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *answer) WriteHeader(status int) { a.status = cmp.Or(a.status, status) }

func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }

// header hides secrets in the values of headers.
func (v *Veil) header(h http.Header) {
	for _, values := range h {
		for i, value := range values {
			values[i] = v.Hide(value)
		}
	}
}
