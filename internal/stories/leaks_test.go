package stories_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/goingdark-social/bot/internal/faults"
	"github.com/goingdark-social/bot/internal/faults/leaks"
	"github.com/goingdark-social/bot/internal/gittest"
)

// casts are who the program is: see canaries.
var casts = []string{"token", "app", "api"}

// TestNothingLeaks plays the stories with every step logged, once in peace and
// once among servers that fail and show in what they answer all that was sent
// to them, and lets the service run among them. Then it searches whatever can
// be read afterwards for each secret that the program can hold.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()

	scripts := append(serviceScripts(), commandScripts()...)

	if faults.Full {
		for _, p := range plots(t, everyStory(t)) {
			for _, cast := range casts {
				scripts = append(scripts, p.among(cast)...)
			}
		}
	} else {
		some := plots(t, []string{"opens-once", "init-opens-once"})
		scripts = append(scripts, some[0].among("token")[:2]...)
		scripts = append(scripts, some[0].among("api")[3], some[1].among("app")[1])
	}

	count := faults.Begin("no secret in any log, error, page, metric, commit, body, message, state document or cache")

	words := talkWords()
	words["bot"] = runLoud
	words["pass"] = func(ts *testscript.TestScript, _ bool, _ []string) { runLoud(ts, false, []string{"run"}) }
	words["mirrors"] = mirrors
	words["canaries"] = canaries
	words["service"] = serveLoud
	words["commands"] = allCommands
	words["misuse"] = misuse
	words["queues"] = queues
	words["panics"] = panicAll
	words["panicking"] = panicking

	for _, done := range []string{"listen", "sign", "api"} { // the canaries' operator's file has it
		words[done] = func(*testscript.TestScript, bool, []string) {}
	}

	words["ending"] = func(ts *testscript.TestScript, _ bool, _ []string) {
		found := leaks.Find(placesOf(ts), of(ts).canaries)
		for _, leak := range found {
			t.Errorf("%s: %s", ts.Name(), leak)
		}

		count.Case(len(found) > 0)
	}

	play(t, scripts, words, setupCanaries)

	if n := count.Row().Cases; n != len(scripts) {
		t.Errorf("%d of %d stories came to an end", n, len(scripts))
	}

	if err := count.End(); err != nil {
		t.Error(err)
	}
}

// among is a story in peace, and among servers that repeat.
func (p plot) among(cast string) []plot {
	var out []plot

	for _, phase := range []string{"", "mirrors 0\n", "mirrors 1\n", "mirrors 2\n"} {
		one := p
		one.name = fmt.Sprintf("%s--%s-%d", p.name, cast, len(out))
		one.script = "canaries " + cast + "\n" + phase + p.script
		out = append(out, one)
	}

	return out
}

func serviceScripts() []plot {
	var out []plot

	for i, cast := range []string{"token", "app"} {
		out = append(out, plot{name: "service--" + cast, script: fmt.Sprintf("canaries %s\nmirrors %d\nrelease v4.4.3\nrelease v4.4.4\nservice %s\n", cast, i, []string{"text", "json"}[i])})
	}

	return out
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

// serveLoud runs the service: a pass in peace, and passes among servers that
// repeat. After each, everything that it answers is read.
func serveLoud(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	s.seen = map[string]string{}
	way := &switched{ways: []http.RoundTripper{s.Transport(), s.mirror}}
	s.through = way

	args = []string{"-v", "--log-format", arg(ts, args, 0, "text")}
	service := serveTo(ts, &s.printed, canaryHook, args...)
	defer service.stop()

	service.until(ts, field(args, "result"))
	readAll(ts, service, "in peace")
	s.mirror.on(s)

	for n := range 4 {
		way.n.Store(1)

		service.delivered++
		service.deliver(ts, knock{"push", map[string]any{"ref": "refs/heads/main"}}, fmt.Sprintf("knock-%d", n))
		service.until(ts, field(args, "result"))
		readAll(ts, service, fmt.Sprintf("repeated %d", n))
	}

	s.mirror.off(s)
	s.seam = nil // what comes after has other secrets
}

// link is an address of the service's own on one of its pages.
var link = regexp.MustCompile(`(?:href|src)="(/[^"#]*)`)

// readAll asks for every page that leads from the first one, as the one who
// may and as others, and for what is no page.
func readAll(ts *testscript.TestScript, s *service, when string) {
	todo := []string{"/", "/healthz", "/readyz", "/metrics", "/webhook", "/nowhere"}
	asked := map[string]bool{}

	for len(todo) > 0 {
		page := todo[0]
		todo = todo[1:]

		if asked[page] {
			continue
		}

		asked[page] = true

		for _, token := range []string{canaryPages, "", "wrong"} {
			text := read(ts, http.MethodGet, "http://"+s.address+page, token)
			of(ts).seen[when+" GET "+page+" as "+map[bool]string{true: "the one who may", false: "somebody"}[token == canaryPages]] += text

			for _, m := range link.FindAllStringSubmatch(text, -1) {
				todo = append(todo, m[1])
			}
		}

		of(ts).seen[when+" POST "+page] = read(ts, http.MethodPost, "http://"+s.address+page, canaryPages)
	}

	if len(asked) < 8 {
		ts.Fatalf("only %d addresses were found", len(asked))
	}
}

func read(ts *testscript.TestScript, method, address, token string) string {
	req, err := http.NewRequestWithContext(context.Background(), method, address, strings.NewReader("{}"))
	check(ts, err)

	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}

	resp, err := http.DefaultClient.Do(req)
	check(ts, err)

	defer resp.Body.Close()

	body, err := io.ReadAll(resp.Body)
	check(ts, err)

	return fmt.Sprintf("%s %v\n%s", resp.Status, resp.Header, body)
}

// placesOf is all that can be read, by name.
func placesOf(ts *testscript.TestScript) map[string]string {
	s := of(ts)
	there := s.GitHub.In(s.repository)
	places := map[string]string{"what the program printed": s.printed.String()}

	maps.Copy(places, s.seen)

	for _, p := range there.Pulls() {
		places[fmt.Sprintf("pull request %d", p.Number)] = fmt.Sprintf("%+v", p)
	}

	for _, i := range there.Issues() {
		places[fmt.Sprintf("issue %d", i.Number)] = fmt.Sprintf("%+v", i)
	}

	for _, m := range s.Slack.Messages() {
		blocks, err := json.Marshal(m.Blocks)
		check(ts, err)

		places["the message "+m.TS] = m.Text + string(blocks)
	}

	refs, err := s.Repo.Refs(context.Background())
	check(ts, err)

	for ref, hash := range refs {
		places["the verdicts on "+ref] = fmt.Sprintf("%+v", there.Reviewed(hash))
	}

	// Every object of the repository, referred to or not: commits, trees, state.
	objects, err := gittest.Git(context.Background(), s.Repo.Dir, nil, "cat-file", "--batch-all-objects", "--batch", "--buffer", "--unordered")
	check(ts, err)

	places["the repository"] = objects
	cached(ts, places)

	return places
}

// cached is what the program keeps on disk.
func cached(ts *testscript.TestScript, places map[string]string) {
	dir := ts.MkAbs("cache")

	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}

		data, err := os.ReadFile(path)
		places["the cache's "+strings.TrimPrefix(path, dir)] = path + string(data)

		return err
	})
	check(ts, err)

	if len(places) < 5 {
		ts.Fatalf("only %d places", len(places))
	}
}
