package slacktest

import (
	"net/http"
	"strconv"
	"time"
)

// Fault makes the next requests fail.
type Fault struct {
	// Method it meets: chat.postMessage and so on, webhook; empty: any.
	Method string
	// Times it meets a request. Default: 1.
	Times int
	// Late lets the request have its effect first: only the answer is lost.
	Late bool
	// Drop closes the connection without an answer.
	Drop bool
	// Delay before the answer; it ends when the client goes away.
	Delay time.Duration
	// Status of the answer. Default: 200.
	Status int
	// Header of the answer, Retry-After for instance.
	Header map[string]string
	// Body of the answer.
	Body string
}

// RateLimited is Slack's answer to more than about a message a second.
func RateLimited(method string, seconds int) Fault {
	return Fault{
		Method: method, Status: http.StatusTooManyRequests, Body: `{"ok":false,"error":"ratelimited"}`,
		Header: map[string]string{"Retry-After": strconv.Itoa(seconds)},
	}
}

// Refused is a Web API answer with that word.
func Refused(method, word string) Fault {
	return Fault{Method: method, Status: http.StatusOK, Body: `{"ok":false,"error":` + strconv.Quote(word) + `}`}
}

// Fail queues faults. Each request meets the first one for its method.
func (s *Server) Fail(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		f.Times = max(f.Times, 1)
		s.faults = append(s.faults, &f)
	}
}

// Faults says how many requests are still to fail: a fault that no request meets is a test that tests nothing.
func (s *Server) Faults() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, f := range s.faults {
		n += f.Times
	}
	return n
}

// due takes the fault that a request meets.
func (s *Server) due(method string) *Fault {
	for _, f := range s.faults {
		if f.Times > 0 && (f.Method == "" || f.Method == method) {
			f.Times--
			return f
		}
	}
	return nil
}

func (f *Fault) name() string {
	if f.Drop {
		return "dropped"
	}
	return "fault " + strconv.Itoa(max(f.Status, http.StatusOK))
}

func (f *Fault) write(w http.ResponseWriter, r *http.Request) {
	select {
	case <-time.After(f.Delay):
	case <-r.Context().Done():
		return
	}
	if f.Drop {
		panic(http.ErrAbortHandler) // the only way in which net/http hangs up
	}
	for k, v := range f.Header {
		w.Header().Set(k, v)
	}
	w.WriteHeader(max(f.Status, http.StatusOK))
	_, _ = w.Write([]byte(f.Body))
}

// Mend takes back every fault that no request has met yet.
func (s *Server) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}
