package stories_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/goingdark-social/bot/internal/cli"
	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/internal/world"
)

type command = func(ts *testscript.TestScript, neg bool, args []string)

// commands are the words of a story.
func commands() map[string]command {
	return map[string]command{
		"bot":       runBot,         // bot ARGS…: the program; stdout and stderr as usual, ! for a failure
		"clock":     clock,          // clock 2h: time passes
		"release":   release,        // release TAG [AGE]: both images appear, built AGE ago (default 1000h)
		"web":       web,            // web TAG [AGE]: only the web image appears
		"streaming": streaming,      // streaming TAG [AGE]: the streaming image appears
		"withdraw":  withdraw,       // withdraw TAG: both images go away
		"pulls":     pulls,          // prints every pull request
		"body":      body,           // body N: prints the description of a pull request
		"comments":  comments,       // comments N
		"slack":     slack,          // prints every message in the channel; slack all: as a person reads it
		"branches":  branches,       // prints every branch with the number of commits beyond main
		"diff":      diff,           // diff FROM TO: the changed lines between two branches
		"show":      show,           // show BRANCH FILE
		"commit":    commit,         // commit BRANCH FILE SOURCE: a person commits the script's file SOURCE
		"delete":    deleteRef,      // delete BRANCH: a person deletes it
		"merge":     merge,          // merge N [merge|squash|rebase]
		"close":     closePull,      // close N: a person does
		"reopen":    reopen,         // reopen N
		"restore":   restore,        // restore N: GitHub's button "Restore branch"
		"requests":  requests,       // prints how many requests each stand-in got since the last time
		"outage":    outage,         // outage registry|github|git|slack N: the next N requests fail
		"mend":      mend,           // mend: every outage is over
		"state":     state,          // prints all there is: pull requests with comments, branches, messages, and the requests since the last time
		"report":    report,         // report BRANCH NAME CONCLUSION [status]: a check, or a status, of the branch's commit
		"review":    review,         // review N APPROVED|CHANGES_REQUESTED
		"label":     label,          // label N NAME; label N -NAME takes it away
		"edit":      edit,           // edit N SOURCE: a person rewrites the description, from the script's file SOURCE
		"protect":   protect,        // protect BRANCH [checks=NAME] [reviews=N] [signatures]
		"refuse":    refuse,         // refuse REASON: the git server takes no push to a branch of the program's any more
		"update":    update,         // update BRANCH: GitHub's button "Update branch"
		"amend":     amend,          // amend BRANCH: a person amends the last commit
		"rename":    rename,         // rename repository NAME; rename branch FROM TO
		"archive":   archive,        // the repository is archived
		"branch":    operatorBranch, // branch NAME: the operator's file names that base branch from now on
		"log":       log,            // log BRANCH: prints the author and the message of its last commit
		"sign":      sign,           // sign NAME EMAIL: the operator's file names that author and a signing key
		"verified":  verified,       // verified BRANCH: its last commit is signed
		"zoo":       zoo,            // more than a thousand tags of all shapes
		"accounted": accounted,      // accounted VERSION: what check printed has every newer release, once
		"allow":     allow,          // allow auto-merge
		"draft":     draft,          // draft N: a person makes it a draft again
		"quiet":     quiet,          // quiet FROM TO: the operator's file has quiet hours from now on
		"unsay":     unsay,          // unsay: somebody deletes the oldest message in the channel
		"forget":    forget,         // forget: the state reference is lost
		"api":       throughAPI,     // api: the program is a GitHub App whose commits GitHub makes
		"urgent":    urgent,         // urgent VERSION: upstream's update check wants everybody on it
		"down":      down,           // down: the update check does not answer any more
		"token":     token,          // token NAME: the program works with that token from now on
	}
}

// say prints lines, or "none": a script looks at what the last command
// printed, and one that prints nothing would leave the output before it.
func say(ts *testscript.TestScript, lines []string) {
	if len(lines) == 0 {
		lines = []string{"none"}
	}

	fmt.Fprintln(ts.Stdout(), strings.Join(lines, "\n"))
}

func check(ts *testscript.TestScript, err error) {
	if err != nil {
		ts.Fatalf("%v", err)
	}
}

