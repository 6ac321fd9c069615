package stories_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/goingdark-social/bot/internal/cli"
	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/internal/world"
)

// TestTalk tells what happens when people talk to the program: once where it
// looks for itself, and once where webhooks tell it. Both come to the same.
func TestTalk(t *testing.T) {
	t.Parallel()

	talkAll(t, setupFast, "polling", "webhook")
}

func talkAll(t *testing.T, setup func(*testscript.Env) error, ways ...string) {
	t.Helper()

	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()

			testscript.Run(t, testscript.Params{
				Dir:                 filepath.Join("testdata", "talk"),
				Cmds:                talkWords(),
				Setup:               func(env *testscript.Env) error { return setupTalk(env, setup, way) },
				RequireExplicitExec: true,
				RequireUniqueNames:  true,
				UpdateScripts:       os.Getenv("UPDATE_STORIES") != "" && way == "polling",
			})
		})
	}
}

// talkWords are the words of these stories beside the others.
func talkWords() map[string]command {
	words := maps.Clone(commands())
	maps.Copy(words, map[string]command{
		"pass":      passNow,   // the program looks, or is told
		"comment":   comment,   // comment N LOGIN TEXT: \n is a new line
		"recomment": recomment, // recomment N LOGIN TEXT: edits the last one
		"uncomment": uncomment, // uncomment N LOGIN: deletes the last one
		"talk":      talkOn,    // talk N: comments and their reactions
		"issues":    issues,    // the issues
		"issue":     issueBody, // issue N: the text
		"tick":      tick,      // tick N TEXT: ticks the box of that line
		"rewrite":   rewrite,   // rewrite N SOURCE: a person replaces the text of an issue
		"opened-by": openedBy,  // opened-by LOGIN TITLE: somebody opens an issue
		"lock":      lockIssue, // lock N
		"transfer":  transfer,  // transfer N REPOSITORY
		"propose":   propose,   // propose LOGIN HEAD [BASE]: a person opens a pull request; owner:branch is a fork's
		"change":    change,    // change BRANCH FILE SOURCE: a person begins a branch with a commit
		"verdicts":  verdicts,  // verdicts BRANCH: checks and statuses of its head
		"as-app":    asApp,     // the program works as a GitHub App from now on
		"writes":    writes,    // how often GitHub was asked to change something since the last time
	})

	return words
}

// talks is what these stories have beside the others.
type talks struct {
	way     string
	service *service // nil: not begun
	knocks  []knock
}

type knock struct {
	event   string
	payload map[string]any
}

type talksKey struct{}

func talking(ts *testscript.TestScript) *talks {
	t, _ := ts.Value(talksKey{}).(*talks)

	return t
}

const hookSecret = "the webhooks' own"

func setupTalk(env *testscript.Env, setup func(*testscript.Env) error, way string) error {
	if err := setup(env); err != nil {
		return err
	}

	t := &talks{way: way}
	env.Values[talksKey{}] = t
	env.Defer(func() {
		if t.service != nil {
			t.service.stop()
		}
	})

	return listens(env.WorkDir)
}

// listens lets the operator's file in a folder say that people are listened to.
func listens(dir string) error {
	file := filepath.Join(dir, "operator.yaml")

	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}

	text := strings.Replace(string(data), "talk: {comments: false, dashboard: false, review: false}",
		"schedule: \"0 0 1 1 *\"\nserver: {listen: \"127.0.0.1:0\", webhookSecretFrom: {env: HOOK_SECRET}}", 1)

	return os.WriteFile(file, []byte(text), 0o600)
}

// passNow lets the program see what happened: by a pass, or by the webhooks
// of all that happened, each sent twice.
func passNow(ts *testscript.TestScript, neg bool, _ []string) {
	t := talking(ts)

	if t.way == "polling" {
		runBot(ts, neg, []string{"run"})
		runBot(ts, neg, []string{"run"}) // twice is once

		return
	}

	if t.service == nil {
		t.service = serve(ts)
		t.service.passed(ts)
	}

	knocks := append(t.knocks, knock{"push", map[string]any{"ref": "refs/heads/main"}})
	t.knocks = nil

	for _, k := range knocks {
		t.service.delivered++
		id := fmt.Sprintf("%s-%d", ts.Name(), t.service.delivered)

		if status := t.service.deliver(ts, k, id); status != http.StatusAccepted {
			ts.Fatalf("a webhook was answered %d", status)
		}

		t.service.passed(ts)

		if status := t.service.deliver(ts, k, id); status != http.StatusConflict {
			ts.Fatalf("the same webhook was answered %d", status)
		}
	}
}

// service is a running bot serve.
type service struct {
	stop      func()
	lines     chan string
	address   string
	secret    string // of webhooks
	delivered int    // how many webhooks
}

