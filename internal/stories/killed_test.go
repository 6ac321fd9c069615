package stories_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/goingdark-social/bot/internal/faults"
	"github.com/goingdark-social/bot/internal/gitmem"
	"github.com/goingdark-social/bot/pkg/effect"
)

// TestKilledAnywhere ends the program before, in and after each effect of each
// story, starts it again, and holds what there is at the end against the story
// in which nothing happened. A few of the main story stand for all of them
// where not all are asked for.
func TestKilledAnywhere(t *testing.T) {
	t.Parallel()

	stories := []string{"opens-once"}
	if faults.Full {
		stories = everyStory(t)
	}

	count := faults.Begin("killed before, in and after each effect of each story")
	// An outage of so many requests is used up by the run that is killed, and the
	// story then goes another way.
	all := slices.DeleteFunc(plots(t, stories), func(p plot) bool { return strings.Contains(p.script, "outage github-writes") })

	whole := map[string]ending{}
	told(t, all, func(name string, end ending) { whole[name] = end })

	var scripts []plot

	for _, p := range all {
		for number := 1; number <= whole[p.name].effects; number++ {
			for point := effect.Before; point <= effect.After; point++ {
				scripts = append(scripts, p.killed(number, point))
			}
		}
	}

	if !faults.Full {
		scripts = everyNth(scripts, 7)
	}

	tell := func(name string, end ending) {
		violations := end.against(whole[originOf(name)])
		for _, v := range violations {
			t.Errorf("%s: %s", name, v)
		}

		count.Case(len(violations) > 0)
	}
	told(t, scripts, tell)

	if n := count.Row().Cases; n != len(scripts) {
		t.Errorf("%d of %d killed stories came to an end", n, len(scripts))
		count.Cases(len(scripts)-n, len(scripts)-n)
	}

	if err := count.End(); err != nil {
		t.Error(err)
	}
}

func everyNth(scripts []plot, n int) []plot {
	var some []plot
	for i := 0; i < len(scripts); i += n {
		some = append(some, scripts[i])
	}

	return some
}

func everyStory(t *testing.T) []string {
	t.Helper()

	files, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}

	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(f), ".txtar"))
	}

	return names
}

// plot is a story without what it says about its outcome: only what happens.
type plot struct{ name, script, files string }

// actLine is a line of a story on which something happens.
var actLine = regexp.MustCompile(`^(!\s+)?(` + strings.Join([]string{
	"bot", "clock", "release", "web", "streaming", "withdraw", "commit", "delete", "merge", "close", "reopen", "outage", "mend",
	"report", "review", "label", "edit", "protect", "refuse", "update", "amend", "rename", "archive", "branch", "sign", "zoo",
	"allow", "draft", "quiet", "unsay", "forget", "token",
}, "|") + `)\s`)

func plots(t *testing.T, names []string) []plot {
	t.Helper()

	var out []plot

	for _, name := range names {
		data, err := os.ReadFile(filepath.Join("testdata", name+".txtar"))
		if err != nil {
			t.Fatal(err)
		}

		script, files, _ := strings.Cut("\n"+string(data), "\n-- ")
		p := plot{name: name}
		if files != "" {
			p.files = "-- " + files
		}

		for line := range strings.Lines(script) {
			if act := strings.TrimPrefix(strings.TrimSpace(line), "! "); actLine.MatchString(act + " ") {
				p.script += act + "\n"
			}
		}

		out = append(out, p)
	}

	return out
}

func (p plot) killed(number int, point effect.Point) plot {
	p.script = fmt.Sprintf("stop-at %d %s\n%s", number, point, p.script)
	p.name = fmt.Sprintf("%s--%03d-%s", p.name, number, point)

	return p
}

func originOf(name string) string {
	origin, _, _ := strings.Cut(name, "--")

	return origin
}

// told plays plots and tells what each came to, one at a time.
func told(t *testing.T, all []plot, tell func(name string, end ending)) {
	t.Helper()

	var mu sync.Mutex

	words := commands()
	words["bot"] = runKilled
	words["stop-at"] = stopAt
	words["ending"] = func(ts *testscript.TestScript, _ bool, _ []string) {
		end := endingOf(ts)

		mu.Lock()
		defer mu.Unlock()

		tell(ts.Name(), end)
	}

	play(t, all, words)
}

