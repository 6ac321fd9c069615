package gh_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/goingdark-social/bot/pkg/gh"
)

const hookSecret = "a secret of webhooks"

// hook is a webhook as GitHub sends it.
func hook(event, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/webhook", bytes.NewBufferString(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Github-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")
	r.Header.Set("X-Github-Event", event)
	r.Header.Set("X-Hub-Signature-256", "sha256="+signed(sha256.New, hookSecret, body))

	return r
}

func signed(h func() hash.Hash, secret, body string) string {
	mac := hmac.New(h, []byte(secret))
	mac.Write([]byte(body))

	return hex.EncodeToString(mac.Sum(nil))
}

func TestHook(t *testing.T) {
	t.Parallel()

	const in = `,"repository":{"full_name":"example/gitops"}`

	for name, c := range map[string]struct{ event, body, repository string }{
		"a comment":                  {"issue_comment", `{"action":"created","comment":{"body":"/bot check"}` + in + `}`, "example/gitops"},
		"an edited comment":          {"issue_comment", `{"action":"edited","comment":{"body":"/bot check"}` + in + `}`, "example/gitops"},
		"a deleted comment":          {"issue_comment", `{"action":"deleted","comment":{"body":"/bot check"}` + in + `}`, ""},
		"a comment of ours":          {"issue_comment", `{"action":"created","comment":{"body":"a\n\n<!-- bot:comment {\"key\":\"k\"} -->"}` + in + `}`, ""},
		"a push":                     {"push", `{"ref":"refs/heads/main"` + in + `}`, "example/gitops"},
		"a push of a tag":            {"push", `{"ref":"refs/tags/v1"` + in + `}`, ""},
		"a push of the state":        {"push", `{"ref":"refs/bot/state"` + in + `}`, ""},
		"a push of ours":             {"push", `{"ref":"refs/heads/bot/mastodon/patch","sender":{"type":"Bot"}` + in + `}`, ""},
		"a person's push to ours":    {"push", `{"ref":"refs/heads/bot/mastodon/patch","sender":{"type":"User"}` + in + `}`, "example/gitops"},
		"a ticked box":               {"issues", `{"action":"edited","sender":{"type":"User"}` + in + `}`, "example/gitops"},
		"an App's edit":              {"issues", `{"action":"edited","sender":{"type":"Bot"}` + in + `}`, ""},
		"a pull request":             {"pull_request", `{"action":"opened","sender":{"type":"User"}` + in + `}`, "example/gitops"},
		"a check that began":         {"check_run", `{"action":"created"` + in + `}`, ""},
		"a check that ended":         {"check_run", `{"action":"completed"` + in + `}`, "example/gitops"},
		"a ping":                     {"ping", `{"zen":"Keep it logically awesome."}`, ""},
		"something of no interest":   {"star", `{"action":"created"` + in + `}`, ""},
		"an event that is made up":   {"nothing_like_it", `{}`, ""},
		"an event without a place":   {"push", `{"ref":"refs/heads/main"}`, ""},
		"of no interest and no JSON": {"star", `}{`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			d, err := gh.Hook(hook(c.event, c.body), []byte(hookSecret))
			if err != nil || d.Repository != c.repository || d.ID == "" {
				t.Errorf("%+v, %v", d, err)
			}
		})
	}
}

func TestHookRefuses(t *testing.T) {
	t.Parallel()

	const body = `{"ref":"refs/heads/main","repository":{"full_name":"example/gitops"}}`

	for name, c := range map[string]struct {
		change func(*http.Request)
		status int
	}{
		"unsigned": {func(r *http.Request) { r.Header.Del("X-Hub-Signature-256") }, 401},
		"forged": {func(r *http.Request) {
			r.Header.Set("X-Hub-Signature-256", "sha256="+signed(sha256.New, "guess", body))
		}, 401},
		"an empty secret's": {func(r *http.Request) { r.Header.Set("X-Hub-Signature-256", "sha256="+signed(sha256.New, "", body)) }, 401},
		"no signature":      {func(r *http.Request) { r.Header.Set("X-Hub-Signature-256", "sha256=") }, 401},
		"not hexadecimal":   {func(r *http.Request) { r.Header.Set("X-Hub-Signature-256", "sha256=zz") }, 401},
		"SHA-1 alone": {func(r *http.Request) {
			r.Header.Del("X-Hub-Signature-256")
			r.Header.Set("X-Hub-Signature", "sha1="+signed(sha1.New, hookSecret, body))
		}, 401},
		"SHA-1 in its place": {func(r *http.Request) { r.Header.Set("X-Hub-Signature-256", "sha1="+signed(sha1.New, hookSecret, body)) }, 401},
		"text":               {func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 415},
		"no content type":    {func(r *http.Request) { r.Header.Del("Content-Type") }, 415},
		"no id":              {func(r *http.Request) { r.Header.Del("X-Github-Delivery") }, 400},
		"an id too long":     {func(r *http.Request) { r.Header.Set("X-Github-Delivery", string(make([]byte, 1000))) }, 400},
		"no event":           {func(r *http.Request) { r.Header.Del("X-Github-Event") }, 400},
		"no JSON":            {func(r *http.Request) { *r = *hook("push", "}{") }, 400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			r := hook("push", body)
			c.change(r)

			_, err := gh.Hook(r, []byte(hookSecret))
			if refused, ok := errors.AsType[*gh.HookError](err); !ok || refused.Status != c.status {
				t.Errorf("%v", err)
			}
		})
	}

	if _, err := gh.Hook(hook("push", body), nil); err == nil {
		t.Error("without a secret everything is refused")
	}
}