// serve starts it in the story's world and time.
func serve(ts *testscript.TestScript) *service {
	return serveTo(ts, io.Discard, hookSecret)
}

// serveTo starts it with a secret of webhooks, and copies its log.
func serveTo(ts *testscript.TestScript, log io.Writer, secret string, args ...string) *service {
	s, env := of(ts), of(ts).environment()
	env["HOOK_SECRET"] = secret

	if own := ts.Getenv("STORY_TOKEN"); own != "" {
		env["GITHUB_TOKEN"] = own
	}

	ctx, cancel := context.WithCancel(context.Background())
	lines := &lineWriter{lines: make(chan string, 10_000)}
	ended := make(chan struct{})

	go func() {
		defer close(ended)

		cli.Run(ctx, cli.Program{
			Args: append([]string{"serve", "--config", ts.MkAbs("operator.yaml")}, args...), Stdin: strings.NewReader(""),
			Stdout: log, Stderr: io.MultiWriter(log, lines),
			Getenv: func(name string) string { return env[name] }, ReadFile: os.ReadFile,
			Now: func() time.Time { return s.now }, Transport: s.way(), Seam: s.seam,
		})
	}()

	service := &service{lines: lines.lines, secret: secret, stop: func() { cancel(); <-ended }}
	service.address = service.until(ts, field(args, "address"))

	return service
}

// field is how the log of a service with these arguments writes one.
func field(args []string, name string) string {
	if slices.Contains(args, "json") {
		return `"` + name + `":"`
	}

	return " " + name + "="
}

// until waits for a line of the log and gives the word after what it has.
func (s *service) until(ts *testscript.TestScript, what string) string {
	for line := range s.lines {
		fmt.Fprintln(ts.Stderr(), line)

		if _, after, ok := strings.Cut(line, what); ok {
			return strings.TrimSpace(after[:strings.IndexAny(after+" ", ` "`)])
		}
	}

	ts.Fatalf("the service ended before %q", what)

	return ""
}

// passed waits for the end of a pass that was well.
func (s *service) passed(ts *testscript.TestScript) {
	if result := s.until(ts, "pass ended\" result="); result != "ok" {
		ts.Fatalf("the pass ended: %s", result)
	}
}

func (s *service) deliver(ts *testscript.TestScript, k knock, id string) int {
	k.payload["repository"] = map[string]any{"full_name": of(ts).repository}
	k.payload["sender"] = map[string]any{"login": world.Maintainer, "type": "User"}

	body, err := json.Marshal(k.payload)
	check(ts, err)

	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://"+s.address+"/webhook", bytes.NewReader(body))
	check(ts, err)

	mac := hmac.New(sha256.New, []byte(s.secret))
	mac.Write(body)

	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Github-Event", k.event)
	req.Header.Set("X-Github-Delivery", id)
	req.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))

	resp, err := http.DefaultClient.Do(req)
	check(ts, err)
	resp.Body.Close()

	return resp.StatusCode
}

// lineWriter hands on what is written a line at a time.
type lineWriter struct {
	mu    sync.Mutex
	rest  string
	lines chan string
}

// Write never waits: the channel holds more than a story logs.
func (w *lineWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()

	w.rest += string(p)

	for {
		line, rest, ok := strings.Cut(w.rest, "\n")
		if !ok {
			return len(p), nil
		}

		w.rest = rest

		select {
		case w.lines <- line:
		default:
			return len(p), fmt.Errorf("the log is longer than a story's")
		}
	}
}

func hands(ts *testscript.TestScript) githubtest.Hands { return of(ts).GitHub.In(of(ts).repository) }

// happens queues a webhook for what a person did.
func happens(ts *testscript.TestScript, event, action string, more map[string]any) {
	t := talking(ts)
	payload := map[string]any{"action": action}
	maps.Copy(payload, more)
	t.knocks = append(t.knocks, knock{event, payload})
}

func comment(ts *testscript.TestScript, _ bool, args []string) {
	text := strings.ReplaceAll(arg(ts, args, 2, ""), `\n`, "\n")
	did(ts, hands(ts).CommentAs(number(ts, args), arg(ts, args, 1, ""), text))
	happens(ts, "issue_comment", "created", map[string]any{"comment": map[string]any{"body": text}})
}

func recomment(ts *testscript.TestScript, _ bool, args []string) {
	text := strings.ReplaceAll(arg(ts, args, 2, ""), `\n`, "\n")
	did(ts, hands(ts).EditComment(number(ts, args), arg(ts, args, 1, ""), text))
	happens(ts, "issue_comment", "edited", map[string]any{"comment": map[string]any{"body": text}})
}

func uncomment(ts *testscript.TestScript, _ bool, args []string) {
	did(ts, hands(ts).DeleteComment(number(ts, args), arg(ts, args, 1, "")))
}

