package gittest

import (
	"io"
	"maps"
	"net"
	"net/http"
	"strings"
)

// Fault is one way in which a request goes wrong. The first field that is set
// decides.
type Fault struct {
	// Refuse breaks the connection before anything is done.
	Refuse bool
	// Stall answers nothing until the client gives up or the server closes.
	Stall bool
	// Status is answered, with Header and Body, and nothing is done.
	Status int
	Header http.Header
	Body   string
	// Lose does the work and breaks the connection instead of answering:
	// what a client cannot tell from Refuse.
	Lose bool
	// Cut breaks the connection after so many bytes of the answer's body.
	Cut int64
}

type injected struct {
	part  string
	fault Fault
	left  int
}

// Inject makes the next times requests whose "METHOD path?query" contains part
// fail; times below 1 means all of them from now on. Faults injected earlier
// come first.
func (s *Server) Inject(part string, f Fault, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.faults = append(s.faults, &injected{part: part, fault: f, left: times})
}

// Heal takes back every fault.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.faults = nil
}

// OnRequest calls f at the start of every request, before faults and tokens:
// the place where a person pushes between a client's question and its push.
// nil takes it back.
func (s *Server) OnRequest(f func(*http.Request)) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.hook = f
}

func (s *Server) currentHook() func(*http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.hook
}

func (s *Server) fault(r *http.Request) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()

	for i, f := range s.faults {
		if !strings.Contains(r.Method+" "+r.URL.RequestURI(), f.part) {
			continue
		}

		if f.left == 1 {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
		} else if f.left > 1 {
			f.left--
		}

		return f.fault, true
	}

	return Fault{}, false
}

// fail does what the fault says; it returns false when the request goes on,
// with an answer that will be cut or lost.
func (s *Server) fail(w *answer, r *http.Request, f Fault) bool {
	switch {
	case f.Refuse:
		w.status = 0
		reset(w)
		panic(http.ErrAbortHandler)
	case f.Stall:
		w.status = 0

		_, _ = io.Copy(io.Discard, r.Body) // the server notices a client that leaves only after it read all

		select {
		case <-r.Context().Done():
		case <-s.stop:
		}

		panic(http.ErrAbortHandler)
	case f.Status != 0:
		maps.Copy(w.Header(), f.Header)
		w.WriteHeader(f.Status)
		_, _ = io.WriteString(w, f.Body)

		return true
	case f.Lose:
		w.lose = true
	default:
		w.cut = f.Cut
	}

	return false
}

// reset makes the connection end with a reset instead of a polite close.
func reset(w *answer) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}

	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}

	_ = conn.Close()
}
