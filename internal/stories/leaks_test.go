package stories_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/goingdark-social/bot/internal/faults"
	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/internal/world"
)

// TestNothingLeaks plays the stories with every step logged, once in peace and
// once among servers that fail and show in what they answer all that was sent
// to them. Then it searches whatever can be read afterwards for the tokens.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()

	stories := []string{"opens-once", "init-opens-once"}
	if faults.Full {
		stories = everyStory(t)
	}

	var scripts []plot

	for _, p := range plots(t, stories) {
		scripts = append(scripts, p)

		for phase := range 3 {
			hostile := p
			hostile.name = fmt.Sprintf("%s--%d", p.name, phase)
			hostile.script = fmt.Sprintf("mirrors %d\n%s", phase, p.script)
			scripts = append(scripts, hostile)
		}
	}

	count := faults.Begin("no token in any log, error, page, commit, body, message or state document")

	words := commands()
	words["bot"] = runLoud
	words["mirrors"] = mirrors
	words["ending"] = func(ts *testscript.TestScript, _ bool, _ []string) {
		leaks := leaksOf(ts)
		for _, leak := range leaks {
			t.Errorf("%s: %s", ts.Name(), leak)
		}

		count.Case(len(leaks) > 0)
	}

	play(t, scripts, words)

	if n := count.Row().Cases; n != len(scripts) {
		t.Errorf("%d of %d stories came to an end", n, len(scripts))
	}

	if err := count.End(); err != nil {
		t.Error(err)
	}
}

// runLoud runs the program with every step logged and keeps what it prints.
func runLoud(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	args = append(slices.Clone(args), "-v")
	stdout, stderr := io.MultiWriter(&s.printed, ts.Stdout()), io.MultiWriter(&s.printed, ts.Stderr())

	if s.mirror != nil {
		s.mirror.on(s)
		attempt(ts, args, stdout, stderr)
		s.mirror.off(s)
	}

	attempt(ts, args, stdout, stderr)
}

// tokens are the secrets of a world, in each spelling in which they travel.
func tokens(s *story) []string {
	var out []string

	for _, secret := range []string{world.Token, s.Slack.Token(), "github_pat_unknown", "github_pat_read_only"} {
		out = append(out, secret, url.QueryEscape(secret), strings.ToUpper(secret),
			base64.StdEncoding.EncodeToString([]byte("x-access-token:"+secret)))
	}

	return out
}

// leaksOf searches all that can be read.
func leaksOf(ts *testscript.TestScript) []string {
	s := of(ts)
	things := map[string]string{"what the program printed": s.printed.String()}

	for _, p := range s.GitHub.In(s.repository).Pulls() {
		things[fmt.Sprintf("pull request %d", p.Number)] = fmt.Sprintf("%+v", p)
	}

	for _, m := range s.Slack.Messages() {
		blocks, err := json.Marshal(m.Blocks)
		check(ts, err)

		things["the message "+m.TS] = m.Text + string(blocks)
	}

	// Every object of the repository, referred to or not: commits, trees, state.
	objects, err := gittest.Git(context.Background(), s.Repo.Dir, nil, "cat-file", "--batch-all-objects", "--batch", "--buffer", "--unordered")
	check(ts, err)

	things["the repository"] = objects

	var leaks []string

	for name, text := range things {
		for _, secret := range tokens(s) {
			if at := strings.Index(text, secret); at >= 0 {
				leaks = append(leaks, fmt.Sprintf("%s has %s: …%q…", name, secret, text[max(0, at-120):min(len(text), at+len(secret)+40)]))
			}
		}
	}

	slices.Sort(leaks)

	return leaks
}

// mirrors lets every run begin with one in which every third request fails with
// an answer that shows what was sent. Which ones is the phase.
func mirrors(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	s.mirror = &mirror{next: s.Transport(), phase: int64(number(ts, args))}
}

func (m *mirror) on(s *story) {
	s.through = m

	var asked atomic.Int64

	shown := "you sent x-access-token:" + world.Token + " as " + base64.StdEncoding.EncodeToString([]byte("x-access-token:"+world.Token))

	s.Git.OnRequest(func(*http.Request) {
		if n := asked.Add(1); n%3 == m.phase {
			s.Git.Heal()
			s.Git.Inject("", gittest.Fault{
				Status: []int{403, 500, 401, 400}[n/3%4], Header: http.Header{"Content-Type": {"text/plain"}, "X-Sent": {shown}}, Body: shown + "\n",
			}, 1)
		}
	})
}

func (m *mirror) off(s *story) {
	s.through = nil
	s.Git.OnRequest(nil)
	s.Git.Heal()
}

// mirror is a way through servers that show what they are sent.
type mirror struct {
	next  http.RoundTripper
	phase int64
	asked atomic.Int64
}

func (m *mirror) RoundTrip(req *http.Request) (*http.Response, error) {
	n := m.asked.Add(1)
	if n%3 != m.phase {
		return m.next.RoundTrip(req)
	}

	sent := req.URL.String()
	for name, values := range req.Header {
		sent += fmt.Sprintf("\n%s: %s", name, strings.Join(values, ","))
	}

	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		sent += "\n" + string(body)

		if err := errors.Join(err, req.Body.Close()); err != nil {
			return nil, err
		}
	}

	status := []int{http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusUnauthorized, http.StatusOK, http.StatusTemporaryRedirect}[n/3%5]
	header := http.Header{"Content-Type": {"application/json"}, "X-Sent": {url.QueryEscape(sent)}, "Www-Authenticate": {"Bearer realm=\"https://elsewhere.invalid/" + url.QueryEscape(sent) + "\""}}

	if status == http.StatusTemporaryRedirect {
		header.Set("Location", "https://elsewhere.invalid/?sent="+url.QueryEscape(sent))
	}

	said, err := json.Marshal(map[string]any{"message": sent, "error": sent, "ok": false, "errors": []any{map[string]string{"code": "DENIED", "message": sent}}})

	return &http.Response{
		StatusCode: status, Status: fmt.Sprint(status, " ", sent), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(bytes.NewReader(said)), ContentLength: int64(len(said)), Request: req,
	}, err
}
