//go:build real

package gh_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// speak sends one request as go-github would not.
func speak(t *testing.T, transport http.RoundTripper, method, path, body string) []byte {
	t.Helper()

	req, err := http.NewRequestWithContext(t.Context(), method, "https://api.github.com"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}

	if body == "" {
		req.Body = http.NoBody
	} else {
		req.Header.Set("Content-Type", "application/json")
	}

	req.Header.Set("Authorization", "Bearer "+secret)

	resp, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()

	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}

	return data
}

func (s *stand) lastComment(t *testing.T, transport http.RoundTripper) string {
	t.Helper()

	var comments []struct {
		ID int64 `json:"id"`
	}

	if err := json.Unmarshal(speak(t, transport, "GET", "/repos/example/infra/issues/1/comments", ""), &comments); err != nil {
		t.Fatal(err)
	}

	return strconv.FormatInt(comments[len(comments)-1].ID, 10)
}
