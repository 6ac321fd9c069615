package repo_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/internal/gittest"
)

// TestServersThatRepeatWhatTheyAreSent: a proxy on the way or a hook on the
// server may show the token; an error may not.
func TestServersThatRepeatWhatTheyAreSent(t *testing.T) {
	t.Parallel()

	shown := writeToken + " " + base64.StdEncoding.EncodeToString([]byte("x-access-token:"+writeToken))

	for name, fault := range map[string]gittest.Fault{
		"refused":    {Status: http.StatusForbidden, Header: http.Header{"Content-Type": {"text/plain"}}, Body: shown},
		"cut short":  {Status: http.StatusBadRequest, Header: http.Header{"Content-Type": {"text/plain"}}, Body: strings.Repeat("x", 190) + shown},
		"wrong type": {Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/" + writeToken}}, Body: shown},
		"pkt-line":   {Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/x-git-upload-pack-advertisement"}}, Body: fmt.Sprintf("%04xERR %s", len(shown)+8, shown)},
	} {
		w := newGitWorld(t, seed())
		w.server.Inject("", fault, 0)

		_, err := w.open(t, withToken(writeToken)).Heads(t.Context())
		if err == nil {
			t.Fatalf("%s: no error", name)
		}

		noCanary(t, err)

		for _, part := range []string{writeToken[:14], base64.StdEncoding.EncodeToString([]byte("x-access-token:"))[:12]} {
			if strings.Contains(err.Error(), part) {
				t.Errorf("%s: a part of a secret shows: %v", name, err)
			}
		}
	}

	w := newGitWorld(t, seed())
	must(t, w.there.Hook("update", "#!/bin/sh\necho '"+shown+"' >&2; exit 1\n"))

	r := w.open(t, withToken(writeToken))
	err := r.Push(t.Context(), bump(t, r, fetch(t, r, "main"), "v4.4.4"), "bot/x", "")

	if err == nil {
		t.Fatal("the push was taken")
	}

	noCanary(t, err)
}
