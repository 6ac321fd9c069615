package people_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/internal/world"
)

func signed(algorithm func() hash.Hash, key string, body []byte) string {
	mac := hmac.New(algorithm, []byte(key))
	mac.Write(body)

	return hex.EncodeToString(mac.Sum(nil))
}

// ask sends a request as it is, and gives the answer.
func (s *service) ask(t *testing.T, req *http.Request) (status int, text string) {
	t.Helper()

	// One connection each: a server may close it on who sends too much.
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}

	resp, err := client.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()

	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}

	return resp.StatusCode, fmt.Sprint(resp.Header, string(body))
}

// webhooks are forged, repeated, too large or about something else. No pass
// may come of one, and the service answers the next.
func webhooks(t *testing.T, judge judging) {
	s := newService(t, serving)
	body := []byte(`{"ref":"refs/heads/main","repository":{"full_name":"` + world.Repository + `"},"sender":{"login":"ada","type":"User"}}`)
	other := []byte(`{"ref":"refs/heads/main","repository":{"full_name":"other/repository"},"sender":{"login":"ada","type":"User"}}`)
	large := append(bytes.TrimSuffix(body, []byte("}")), []byte(`,"x":"`+strings.Repeat("x", 25<<20)+`"}`)...)

	type hook struct {
		name, method, media, event, id, signature string
		body                                      []byte
		status                                    []int
	}

	good := func(b []byte) string { return "sha256=" + signed(sha256.New, hookKey, b) }
	post, json := http.MethodPost, "application/json"

	for n, h := range []hook{
		{"unsigned", post, json, "push", "", "", body, []int{401}},
		{"signed with nothing", post, json, "push", "", "sha256=", body, []int{401}},
		{"signed with another key", post, json, "push", "", "sha256=" + signed(sha256.New, "another", body), body, []int{401}},
		{"signed for another body", post, json, "push", "", good(other), body, []int{401}},
		{"half a signature", post, json, "push", "", good(body)[:20], body, []int{401}},
		{"by SHA-1", post, json, "push", "", "sha1=" + signed(sha1.New, hookKey, body), body, []int{401}},
		{"by no algorithm", post, json, "push", "", "none=" + signed(sha256.New, hookKey, body), body, []int{401}},
		{"for another repository", post, json, "push", "", good(other), other, []int{202}},
		{"of 25 MB", post, json, "push", "", good(large), large, []int{413, 0}},
		{"as text", post, "text/plain", "push", "", good(body), body, []int{415}},
		{"as XML", post, "application/xml", "push", "", good(body), body, []int{415}},
		{"of no type", post, "", "push", "", good(body), body, []int{415}},
		{"of no event", post, json, "", "", good(body), body, []int{400}},
		{"of a forged event", post, json, "push\"><script>", "", good(body), body, []int{400}},
		{"with an id of paths", post, json, "push", "../../etc/passwd", good(body), body, []int{400}},
		{"broken", post, json, "push", "", good([]byte("{")), []byte("{"), []int{400}},
		{"a list", post, json, "push", "", good([]byte("[]")), []byte("[]"), []int{400}},
		{"of an event that is none of ours", post, json, "star", "", good(body), body, []int{202}},
		{"looked at", http.MethodGet, json, "push", "", good(body), nil, []int{401, 405, 421}},
		{"put", http.MethodPut, json, "push", "", good(body), body, []int{401, 405, 421}},
		{"deleted", http.MethodDelete, json, "push", "", good(body), body, []int{401, 405, 421}},
	} {
		if h.id == "" {
			h.id = fmt.Sprintf("00000000-0000-0000-0000-%012d", n)
		}

		status, text := s.hook(t, h.method, h.media, h.event, h.id, h.signature, h.body)
		wrong := ""

		if !slices.Contains(h.status, status) || strings.Contains(text, hookKey) || strings.Contains(text, "<script>") {
			wrong = fmt.Sprintf("%d, want %v: %.300s", status, h.status, text)
		}

		if strings.Count(s.log.String(), `msg="pass started"`) != 1 {
			wrong += " a pass came of it"
		}

		judge(t, "a webhook "+h.name, wrong)
	}

	// A right one is taken once.
	for _, want := range []int{http.StatusAccepted, http.StatusConflict, http.StatusConflict} {
		status, text := s.hook(t, post, json, "push", "11111111-0000", good(body), body)
		judge(t, "a webhook again", map[bool]string{false: fmt.Sprint(status, text)}[status == want])
	}

	s.log.until(t, " result=", 2)
	judge(t, "webhooks in all", map[bool]string{false: "more passes than webhooks"}[strings.Count(s.log.String(), `msg="pass started"`) == 2])
}

