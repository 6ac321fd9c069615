package stories_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/goingdark-social/bot/internal/faults"
	"github.com/goingdark-social/bot/internal/faults/leaks"
	"github.com/goingdark-social/bot/internal/world"
	"github.com/goingdark-social/bot/pkg/effect"
)

// commandScripts run every command, every command that goes wrong, replicas
// without a queue, and a program that panics. A sample of them has every nth
// command alone.
func commandScripts() []plot {
	const releases = "release v4.4.3\nrelease v4.4.4\n"

	nth := map[bool]int{true: 1, false: 9}[faults.Full]
	out := []plot{
		{name: "misused", script: fmt.Sprintf("canaries token\nmisuse %d\n", 2*nth-1)},
		{name: "queue", script: fmt.Sprintf("canaries token\nqueues %d\n", nth/2+1)},
		{name: "panics", script: fmt.Sprintf("canaries token\n%spanics %d\n", releases, nth)},
	}

	for phase, cast := range casts {
		out = append(out, plot{name: "commands--" + cast, script: fmt.Sprintf("canaries %s\n%smirrors %d\ncommands %d\n", cast, releases, phase, nth)})
	}

	if !faults.Full {
		return out[:4]
	}

	return append(out, plot{name: "panics--service", script: "canaries token\nmirrors 0\n" + releases + "panicking\nservice json\n"})
}

// every is a list's every nth, as the story says.
func every[T any](ts *testscript.TestScript, args []string, all []T) []T {
	var out []T

	for i := 0; i < len(all); i += number(ts, args) {
		out = append(out, all[i])
	}

	return out
}

// everyCommand has each command that reads or writes, with all that it reads.
func everyCommand(ts *testscript.TestScript) [][]string {
	config, repo := []string{"--config", ts.MkAbs("operator.yaml")}, world.Repository
	tree, err := filepath.Abs(standard)
	check(ts, err)

	upstream := "https://bot:" + url.QueryEscape(canaryUpstream) + "@upstream.invalid/mastodon.git"

	var out [][]string

	for _, line := range [][]string{
		{"check", "--repo", repo},
		{"check", "--path", tree},
		{"status", "--repo", repo},
		{"scan", "--path", tree},
		{"releases"},
		{"facts", "v4.4.4"},
		{"facts", "v4.4.4", "--upstream", upstream},
		{"notes", "v4.4.3", "v4.4.4", "--path", tree, "--database"},
		{"notes", "v4.4.3", "v4.4.4", "--upstream", upstream},
		{"history", "--repo", repo},
		{"drift", "--repo", repo, "--live", "--database"},
		{"drift", "--path", tree, "--live", "--database", "--upstream", upstream},
		{"init", "--repo", repo, "--again"},
		{"init", "--path", tree, "--dry-run"},
		{"bump", "v4.4.4", "--path", tree, "--dry-run", "--database"},
		{"bump", "v4.4.4", "--repo", repo, "--dry-run"},
		{"bump", "v4.4.4", "--repo", repo},
		{"run"},
		{"version"},
		{"config", "check", "--kind", "operator", ts.MkAbs("operator.yaml")},
	} {
		out = append(out, append(line, config...))
	}

	return out
}

// allCommands runs every command, as text and as JSON; half of each time among
// servers that repeat.
func allCommands(ts *testscript.TestScript, _ bool, nth []string) {
	for _, args := range every(ts, nth, everyCommand(ts)) {
		for _, form := range []string{"text", "json"} {
			runLoud(ts, false, append(args, "-o", form))
		}
	}
}

// misuse is how people call a program by mistake, with secrets in places that
// have none, and all that it says of itself while secrets are around it.
func misuse(ts *testscript.TestScript, _ bool, nth []string) {
	for _, args := range every(ts, nth, explanations()) {
		runLoud(ts, false, args)
	}

	s := of(ts)

	for _, secret := range []string{canaryGitHub, canarySlack, s.more["DSN"], s.Slack.WebhookURL(), s.queue} {
		for _, args := range every(ts, nth, mistakes(secret)) {
			runLoud(ts, false, args)
		}

		for _, text := range every(ts, nth, misplaced()) {
			file := ts.MkAbs("wrong.yaml")
			check(ts, os.WriteFile(file, fmt.Appendf(nil, text, secret), 0o600))

			for _, args := range every(ts, nth, [][]string{{"run", "--repo", world.Repository, "--config", file}, {"config", "check", "--kind", "operator", file}, {"config", "check", file}}) {
				runLoud(ts, false, args)
			}
		}
	}
}

// explanations are what the program says of itself.
func explanations() [][]string {
	var out [][]string

	for _, name := range []string{"bump", "run", "serve", "check", "status", "scan", "releases", "notes", "facts", "history", "drift", "init", "config", "config check", "config schema", "demo", "version", "completion", "help"} {
		words := strings.Fields(name)
		out = append(out, append(words, "--help"), append(append([]string{"__complete"}, words...), "--"), append(append([]string{"__complete"}, words...), ""))
	}

	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		out = append(out, []string{"completion", shell})
	}

	return out
}

// mistakes have a secret in the place of something else.
func mistakes(secret string) [][]string {
	return [][]string{
		{"facts", "v4.4.4", "--upstream", secret},
		{"run", "--repo", secret},
		{"run", secret},
		{secret},
		{"run", "--repo=" + secret},
		{"run", "--token=" + secret},
		{"run", "--config", secret},
		{"run", "-o", secret},
		{"serve", secret},
		{"serve", "--jitter", secret},
		{"serve", "--listen", secret, "--repo", world.Repository},
		{"serve", "--log-format", secret},
		{"bump", secret, "--path", "."},
		{"notes", secret, secret},
		{"facts", secret},
		{"drift", "--checks", secret},
		{"drift", "--min-severity", secret},
		{"releases", "--image", secret},
		{"releases", "--channel", secret},
		{"releases", "--limit", secret},
		{"config", "check", secret},
		{"config", "schema", secret},
		{"config", "check", "--kind", secret},
	}
}

