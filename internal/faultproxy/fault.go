package faultproxy

import (
	"bytes"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"time"
)

// Trouble is what happens to a request.
type Trouble int

// The troubles.
const (
	Answer      Trouble = iota // Fault's answer takes the place of the server's
	Reset                      // the connection is reset before the server hears of it
	Lost                       // the server does its work, and the connection is reset
	ResetBody                  // the answer comes half, and then a reset
	Truncated                  // the answer comes half, and then an end in order
	Stalled                    // no answer, ever
	StalledBody                // the answer comes half, and then nothing, ever
	Slow                       // the answer comes in small pieces
	Mistyped                   // the answer comes whole and is called something else
)

// Fault is one trouble.
type Fault struct {
	Trouble Trouble
	// Status, Header and Body are the answer.
	Status int
	Header http.Header
	Body   string
}

// pieces is in how many a slow answer comes, pause apart.
const (
	pieces = 20
	pause  = 50 * time.Millisecond
)

func (f *Fault) do(p *Proxy, w http.ResponseWriter, r *http.Request) {
	switch f.Trouble {
	case Answer:
		maps.Copy(w.Header(), f.Header)
		w.WriteHeader(f.Status)
		_, _ = io.WriteString(w, f.Body)

		return
	case Reset:
		reset(w)
	case Stalled:
		_, _ = io.Copy(io.Discard, r.Body)
		p.hang(r)
	default:
		f.distort(p, w, r)

		return
	}

	panic(http.ErrAbortHandler)
}

// distort lets the server answer and spoils it on its way.
func (f *Fault) distort(p *Proxy, w http.ResponseWriter, r *http.Request) {
	answer := httptest.NewRecorder()
	p.pass(answer, r)

	if f.Trouble == Lost {
		reset(w)
		panic(http.ErrAbortHandler)
	}

	body := answer.Body.Bytes()
	maps.Copy(w.Header(), answer.Header())
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))

	if f.Trouble == Mistyped {
		w.Header().Set("Content-Type", "text/plain")
	}

	w.WriteHeader(answer.Code)

	if f.Trouble == Mistyped || len(body) == 0 {
		_, _ = w.Write(body)

		return
	}

	out := http.NewResponseController(w)

	if f.Trouble == Slow {
		for chunk := range chunks(body) {
			_, _ = w.Write(chunk)
			_ = out.Flush()

			p.wait(r, pause)
		}

		return
	}

	_, _ = w.Write(body[:len(body)/2])
	_ = out.Flush()

	switch f.Trouble {
	case StalledBody:
		p.hang(r)
	case ResetBody:
		reset(w)
	}

	panic(http.ErrAbortHandler)
}

func chunks(body []byte) func(func([]byte) bool) {
	size := max(1, len(body)/pieces)

	return func(yield func([]byte) bool) {
		for part := bytes.NewBuffer(body); part.Len() > 0; {
			if !yield(part.Next(size)) {
				return
			}
		}
	}
}

func (p *Proxy) wait(r *http.Request, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()

	select {
	case <-timer.C:
	case <-r.Context().Done():
	case <-p.stop:
	}
}

// hang waits until the client gives up or the proxy ends.
func (p *Proxy) hang(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-p.stop:
	}
}

// reset ends the connection with a reset.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}

	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}

	_ = conn.Close()
}