func (s *service) hook(t *testing.T, method, media, event, id, signature string, body []byte) (int, string) {
	t.Helper()

	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+s.address+"/webhook", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}

	for name, value := range map[string]string{
		"Content-Type": media, "X-Github-Event": event, "X-Github-Delivery": id, "X-Hub-Signature-256": signature, "X-Hub-Signature": signature,
	} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}

	return s.ask(t, req)
}

// pages are asked for by who may not look.
func pages(t *testing.T, judge judging) {
	s := newService(t, serving)

	right := map[string]string{"Authorization": "Bearer " + pagesKey}
	if status, text := s.page(t, http.MethodGet, "/", right); status != http.StatusOK || !strings.Contains(text, world.Repository) {
		t.Fatal(status, text)
	}

	with := func(name, value string) map[string]string {
		return map[string]string{"Authorization": right["Authorization"], name: value}
	}

	type look struct {
		name, method, path string
		header             map[string]string
	}

	looks := []look{
		{"without a token", http.MethodGet, "/", nil},
		{"with a wrong token", http.MethodGet, "/", map[string]string{"Authorization": "Bearer " + pagesKey + "x"}},
		{"with half a token", http.MethodGet, "/", map[string]string{"Authorization": "Bearer " + pagesKey[:8]}},
		{"with an empty token", http.MethodGet, "/", map[string]string{"Authorization": "Bearer "}},
		{"with the token of webhooks", http.MethodGet, "/", map[string]string{"Authorization": "Bearer " + hookKey}},
		{"with another scheme", http.MethodGet, "/", map[string]string{"Authorization": "Negotiate " + pagesKey}},
		{"with the token in the address", http.MethodGet, "/?token=who+may+look+0815&access_token=who+may+look+0815", nil},
		{"with a cookie", http.MethodGet, "/", map[string]string{"Cookie": "token=" + pagesKey}},
		{"under another name", http.MethodGet, "/", with("Host", otherHost)},
		{"under another name with a port", http.MethodGet, "/", with("Host", otherHost+":8080")},
		{"under a name that begins as ours", http.MethodGet, "/", with("Host", "localhost."+otherHost)},
		{"under ours as somebody's", http.MethodGet, "/", with("Host", otherHost+"#localhost")},
		{"from another origin", http.MethodGet, "/", with("Origin", "https://"+otherHost)},
		{"from no origin", http.MethodGet, "/", with("Origin", "null")},
		{"by a script of another site", http.MethodGet, "/", with("Sec-Fetch-Site", "cross-site")},
		{"by a script of a sibling", http.MethodGet, "/", with("Sec-Fetch-Site", "same-site")},
	}

	for _, header := range []string{"X-Forwarded-User", "X-Remote-User", "X-Auth-Request-User", "X-Forwarded-For", "X-Real-Ip", "Forwarded", "X-Original-Url", "X-Forwarded-Host"} {
		looks = append(looks, look{"as a proxy's " + header, http.MethodGet, "/", map[string]string{header: "127.0.0.1"}})
	}

	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions, "TRACE", "PROPFIND"} {
		looks = append(looks, look{"with " + method, method, "/", right})
	}

	for _, path := range []string{
		"/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../../etc/passwd", "/assets/..%2f..%2fetc%2fpasswd", "/..\\..\\etc\\passwd",
		"/applications/../../operator.yaml", "/applications/other/repository/x", "/applications/%00", "/.git/config", "/debug/pprof/", "/nowhere",
	} {
		looks = append(looks, look{"at " + path, http.MethodGet, path, right})
	}

	for _, l := range looks {
		status, text := s.page(t, l.method, l.path, l.header)
		wrong := ""

		if status == http.StatusOK || status == 0 || strings.Contains(text, world.Repository) || strings.Contains(text, "root:") ||
			strings.Contains(text, pagesKey) || strings.Contains(strings.ToLower(text), "access-control-allow") || strings.Contains(text, "Location:[http") {
			wrong = fmt.Sprintf("%d %.400s", status, text)
		}

		judge(t, "a page "+l.name, wrong)
	}

	if status, _ := s.page(t, http.MethodGet, "/", right); status != http.StatusOK {
		t.Error("who may look may not any more")
	}
}

func (s *service) page(t *testing.T, method, path string, header map[string]string) (int, string) {
	t.Helper()

	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+s.address+"/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}

	// As it is written, whatever a client would make of it.
	req.URL.Opaque = path

	for name, value := range header {
		if name == "Host" {
			req.Host = value

			continue
		}

		req.Header.Set(name, value)
	}

	return s.ask(t, req)
}