// did holds a person to what the story says. Among servers that fail on purpose
// it may be impossible: pull requests have other numbers there, or are not there.
func did(ts *testscript.TestScript, err error) {
	if err != nil && len(of(ts).canaries) > 0 {
		ts.Logf("left out: %v", err)

		return
	}

	check(ts, err)
}

func arg(ts *testscript.TestScript, args []string, i int, otherwise string) string {
	if i < len(args) {
		return args[i]
	}

	if otherwise == "" {
		ts.Fatalf("argument %d is missing", i+1)
	}

	return otherwise
}

func number(ts *testscript.TestScript, args []string) int {
	n, err := strconv.Atoi(arg(ts, args, 0, ""))
	check(ts, err)

	return n
}

// runBot runs the program as main does, in this world and its time.
func runBot(ts *testscript.TestScript, neg bool, args []string) {
	status := attempt(ts, args, ts.Stdout(), ts.Stderr())

	fmt.Fprintf(ts.Stderr(), "exit status %d\n", status)

	if (status != 0) != neg {
		ts.Fatalf("bot %s: exit status %d", strings.Join(args, " "), status)
	}
}

// attempt runs the program and gives its exit status.
func attempt(ts *testscript.TestScript, args []string, stdout, stderr io.Writer) int {
	s := of(ts)
	args = slices.Clone(args)
	env := s.environment()

	if own := ts.Getenv("STORY_TOKEN"); own != "" {
		env["GITHUB_TOKEN"] = own
	}

	if len(args) > 0 && (args[0] == "run" || slices.Contains(args, "--repo")) {
		args = append(args, "--config", ts.MkAbs("operator.yaml"))
	}

	for i, a := range args {
		if i > 0 && args[i-1] == "--path" {
			args[i] = ts.MkAbs(a)
		}
	}

	return cli.Run(context.Background(), cli.Program{
		Args: args, Stdin: strings.NewReader(""), Stdout: stdout, Stderr: stderr,
		Getenv: func(name string) string { return env[name] }, ReadFile: os.ReadFile,
		Now: func() time.Time { return s.now }, Transport: s.way(), Seam: s.seam,
	})
}

// environment is the world's, and what a story adds.
func (s *story) environment() map[string]string {
	env := s.Env()
	maps.Copy(env, s.more)

	return env
}

// way carries the program's requests.
func (s *story) way() http.RoundTripper {
	if s.through != nil {
		return s.through
	}

	return s.Transport()
}

func clock(ts *testscript.TestScript, _ bool, args []string) {
	d, err := time.ParseDuration(arg(ts, args, 0, ""))
	check(ts, err)

	of(ts).now = of(ts).now.Add(d)
}

// built is when an image of this story was built.
func built(ts *testscript.TestScript, args []string) time.Time {
	age, err := time.ParseDuration(arg(ts, args, 1, "1000h"))
	check(ts, err)

	return of(ts).now.Add(-age)
}

func release(ts *testscript.TestScript, _ bool, args []string) {
	of(ts).Release(registrytest.GlitchSoc(), arg(ts, args, 0, ""), built(ts, args))
}

func web(ts *testscript.TestScript, _ bool, args []string) {
	of(ts).WebOnly(registrytest.GlitchSoc(), arg(ts, args, 0, ""), built(ts, args))
}

func streaming(ts *testscript.TestScript, _ bool, args []string) {
	of(ts).StreamingToo(registrytest.GlitchSoc(), arg(ts, args, 0, ""), built(ts, args))
}

func withdraw(ts *testscript.TestScript, _ bool, args []string) {
	f := registrytest.GlitchSoc()
	of(ts).Registry.Withdraw(f.Web, arg(ts, args, 0, ""))
	of(ts).Registry.Withdraw(f.Streaming, arg(ts, args, 0, ""))
}

func pulls(ts *testscript.TestScript, _ bool, _ []string) {
	var lines []string

	for _, p := range of(ts).GitHub.In(of(ts).repository).Pulls() {
		state := p.State
		if p.Merged {
			state = "merged"
		}

		lines = append(lines, fmt.Sprintf("#%d %s %s → %s: %s %v", p.Number, state, p.Head.Ref, p.Base.Ref, p.Title, p.Labels))
	}

	say(ts, lines)
}

