package world

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"sync"
)

// UpdatesHost is where upstream's update check answers.
const UpdatesHost = "api.joinmastodon.org"

// Updates is a stand-in of upstream's update check, with the shape of its
// answers. It knows of no update until it is told of one. It is safe for
// concurrent use.
type Updates struct {
	mu        sync.Mutex
	available []Update
	support   string
	requests  int
	down      bool
}

// Update is a release that it recommends.
type Update struct {
	Version string `json:"version"`
	Urgent  bool   `json:"urgent"`
	Type    string `json:"type"`
	Notes   string `json:"releaseNotes"`
}

// Recommend makes it recommend a release.
func (u *Updates) Recommend(update Update) {
	u.mu.Lock()
	defer u.mu.Unlock()

	u.available = append(u.available, update)
}

// Ends sets the last day of every line's support, 2006-01-02.
func (u *Updates) Ends(day string) {
	u.mu.Lock()
	defer u.mu.Unlock()

	u.support = day
}

// Down makes it answer with errors, or no longer.
func (u *Updates) Down(down bool) {
	u.mu.Lock()
	defer u.mu.Unlock()

	u.down = down
}

// RoundTrip answers in place of a network.
func (u *Updates) RoundTrip(req *http.Request) (*http.Response, error) {
	u.mu.Lock()
	defer u.mu.Unlock()

	u.requests++

	if u.down {
		return u.answer(req, http.StatusServiceUnavailable, map[string]string{"error": "down"})
	}

	if req.Method != http.MethodGet || req.URL.Path != "/update-check" || req.URL.Query().Get("version") == "" {
		return u.answer(req, http.StatusNotFound, map[string]string{"error": "not found"})
	}

	body := map[string]any{"updatesAvailable": append([]Update{}, u.available...)}
	if u.support != "" {
		body["currentVersion"] = map[string]string{"endOfSupport": u.support}
	}

	return u.answer(req, http.StatusOK, body)
}

func (u *Updates) answer(req *http.Request, status int, body any) (*http.Response, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}

	return &http.Response{
		Status: http.StatusText(status), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(data)), ContentLength: int64(len(data)),
	}, nil
}