func talkOn(ts *testscript.TestScript, _ bool, args []string) {
	var lines []string

	for _, c := range hands(ts).Comments(number(ts, args)) {
		body, _, _ := strings.Cut(c.Body, "\n\n<!-- bot:")

		line := c.Author + ": " + strings.ReplaceAll(body, "\n", "\n  ")
		if len(c.Reactions) > 0 {
			line += " [" + strings.Join(c.Reactions, " ") + "]"
		}

		lines = append(lines, line)
	}

	say(ts, lines)
}

func issues(ts *testscript.TestScript, _ bool, _ []string) {
	var lines []string

	for _, i := range hands(ts).Issues() {
		lines = append(lines, fmt.Sprintf("#%d %s by %s: %s %v, %d comments", i.Number, i.State, i.Author, i.Title, i.Labels, len(i.Comments)))
	}

	say(ts, lines)
}

func issueBody(ts *testscript.TestScript, _ bool, args []string) {
	for _, i := range hands(ts).Issues() {
		if i.Number == number(ts, args) {
			say(ts, strings.Split(strings.ReplaceAll(i.Body, "\r", ""), "\n"))
		}
	}
}

func tick(ts *testscript.TestScript, _ bool, args []string) {
	text, ticked := arg(ts, args, 1, ""), false

	for _, i := range hands(ts).Issues() {
		if i.Number != number(ts, args) {
			continue
		}

		lines := strings.Split(i.Body, "\n")
		for n, line := range lines {
			if strings.Contains(line, "- [ ]") && strings.Contains(line, text) {
				lines[n], ticked = strings.Replace(line, "- [ ]", "- [x]", 1), true
			}
		}

		did(ts, hands(ts).Edit(i.Number, "", strings.Join(lines, "\n")))
	}

	if !ticked {
		did(ts, fmt.Errorf("no box says %q", text))
	}

	happens(ts, "issues", "edited", nil)
}

func rewrite(ts *testscript.TestScript, _ bool, args []string) {
	did(ts, hands(ts).Edit(number(ts, args), "", ts.ReadFile(arg(ts, args, 1, ""))))
	happens(ts, "issues", "edited", nil)
}

func openedBy(ts *testscript.TestScript, _ bool, args []string) {
	_, err := hands(ts).OpenIssue(arg(ts, args, 0, ""), arg(ts, args, 1, ""), "<!-- bot:dashboard -->\nmine")
	check(ts, err)
}

func lockIssue(ts *testscript.TestScript, _ bool, args []string) {
	did(ts, hands(ts).Lock(number(ts, args)))
}

func transfer(ts *testscript.TestScript, _ bool, args []string) {
	did(ts, hands(ts).Transfer(number(ts, args), arg(ts, args, 1, "")))
}

func propose(ts *testscript.TestScript, _ bool, args []string) {
	_, err := hands(ts).OpenPR(arg(ts, args, 0, ""), arg(ts, args, 1, ""), arg(ts, args, 2, "main"), "A change of mine", "")
	check(ts, err)
	happens(ts, "pull_request", "opened", nil)
}

func change(ts *testscript.TestScript, _ bool, args []string) {
	_, err := of(ts).Repo.Commit(context.Background(), gittest.Commit{
		Branch: arg(ts, args, 0, ""), From: "main", Files: map[string]string{arg(ts, args, 1, ""): ts.ReadFile(arg(ts, args, 2, ""))},
	})
	check(ts, err)
}

func verdicts(ts *testscript.TestScript, _ bool, args []string) {
	sha, err := of(ts).Repo.Head(context.Background(), arg(ts, args, 0, ""))
	check(ts, err)

	var lines []string

	for _, c := range hands(ts).Reviewed(sha) {
		lines = append(lines, fmt.Sprintf("%s: %s: %s", c.Name, c.Conclusion, c.Title))
		for _, a := range c.Annotations {
			lines = append(lines, fmt.Sprintf("  %s:%d %s %s: %s", a.Path, a.Start, a.Level, a.Title, strings.ReplaceAll(a.Message, "\n", " ")))
		}
	}

	say(ts, lines)
}

func asApp(ts *testscript.TestScript, _ bool, _ []string) {
	const installation = "ghs_installation"

	of(ts).GitHub.AddToken(githubtest.Token{Value: installation, Login: "goingdark-bot[bot]", App: true, Permissions: githubtest.Writer()})
	of(ts).Git.Allow(installation, true)
	ts.Setenv("STORY_TOKEN", installation)
}

func writes(ts *testscript.TestScript, _ bool, _ []string) {
	var lines []string

	for _, r := range of(ts).GitHub.Requests() {
		if r.Method != http.MethodGet {
			lines = append(lines, r.Method+" "+r.Path)
		}
	}

	of(ts).GitHub.Forget()
	slices.Sort(lines)
	say(ts, lines)
}
