package repo_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/internal/pack"
	"github.com/goingdark-social/bot/pkg/repo"
)

// endless lists references for ever.
type endless struct{ asked int }

func (e *endless) RoundTrip(r *http.Request) (*http.Response, error) {
	e.asked++

	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r, ContentLength: -1,
		Header: http.Header{"Content-Type": {"application/x-git-upload-pack-advertisement"}},
		Body: io.NopCloser(io.MultiReader(
			strings.NewReader("001e# service=git-upload-pack\n0000"+pktLine("main\x00ofs-delta")),
			&again{line: pktLine("other")},
		)),
	}, nil
}

func pktLine(branch string) string {
	line := strings.Repeat("1", 40) + " refs/heads/" + branch + "\n"

	return fmt.Sprintf("%04x%s", len(line)+4, line)
}

// again is a line, again and again.
type again struct {
	line string
	at   int
}

func (a *again) Read(p []byte) (int, error) {
	n := copy(p, a.line[a.at:])
	a.at = (a.at + n) % len(a.line)

	return n, nil
}

// TestReferencesWithoutEnd: a server that lists references for ever is refused,
// and not asked again.
func TestReferencesWithoutEnd(t *testing.T) {
	t.Parallel()

	w := newWorld(t, gittest.Files(map[string]string{"a": "b"}))
	server := &endless{}

	r, err := repo.Open(repo.Options{URL: w.there.URL, Transport: server})
	must(t, err)

	_, err = r.Fetch(t.Context(), "main")
	if _, ok := errors.AsType[*pack.ReferencesError](err); !ok || server.asked != 1 {
		t.Errorf("asked %d times: %v", server.asked, err)
	}
}
