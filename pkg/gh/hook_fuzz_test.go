package gh_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/pkg/gh"
)

// FuzzHook sends whatever there is as a webhook, signed and not. Only what is
// signed comes to anything; what is refused repeats nothing that was sent.
func FuzzHook(f *testing.F) {
	const in = `"repository":{"full_name":"example/gitops"}`

	for _, seed := range []struct {
		event, media, signature string
		body                    []byte
	}{
		{"push", "application/json", "", []byte(`{"ref":"refs/heads/main",` + in + `}`)},
		{"push", "application/x-www-form-urlencoded", "", []byte("payload=" + url.QueryEscape(`{"ref":"refs/heads/main",`+in+`}`))},
		{"issue_comment", "application/json; charset=utf-8", "", []byte(`{"action":"created","comment":{"body":"<!-- bot:comment {\"key\":\"k\"} -->"},` + in + `}`)},
		{"check_run", "application/json", "", []byte(`{"action":"completed","sender":{"type":"Bot"},` + in + `}`)},
		{"status", "application/json", "sha256=" + strings.Repeat("0", 64), []byte(`{` + in + `}`)},
		{"ping", "text/plain", "sha1=0", []byte(`{"zen":"Keep it logically awesome."}`)},
		{"push", "application/json", "", []byte("{\"repository\":{\"full_name\":\"\u202e\\u0000../..\"},\"ref\":\"refs/heads/\"}")},
		{"push", "application/json", "", bytes.Repeat([]byte(`[`), 20_000)},
	} {
		f.Add(seed.event, seed.media, seed.signature, seed.body)
	}

	f.Fuzz(func(t *testing.T, event, media, signature string, body []byte) {
		request := func(signature string) *http.Request {
			r := httptest.NewRequest(http.MethodPost, "/webhook", bytes.NewReader(body))
			r.Header = http.Header{
				"Content-Type": {media}, "X-Github-Delivery": {"72d3162e-cc78-11e3"}, "X-Github-Event": {event}, "X-Hub-Signature-256": {signature},
			}

			return r
		}

		right := "sha256=" + signed(sha256.New, hookSecret, string(body))
		if signature == "" {
			signature = right
		}

		d, err := gh.Hook(request(signature), []byte(hookSecret))

		if refused, ok := errors.AsType[*gh.HookError](err); err != nil && (!ok || refused.Status < 400 || refused.Status > 499) {
			t.Errorf("refused with %v, which is no answer to who sent it", err)
		} else if ok && !slices.Contains(refusals, refused.Message) {
			t.Errorf("what is refused is told as %q", refused.Message)
		}

		if (err != nil || signature != right && !strings.EqualFold(signature, right)) && d.Repository != "" {
			t.Errorf("%v; and yet there is something to do in %q", err, d.Repository)
		}

		if again, _ := gh.Hook(request(signature), []byte(hookSecret)); again != d {
			t.Errorf("read as %+v and then as %+v", d, again)
		}
	})
}

// refusals is all that is said of a webhook to whoever sent it.
var refusals = []string{
	"it must be application/json", "it is not signed", "it has no id or no event", "its signature is wrong, or it was cut", "it cannot be read",
}
