package githubtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
)

// Transport carries requests to handler without a network, whatever host they
// are for: a client speaks to api.github.com by its real name. A broken
// connection is an error before, or io.ErrUnexpectedEOF within, the body.
func Transport(handler http.Handler) http.RoundTripper { return transport{handler} }

type transport struct{ handler http.Handler }

func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		defer req.Body.Close()
	}

	if err := req.Context().Err(); err != nil {
		return nil, err
	}

	inner := req.Clone(req.Context())
	if inner.Body == nil {
		inner.Body = http.NoBody
	}

	if inner.Host == "" {
		inner.Host = req.URL.Host
	}

	inner.RequestURI = req.URL.RequestURI()
	recorder := httptest.NewRecorder()
	broken := serve(t.handler, recorder, inner)

	if broken && recorder.Body.Len() == 0 {
		return nil, fmt.Errorf("read from %s: connection reset by peer", req.URL.Host)
	}

	resp := recorder.Result()
	resp.Request = req

	if broken {
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(slices.Clone(recorder.Body.Bytes())), cut{}))
	}

	return resp, nil
}

// serve tells whether the handler broke the connection.
func serve(handler http.Handler, w http.ResponseWriter, r *http.Request) (broken bool) {
	defer func() {
		p := recover()
		err, _ := p.(error)

		switch {
		case p == nil:
		case errors.Is(err, http.ErrAbortHandler):
			broken = true
		default:
			panic(p)
		}
	}()

	handler.ServeHTTP(w, r)

	return false
}

type cut struct{}

func (cut) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
