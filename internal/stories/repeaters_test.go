package stories_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/goingdark-social/bot/internal/gittest"
)

// mirrors lets every run begin with one in which every third request fails with
// an answer that shows what was sent. Which ones is the phase.
func mirrors(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	s.mirror = &mirror{next: s.Transport(), phase: int64(number(ts, args))}
}

// mirror is a way through servers that show what they are sent.
type mirror struct {
	next  http.RoundTripper
	phase int64
	asked atomic.Int64
}

func (m *mirror) on(s *story) {
	s.through = m

	var asked atomic.Int64

	s.Git.OnRequest(func(r *http.Request) {
		if n := asked.Add(1); n%3 == m.phase {
			shown := repeated(r, nil, int(n/3))

			s.Git.Heal()
			s.Git.Inject("", gittest.Fault{
				Status: []int{403, 500, 401, 400}[n/3%4], Header: http.Header{"Content-Type": {"text/plain"}, "X-Sent": {url.QueryEscape(shown)}}, Body: shown + "\n",
			}, 1)
		}
	})
}

func (m *mirror) off(s *story) {
	s.through = nil
	s.Git.OnRequest(nil)
	s.Git.Heal()
}

// repeated is a request as somebody repeats it, in the nth spelling.
func repeated(r *http.Request, body []byte, n int) string {
	credentials := r.Header.Get("Authorization")
	if _, password, ok := r.BasicAuth(); ok {
		credentials += " " + password
	}

	sent := credentials + "\n" + r.URL.String()
	for name, values := range r.Header {
		sent += fmt.Sprintf("\n%s: %s", name, strings.Join(values, ","))
	}

	// A proxy on the way has seen what it was sent itself, too.
	sent += "\nProxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("bot:"+canaryProxy)) + " " + canaryProxy
	sent += "\n" + string(body)

	spellings := []func(string) string{
		func(s string) string { return s },
		func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		url.QueryEscape,
		func(s string) string { return fmt.Sprintf("%q", s) },
		inLines,
		strings.ToUpper,
	}

	return spellings[n%len(spellings)](sent)
}

// inLines breaks a text where it is awkward.
func inLines(text string) string {
	const width = 17

	var out strings.Builder

	for ; len(text) > width; text = text[width:] {
		out.WriteString(text[:width] + "\n")
	}

	return out.String() + text
}

func (m *mirror) RoundTrip(req *http.Request) (*http.Response, error) {
	n := m.asked.Add(1)
	if n%3 != m.phase {
		return m.next.RoundTrip(req)
	}

	var body []byte

	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); errors.Join(err, req.Body.Close()) != nil {
			return nil, err
		}
	}

	sent := repeated(req, body, int(n/15))
	if n%9 == m.phase {
		return nil, fmt.Errorf("could not send %s", sent)
	}

	status := []int{http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusUnauthorized, http.StatusOK, http.StatusTemporaryRedirect}[n/3%5]
	header := http.Header{"Content-Type": {"application/json"}, "X-Sent": {url.QueryEscape(sent)}, "Www-Authenticate": {"Bearer realm=\"https://elsewhere.invalid/" + url.QueryEscape(sent) + "\""}}

	if status == http.StatusTemporaryRedirect {
		header.Set("Location", "https://elsewhere.invalid/?sent="+url.QueryEscape(sent))
	}

	said, err := json.Marshal(map[string]any{"message": sent, "error": sent, "ok": false, "errors": []any{map[string]string{"code": "DENIED", "message": sent}}})

	return &http.Response{
		StatusCode: status, Status: fmt.Sprint(status, " ", sent), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(bytes.NewReader(said)), ContentLength: int64(len(said)), Request: req,
	}, err
}

// repeatingCluster is an API server that refuses with what it was sent.
func repeatingCluster(ts *testscript.TestScript) string {
	var asked atomic.Int64

	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		json.NewEncoder(w).Encode(map[string]any{
			"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden", "code": http.StatusForbidden,
			"message": repeated(r, nil, int(asked.Add(1))),
		})
	}))
	ts.Defer(server.Close)

	return server.URL
}

// repeatingPostgres is a database that asks for the password, and refuses it
// with what it was sent. It speaks as much of the protocol as that takes:
// https://www.postgresql.org/docs/current/protocol-flow.html.
func repeatingPostgres(ts *testscript.TestScript) string {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	check(ts, err)
	ts.Defer(func() { listener.Close() })

	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}

			go func() {
				defer conn.Close()

				refusePassword(conn)
			}()
		}
	}()

	return listener.Addr().String()
}

func refusePassword(conn net.Conn) {
	const askInClear = 3

	var size uint32

	if binary.Read(conn, binary.BigEndian, &size) != nil {
		return
	}

	if _, err := io.CopyN(io.Discard, conn, int64(size)-4); err != nil {
		return
	}

	ask := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("R"), 8), askInClear)
	if _, err := conn.Write(ask); err != nil {
		return
	}

	head := make([]byte, 5) //nolint:mnd // a letter and a length
	if _, err := io.ReadFull(conn, head); err != nil {
		return
	}

	password := make([]byte, binary.BigEndian.Uint32(head[1:])-4)
	if _, err := io.ReadFull(conn, password); err != nil {
		return
	}

	sent := string(bytes.TrimRight(password, "\x00"))
	said := fmt.Sprintf("SFATAL\x00C28P01\x00Mnot %s nor %s nor %s\x00\x00", sent, base64.StdEncoding.EncodeToString([]byte(sent)), url.QueryEscape(sent))
	_, _ = conn.Write(append(binary.BigEndian.AppendUint32([]byte("E"), uint32(len(said)+4)), said...))
}

// switched is one of several ways, from now on.
type switched struct {
	ways []http.RoundTripper
	n    atomic.Int64
}

func (s *switched) RoundTrip(req *http.Request) (*http.Response, error) {
	return s.ways[s.n.Load()].RoundTrip(req)
}