// misplaced are operator's files with a secret where none belongs.
func misplaced() []string {
	return []string{
		"version: 1\nschedule: %q",
		"version: 1\ngithub: {tokenFrom: {env: %q}}",
		"version: 1\ngithub: {tokenFrom: %q}",
		"version: 1\nrepositories: [{name: %q}]",
		"version: 1\nqueue: {dsnFrom: {file: %q}}",
		"version: 1\nnotify: {slack: {channel: %q}}",
		"version: 1\n%q: 1",
		"%q",
	}
}

// queues starts replicas that reach no queue: PostgreSQL refuses their password
// and repeats it, nobody is there, the connection string is none.
func queues(ts *testscript.TestScript, _ bool, nth []string) {
	s := of(ts)
	at := repeatingPostgres(ts)
	host, port, _ := strings.Cut(at, ":")
	passfile := ts.MkAbs("passfile")
	check(ts, os.WriteFile(passfile, []byte("*:*:*:*:"+canaryPassfile+"\n"), 0o600))

	quoted := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(canaryQueue)
	escaped := url.QueryEscape(canaryQueue)

	for _, dsn := range every(ts, nth, []string{
		s.queue,
		fmt.Sprintf("postgres://bot@%s/bot?sslmode=disable&password=%s", at, escaped),
		fmt.Sprintf("host=%s port=%s user=bot dbname=bot sslmode=disable password='%s'", host, port, quoted),
		fmt.Sprintf("host=%s port=%s user=bot dbname=bot sslmode=disable passfile=%s", host, port, passfile),
		fmt.Sprintf("postgres://bot:%s@127.0.0.1:1/bot", escaped),
		fmt.Sprintf("postgres://bot:%s@%s,127.0.0.1:1/bot?sslmode=disable", escaped, at),
		fmt.Sprintf("postgres://bot:%s@%s/bot?sslmode=require", escaped, at),
		fmt.Sprintf("postgres://bot:%s@db.invalid/bot?connect_timeout=1", escaped),
		fmt.Sprintf("postgres://bot:%s%%zz@db.invalid/bot", escaped),
		fmt.Sprintf("postgres://bot:%s@db.invalid:port/bot", escaped),
		fmt.Sprintf("postgres://bot@db.invalid/bot?sslmode=verify-full&sslkey=/nowhere&sslcert=/nowhere&sslpassword=%s", escaped),
		fmt.Sprintf("host=db.invalid password='%s", quoted),
		fmt.Sprintf("mysql://bot:%s@db.invalid/bot", escaped),
	}) {
		runLoud(ts, false, []string{"serve", "--config", ts.MkAbs("operator.yaml"), "--log-format", "json", "--queue", dsn})
		runLoud(ts, false, []string{"serve", "--config", ts.MkAbs("operator.yaml"), "--queue=" + dsn})

		s.more["BOT_QUEUE"] = dsn
		operator := ts.MkAbs("replica.yaml")
		check(ts, os.WriteFile(operator, []byte(ts.ReadFile("operator.yaml")+"queue: {dsnFrom: {env: BOT_QUEUE}}\n"), 0o600))
		runLoud(ts, false, []string{"serve", "--config", operator, "--log-format", "json"})
	}
}

// panicking lets every change that the program makes panic from now on, with a
// value that shows the secrets that a service has read.
func panicking(ts *testscript.TestScript, _ bool, _ []string) {
	of(ts).seam = &panics{secrets: strings.Join([]string{canaryGitHub, canarySlack, canaryHook, canaryPages}, " ")}
}

type panics struct {
	secrets string
	n       int
}

// Do does not.
func (p *panics) Do(context.Context, effect.Effect, func(context.Context) error) error {
	p.n++

	switch p.n % 4 {
	case 0:
		panic(p.secrets)
	case 1:
		panic(errors.New(p.secrets))
	case 2:
		panic([]byte(p.secrets))
	}

	panic(fmt.Sprintf("%q", base64.StdEncoding.EncodeToString([]byte(p.secrets))))
}

// panicAll runs what changes something, and panics there.
func panicAll(ts *testscript.TestScript, _ bool, nth []string) {
	s := of(ts)
	seam := &panics{secrets: canaryGitHub + " " + canarySlack}
	s.seam = seam

	for range every(ts, nth, make([]bool, 4)) {
		for _, args := range [][]string{{"run"}, {"run", "-o", "json"}, {"bump", "v4.4.4", "--repo", world.Repository}, {"init", "--repo", world.Repository, "--again"}} {
			runLoud(ts, false, args)
		}
	}

	if s.seam = nil; seam.n < 4 {
		ts.Fatalf("only %d changes panicked", seam.n)
	}
}

// aroundIt are secrets of what is around the program.
func aroundIt() []leaks.Secret {
	return []leaks.Secret{
		{Name: "the queue's password", Value: "cAnaryQueue"},
		{Name: "the password in a passfile", Value: canaryPassfile},
		{Name: "the proxy's password", Value: "cAnaryProxy"},
		{Name: "the password of upstream's address", Value: "cAnaryUpstream"},
	}
}
