package registrytest

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Trouble is a way in which a registry misbehaves.
type Trouble int

// The troubles. Those of tag lists have no effect on other routes.
const (
	Status          Trouble = iota // answer Fault.Status (default 500), with Retry-After when set
	Slow                           // answer after Fault.Delay, or never when the client gives up first
	Truncated                      // promise the whole body, send half, cut the connection
	Reset                          // cut the connection without an answer
	HTML                           // 200 with a page for people
	Huge                           // 200 with a body without end
	ForeignRedirect                // redirect to a host that is not this registry
	ForeignLink                    // tags: the next page is on another host
	LoopingPages                   // tags: the next page is the first one
	EndlessPages                   // tags: there is always a next page, and at the end it starts over
)

// Fault makes requests fail on purpose.
type Fault struct {
	// On limits the fault to one route. Default: any.
	On Route
	// Repository limits the fault to one repository. Default: any.
	Repository string
	Trouble    Trouble
	Status     int
	// RetryAfter is sent when positive, in whole seconds; RetryAfterText as it is, for dates and nonsense.
	RetryAfter     time.Duration
	RetryAfterText string
	Delay          time.Duration
	// Times is how often it happens. Default: until mended.
	Times int

	left int
}

// Break switches a fault on; mend switches it off. The oldest fault that fits a request decides it.
func (s *Server) Break(f Fault) (mend func()) {
	f.left = f.Times
	fault := &f

	s.mu.Lock()
	defer s.mu.Unlock()

	s.faults = append(s.faults, fault)

	return func() { s.remove(fault) }
}

func (s *Server) remove(fault *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()

	for i, f := range s.faults {
		if f == fault {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)

			return
		}
	}
}

// fault finds what happens to this request and counts it.
func (s *Server) fault(c call) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()

	for _, f := range s.faults {
		if f.On != Any && f.On != c.route || f.Repository != "" && f.Repository != c.repo || f.Times > 0 && f.left == 0 {
			continue
		}

		f.left--

		return f
	}

	return nil
}

func (f *Fault) is(t Trouble) bool { return f != nil && f.Trouble == t }

// before does what a fault does instead of an answer and tells whether that was all.
func (f *Fault) before(w http.ResponseWriter, r *http.Request) (done bool) {
	switch f.Trouble {
	case Status:
		f.answerStatus(w)
	case Slow:
		return !wait(r, f.Delay)
	case Reset:
		panic(http.ErrAbortHandler)
	case HTML:
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, "<!DOCTYPE html><title>Sign in to the network</title>")
	case Huge:
		pour(w, r)
	case ForeignRedirect:
		http.Redirect(w, r, "https://registry.example"+r.URL.Path, http.StatusTemporaryRedirect)
	default:
		return false
	}

	return true
}

func (f *Fault) answerStatus(w http.ResponseWriter) {
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter/time.Second)))
	}

	if f.RetryAfterText != "" {
		w.Header().Set("Retry-After", f.RetryAfterText)
	}

	status, code := f.Status, "UNKNOWN"
	if status == 0 {
		status = http.StatusInternalServerError
	}

	if status == http.StatusTooManyRequests {
		code = "TOOMANYREQUESTS"
	}

	refuse(w, status, code, "made to fail")
}

func wait(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()

	select {
	case <-timer.C:
		return true
	case <-r.Context().Done(): // Close ends it too
		return false
	}
}

func pour(w http.ResponseWriter, r *http.Request) {
	block := make([]byte, 1<<16)
	for i := range block {
		block[i] = ' '
	}

	for r.Context().Err() == nil {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

// around changes what the answer does on its way out.
func (f *Fault) around(w http.ResponseWriter) http.ResponseWriter {
	if f.is(Truncated) {
		return &truncated{ResponseWriter: w}
	}

	return w
}

// truncated sends half of a body and cuts the connection.
type truncated struct{ http.ResponseWriter }

func (t *truncated) Write(p []byte) (int, error) {
	_, _ = t.ResponseWriter.Write(p[:len(p)/2])
	_ = http.NewResponseController(t.ResponseWriter).Flush() // whatever fails here, the next line ends it

	panic(http.ErrAbortHandler)
}
