package stories_test

import (
	"context"
	"fmt"
	"os"
	"path"
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

	stories := []string{"opens-once", "talk/bump", "talk/review"}
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
		scripts = everyNth(scripts, 34)
	}

	ends := map[string]ending{}
	told(t, scripts, func(name string, end ending) { ends[name] = end })

	if n := len(ends); n != len(scripts) {
		t.Errorf("%d of %d killed stories came to an end", n, len(scripts))
		count.Cases(len(scripts)-n, len(scripts)-n)
	}

	// The run that was killed and the one that takes up its work are two, and what
	// is due a run later may have come between them and what happens next. Where a
	// story ends otherwise than the undisturbed one, it must end as the one in
	// which nobody is killed and that run is made twice.
	var differ []plot

	for _, p := range scripts {
		if len(ends[p.name].against(whole[p.origin])) > 0 {
			differ = append(differ, p.twice())
		}
	}

	twice := map[string]ending{}
	told(t, differ, func(name string, end ending) { twice[name] = end })

	for _, p := range differ {
		violations := ends[p.name].against(twice[p.name])
		for _, v := range violations {
			t.Errorf("%s: %s", p.name, v)
		}

		if len(violations) > 0 {
			count.Cases(0, 1)
		}
	}

	count.Cases(len(ends), 0)

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

	var names []string

	for _, folder := range []string{"", talkFolder} {
		files, err := filepath.Glob(filepath.Join("testdata", folder, "*.txtar"))
		if err != nil || len(files) == 0 {
			t.Fatal(err, files)
		}

		for _, f := range files {
			names = append(names, path.Join(folder, strings.TrimSuffix(filepath.Base(f), ".txtar")))
		}
	}

	return names
}

// plot is a story without what it says about its outcome: only what happens.
type plot struct {
	name, script, files string

	origin string // the undisturbed story's name, of one that is killed
	number int    // and the effect at which
}

// looks are the words of a story by which nothing happens: it looks at what
// did, or forgets what it has seen. Every other word is played.
var looks = []string{
	"pulls", "body", "comments", "slack", "branches", "diff", "show", "requests", "state", "log", "verified", "accounted",
	"talk", "issues", "issue", "verdicts", "writes",
}

// happening is what happens on a line of a story; "": nothing does.
func happening(line string, words map[string]command) string {
	act := strings.TrimPrefix(strings.TrimSpace(line), "! ")
	word, _, _ := strings.Cut(act, " ")

	if words[word] == nil || slices.Contains(looks, word) {
		return ""
	}

	return act + "\n"
}

// talkFolder is where the stories of people who talk are.
const talkFolder = "talk"

func plots(t *testing.T, names []string) []plot {
	t.Helper()

	var out []plot

	words := talkWords()

	for _, name := range names {
		data, err := os.ReadFile(filepath.Join("testdata", filepath.FromSlash(name)+".txtar"))
		if err != nil {
			t.Fatal(err)
		}

		script, files, _ := strings.Cut("\n"+string(data), "\n-- ")
		p := plot{name: strings.ReplaceAll(name, "/", "-")}

		if files != "" {
			p.files = "-- " + files
		}

		if strings.HasPrefix(name, talkFolder+"/") {
			p.script = "listen\n"
		}

		for line := range strings.Lines(script) {
			p.script += happening(line, words)
		}

		out = append(out, p)
	}

	return out
}

func (p plot) killed(number int, point effect.Point) plot {
	p.origin, p.number = p.name, number
	p.script = fmt.Sprintf("stop-at %d %s\n%s", number, point, p.script)
	p.name = fmt.Sprintf("%s--%03d-%s", p.name, number, point)

	return p
}

// twice is a killed story in which, instead, the run in question is made twice.
func (p plot) twice() plot {
	_, script, _ := strings.Cut(p.script, "\n")
	p.script = fmt.Sprintf("twice-at %d\n%s", p.number, script)

	return p
}

// told plays plots and tells what each came to, one at a time.
func told(t *testing.T, all []plot, tell func(name string, end ending)) {
	t.Helper()

	if len(all) == 0 {
		return
	}

	var mu sync.Mutex

	words := talkWords()
	words["bot"] = runKilled
	words["pass"] = func(ts *testscript.TestScript, _ bool, _ []string) {
		runKilled(ts, false, []string{"run"})
		runKilled(ts, false, []string{"run"}) // as in the story: twice is once
	}
	words["listen"] = func(ts *testscript.TestScript, _ bool, _ []string) { check(ts, listens(ts.MkAbs("."))) }
	words["stop-at"] = stopAt
	words["twice-at"] = func(ts *testscript.TestScript, _ bool, args []string) { of(ts).twiceAt = number(ts, args) }
	words["ending"] = func(ts *testscript.TestScript, _ bool, _ []string) {
		end := endingOf(ts)

		mu.Lock()
		defer mu.Unlock()

		tell(ts.Name(), end)
	}

	play(t, all, words, setupFast)
}

// play plays plots, a last pass and the word "ending".
func play(t *testing.T, all []plot, words map[string]command, setup func(*testscript.Env) error) {
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
			Setup: setup,
		})
	})
}

// setupFast makes a world whose git server starts no process for a request.
func setupFast(env *testscript.Env) error {
	return fast(env, setup(env, nil))
}

// fast is the end of a setup that came to err.
func fast(env *testscript.Env, err error) error {
	env.Values[talksKey{}] = &talks{way: "polling"}

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

	done := len(s.effects.Log())
	attempt(ts, args, ts.Stdout(), ts.Stderr())

	switch {
	case alive && s.stopper.Stopped():
		s.seam = nil

		attempt(ts, args, ts.Stdout(), ts.Stderr())
	case done < s.twiceAt && s.twiceAt <= len(s.effects.Log()):
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

	s.talked(e)

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

// talked is what became of what people say: the issues, and what was thought
// of each comment.
func (s *story) talked(e ending) {
	there := s.GitHub.In(s.repository)

	for _, i := range there.Issues() {
		e.things["issue "+strconv.Itoa(i.Number)] = same(strings.Join([]string{i.State, i.Author, i.Title, fmt.Sprint(i.Labels), i.Body}, "\n"))

		for _, c := range i.Comments {
			e.said[same(fmt.Sprintf("#%d %s: %s", i.Number, c.Author, c.Body))]++
		}
	}

	for n := 1; n <= len(there.Issues())+len(there.Pulls()); n++ {
		for _, c := range there.Comments(n) {
			if len(c.Reactions) > 0 {
				e.things[fmt.Sprintf("thought of what %s said in #%d, %q", c.Author, n, c.Body)] = fmt.Sprint(c.Reactions)
			}
		}
	}
}

func (s *story) refs(ts *testscript.TestScript, things map[string]string) {
	refs, err := s.Repo.Refs(context.Background())
	check(ts, err)

	for ref, hash := range refs {
		what := []string{"log", "--format=%an %cn %s %T", s.base + ".." + ref}
		if ref == "refs/bot/state" {
			what = []string{"grep", "--no-color", "-h", "", ref}
		}

		out, err := s.Repo.Git(context.Background(), what...)
		check(ts, err)

		things[ref] = same(out)

		for _, c := range s.GitHub.In(s.repository).Reviewed(hash) {
			things[ref+" is judged by "+c.Name] = same(fmt.Sprintf("%s: %s %v", c.Conclusion, c.Title, c.Annotations))
		}
	}
}