func body(ts *testscript.TestScript, _ bool, args []string) {
	n := number(ts, args)

	for _, p := range of(ts).GitHub.In(of(ts).repository).Pulls() {
		if p.Number == n {
			fmt.Fprintln(ts.Stdout(), p.Body)
		}
	}
}

func comments(ts *testscript.TestScript, _ bool, args []string) {
	var lines []string

	for _, c := range of(ts).GitHub.In(of(ts).repository).Comments(number(ts, args)) {
		lines = append(lines, c.Author+": "+c.Body)
	}

	say(ts, lines)
}

func slack(ts *testscript.TestScript, _ bool, args []string) {
	var lines []string

	for _, m := range of(ts).Slack.Messages() {
		indent := ""
		if m.ThreadTS != "" {
			indent = "  "
		}

		text := m.Text
		if pings := m.Pings(); len(pings) > 0 {
			text += " " + strings.Join(pings, " ")
		}

		lines = append(lines, indent+text)
		if len(args) > 0 {
			lines = append(lines, strings.Split(m.Plain(), "\n")...)
		}
	}

	say(ts, lines)
}

func branches(ts *testscript.TestScript, _ bool, _ []string) {
	refs, err := of(ts).Repo.Refs(context.Background())
	check(ts, err)

	var names []string

	for ref := range refs {
		if name, ok := strings.CutPrefix(ref, "refs/heads/"); ok && name != of(ts).base {
			names = append(names, name)
		}
	}

	slices.Sort(names)

	var lines []string

	for _, name := range names {
		count, err := of(ts).Repo.Git(context.Background(), "rev-list", "--count", of(ts).base+".."+name)
		check(ts, err)
		lines = append(lines, name+" +"+strings.TrimSpace(count))
	}

	say(ts, lines)
}

func diff(ts *testscript.TestScript, _ bool, args []string) {
	out, err := of(ts).Repo.Git(context.Background(), "diff", "--unified=0", "--no-color",
		arg(ts, args, 0, ""), arg(ts, args, 1, ""))
	check(ts, err)

	var lines []string

	for line := range strings.SplitSeq(out, "\n") {
		if strings.HasPrefix(line, "+") || strings.HasPrefix(line, "-") {
			lines = append(lines, line)
		}
	}

	say(ts, lines)
}

func show(ts *testscript.TestScript, _ bool, args []string) {
	out, err := of(ts).Repo.Show(context.Background(), arg(ts, args, 0, ""), arg(ts, args, 1, ""))
	check(ts, err)
	fmt.Fprint(ts.Stdout(), out)
}

func commit(ts *testscript.TestScript, _ bool, args []string) {
	_, err := of(ts).Repo.Commit(context.Background(), gittest.Commit{
		Branch: arg(ts, args, 0, ""), Files: map[string]string{arg(ts, args, 1, ""): ts.ReadFile(arg(ts, args, 2, ""))},
	})
	check(ts, err)
}

func deleteRef(ts *testscript.TestScript, _ bool, args []string) {
	did(ts, of(ts).Repo.DeleteBranch(context.Background(), arg(ts, args, 0, "")))
}

func merge(ts *testscript.TestScript, _ bool, args []string) {
	did(ts, of(ts).GitHub.In(of(ts).repository).Merge(number(ts, args), arg(ts, args, 1, "merge"), world.Maintainer))
}

func closePull(ts *testscript.TestScript, _ bool, args []string) {
	did(ts, of(ts).GitHub.In(of(ts).repository).ClosePR(number(ts, args), world.Maintainer))
}

func restore(ts *testscript.TestScript, _ bool, args []string) {
	n := number(ts, args)

	for _, p := range of(ts).GitHub.In(of(ts).repository).Pulls() {
		if p.Number == n {
			did(ts, of(ts).Repo.Branch(context.Background(), p.Head.Ref, p.Head.SHA))
		}
	}
}

func reopen(ts *testscript.TestScript, _ bool, args []string) {
	did(ts, of(ts).GitHub.In(of(ts).repository).Reopen(number(ts, args), world.Maintainer))
}
