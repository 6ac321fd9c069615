package githubtest

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// Fault is something that goes wrong instead of an answer.
type Fault struct {
	// Method and Path say where: see Count. Both empty: everywhere.
	Method, Path string
	// Times is how often. Default: once.
	Times int
	// After does what was asked before it fails: the answer alone is lost.
	After bool

	// Status is what is answered; 0 breaks the connection.
	Status int
	// Header is added to the answer, as Retry-After or Location.
	Header map[string]string
	// Body and Type are what is answered. Default: GitHub's error shape, JSON.
	Body, Type string
	// Cut breaks the connection in the middle of the answer, of the true one
	// if After is set and Status is 0.
	Cut bool
}

// SecondaryLimit is GitHub's answer to one who asks too much at once.
func SecondaryLimit(retryAfter int) Fault {
	f := Fault{
		Status: http.StatusForbidden, Header: map[string]string{},
		Body: `{"documentation_url":"https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",` +
			`"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}`,
	}
	if retryAfter > 0 {
		f.Header["Retry-After"] = strconv.Itoa(retryAfter)
	}

	return f
}

// Inject makes a fault happen to the next requests that it is meant for.
func (s *Server) Inject(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()

	f.Times = cmp.Or(f.Times, 1)
	s.faults = append(s.faults, &f)
}

// Mend takes back every fault that no request has met yet.
func (s *Server) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.faults = nil
}

// fault is the first that is meant for c, used up by one.
func (s *Server) fault(c *call) *Fault {
	for i, f := range s.faults {
		if f.Method != "" && f.Method != c.r.Method || !matches(f.Path, c.path) {
			continue
		}

		if f.Times--; f.Times == 0 {
			s.faults = slices.Delete(s.faults, i, i+1)
		}

		return f
	}

	return nil
}

func (f *Fault) serve(w http.ResponseWriter, truth *answer) {
	a := truth

	if f.Status != 0 {
		a = &answer{status: f.Status, header: http.Header{}, data: []byte(cmp.Or(f.Body, `{"message":"Server Error"}`))}
		a.header.Set("Content-Type", cmp.Or(f.Type, "application/json; charset=utf-8"))
	}

	for name, value := range f.Header {
		a.header.Set(name, value)
	}

	switch {
	case f.Cut && a.status != 0:
		maps.Copy(w.Header(), a.header)
		w.Header().Set("Content-Length", strconv.Itoa(len(a.data)))
		w.WriteHeader(a.status)
		_, _ = w.Write(a.data[:len(a.data)/2]) // the rest is meant to be lost
		_ = http.NewResponseController(w).Flush()

		panic(http.ErrAbortHandler)
	case f.Status == 0:
		panic(http.ErrAbortHandler)
	}

	a.write(w)
}