// play plays plots, a last pass and the word "ending".
func play(t *testing.T, all []plot, words map[string]command) {
	t.Helper()

	dir := t.TempDir()

	for _, p := range all {
		text := p.script + "bot run\nending\n" + p.files
		if err := os.WriteFile(filepath.Join(dir, p.name+".txtar"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	// The group ends when all of its parallel stories have.
	t.Run(fmt.Sprint(len(all)), func(t *testing.T) {
		testscript.Run(t, testscript.Params{
			Dir: dir, Cmds: words, RequireExplicitExec: true,
			Setup: setupFast,
		})
	})
}

// setupFast makes a world whose git server starts no process for a request.
func setupFast(env *testscript.Env) error {
	err := setup(env, nil)
	if s, ok := env.Values[storyKey{}].(*story); ok {
		s.Git.Within(gitmem.Disk)
	}

	return err
}

// stopAt says where the program ends.
func stopAt(ts *testscript.TestScript, _ bool, args []string) {
	n := number(ts, args)
	points := map[string]effect.Point{"before": effect.Before, "in": effect.In, "after": effect.After}
	of(ts).stopper = effect.NewStopper(n, points[arg(ts, args, 1, "")], nil)
}

// runKilled runs the program in a world in which it may end at any effect, and
// again where it did. How it ends is of no interest.
func runKilled(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	alive := s.stopper != nil && !s.stopper.Stopped()
	s.seam = s.effects

	if alive {
		s.seam = s.stopper
	}

	attempt(ts, args, ts.Stdout(), ts.Stderr())

	if alive && s.stopper.Stopped() {
		s.seam = nil

		attempt(ts, args, ts.Stdout(), ts.Stderr())
	}
}

// ending is what a story came to.
type ending struct {
	effects int
	// things are what there is at the end, by name.
	things map[string]string
	// said counts what people were told, each text.
	said map[string]int
}

// against lists what differs from the story in which nothing happened.
func (e ending) against(whole ending) []string {
	var out []string

	if diff := cmp.Diff(whole.things, e.things); diff != "" {
		out = append(out, "what there is at the end differs (- undisturbed, + killed):\n"+diff)
	}

	for text := range maps2(whole.said, e.said) {
		if was, is := whole.said[text], e.said[text]; is < was || is > was+1 {
			out = append(out, fmt.Sprintf("told %d times and %d times in the undisturbed story: %q", is, was, text))
		}
	}

	slices.Sort(out)

	return out
}

func maps2(x, y map[string]int) map[string]bool {
	both := map[string]bool{}
	for k := range x {
		both[k] = true
	}

	for k := range y {
		both[k] = true
	}

	return both
}

func endingOf(ts *testscript.TestScript) ending {
	s := of(ts)
	e := ending{effects: len(s.effects.Log()), things: map[string]string{}, said: map[string]int{}}
	open := map[string]int{}

	for _, p := range s.GitHub.In(s.repository).Pulls() {
		e.things["pull "+strconv.Itoa(p.Number)] = strings.Join([]string{
			became(p), p.Head.Ref + " to " + p.Base.Ref, p.Title, asked(p), p.Body,
		}, "\n")
		e.things["pull "+strconv.Itoa(p.Number)] = same(e.things["pull "+strconv.Itoa(p.Number)])

		if p.State == "open" {
			open[p.Head.Ref]++
		}

		for _, c := range p.Comments {
			e.said[same(fmt.Sprintf("#%d %s: %s", p.Number, c.Author, c.Body))]++
		}
	}

	for branch, n := range open {
		if n > 1 {
			e.things["open on "+branch] = fmt.Sprintf("%d pull requests, and more than one is never right", n)
		}
	}

	for _, m := range s.Slack.Messages() {
		e.said[same(fmt.Sprintf("slack thread=%t %s\n%s", m.ThreadTS != "", m.Text, m.Plain()))]++
	}

	s.refs(ts, e.things)

	return e
}

// varies is what differs from run to run: the times of messages, which more
// messages shift, and where the stand-ins listen.
var varies = regexp.MustCompile(`\b\d{10}\.\d{6}\b|127\.0\.0\.1:\d+`)

func same(text string) string { return varies.ReplaceAllString(text, "…") }

func (s *story) refs(ts *testscript.TestScript, things map[string]string) {
	refs, err := s.Repo.Refs(context.Background())
	check(ts, err)

	for ref := range refs {
		what := []string{"log", "--format=%an %cn %s %T", s.base + ".." + ref}
		if ref == "refs/bot/state" {
			what = []string{"grep", "--no-color", "-h", "", ref}
		}

		out, err := s.Repo.Git(context.Background(), what...)
		check(ts, err)

		things[ref] = same(out)
	}
}
