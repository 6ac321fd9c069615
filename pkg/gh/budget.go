package gh

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Budget is what GitHub last said of this identity's rate limit:
// https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
type Budget struct {
	// Limit is how many requests an hour there are; 0: GitHub has not said.
	Limit int
	// Remaining is how many of them are left until Reset. A secondary limit that
	// asks to wait counts as none until then.
	Remaining int
	Reset     time.Time
}

// Budget is the one that the last answer told of. It costs no request.
func (c *Client) Budget() Budget { return c.meter.read() }

// meter reads the rate limit off the answers that go by.
type meter struct {
	next http.RoundTripper

	mu     sync.Mutex
	budget Budget
}

// RoundTrip passes req on.
func (m *meter) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := m.next.RoundTrip(req)
	if err == nil {
		m.note(resp, time.Now())
	}

	return resp, err
}

func (m *meter) note(resp *http.Response, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()

	refused := resp.StatusCode == http.StatusForbidden || resp.StatusCode == http.StatusTooManyRequests
	if wait := seconds(resp.Header.Get("Retry-After")); refused && wait > 0 {
		m.budget = Budget{Limit: max(m.budget.Limit, 1), Reset: now.Add(wait)}

		return
	}

	// GraphQL and the search have limits of their own.
	if resource := resp.Header.Get("X-Ratelimit-Resource"); resource != "" && resource != "core" {
		return
	}

	limit, err1 := strconv.Atoi(resp.Header.Get("X-Ratelimit-Limit"))
	remaining, err2 := strconv.Atoi(resp.Header.Get("X-Ratelimit-Remaining"))
	reset, err3 := strconv.ParseInt(resp.Header.Get("X-Ratelimit-Reset"), 10, 64)

	if err1 == nil && err2 == nil && err3 == nil {
		m.budget = Budget{Limit: limit, Remaining: remaining, Reset: time.Unix(reset, 0)}
	}
}

func (m *meter) read() Budget {
	m.mu.Lock()
	defer m.mu.Unlock()

	return m.budget
}
