package veil

import (
	"cmp"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Transport carries requests, makes their credentials known, and hides all that
// is known in what comes back where it is no content: errors, headers, and the
// bodies of refusals. Default of next: http.DefaultTransport.
func (v *Veil) Transport(next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}

	if v == nil {
		return next
	}

	return &transport{v, next}
}

type transport struct {
	veil *Veil
	next http.RoundTripper
}

// maxRefusal is what is looked at of a refusal; the rest is not passed on.
const maxRefusal = 1 << 20

// RoundTrip carries one.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	t.veil.Pass(credentials(req)...)

	resp, err := t.next.RoundTrip(req)
	if err != nil {
		return resp, t.veil.Error(err)
	}

	t.veil.header(resp.Header)
	resp.Status = t.veil.Hide(resp.Status)

	if resp.StatusCode >= http.StatusBadRequest && resp.Header.Get("Content-Encoding") == "" {
		t.refusal(resp)
	}

	return resp, nil
}

// CloseIdleConnections closes those of what carries the requests.
func (t *transport) CloseIdleConnections() {
	if c, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// refusal hides secrets in the body of one.
func (t *transport) refusal(resp *http.Response) {
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxRefusal))
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		// The status is what matters; who reads the body meets the error.
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(t.veil.Hide(string(data))), broken{t.veil.Error(err)}))
		resp.ContentLength = -1

		return
	}

	body := t.veil.Hide(string(data))
	resp.Body, resp.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	resp.Header.Del("Content-Length")
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// credentials are those that a request carries.
func credentials(req *http.Request) []string {
	var out []string

	for _, name := range []string{"Authorization", "Proxy-Authorization"} {
		scheme, value, _ := strings.Cut(req.Header.Get(name), " ")
		value = cmp.Or(strings.TrimSpace(value), scheme) // a token alone has no scheme
		out = append(out, value)

		if strings.EqualFold(scheme, "Basic") {
			if pair, err := base64.StdEncoding.DecodeString(value); err == nil {
				_, password, _ := strings.Cut(string(pair), ":")
				out = append(out, password)
			}
		}
	}

	if password, ok := req.URL.User.Password(); ok {
		out = append(out, password)
	}

	return append(out, form(req)...)
}

// form are the secrets of a form, as a registry's token server is sent.
func form(req *http.Request) []string {
	if req.GetBody == nil || !strings.HasPrefix(req.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return nil
	}

	body, err := req.GetBody()
	if err != nil {
		return nil
	}
	defer body.Close()

	data, err := io.ReadAll(io.LimitReader(body, maxRefusal))
	if err != nil {
		return nil
	}

	fields, err := url.ParseQuery(string(data))
	if err != nil {
		return nil
	}

	return []string{fields.Get("token"), fields.Get("password"), fields.Get("refresh_token")}
}
