package stories_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/crypto/ssh"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/internal/world"
	"github.com/goingdark-social/bot/pkg/contract"
	"github.com/goingdark-social/bot/pkg/version"
)

// state prints everything that the stand-ins hold.
func state(ts *testscript.TestScript, neg bool, args []string) {
	s, out := of(ts), ts.Stdout()

	fmt.Fprintln(out, "pulls:")

	for _, p := range s.GitHub.In(s.repository).Pulls() {
		fmt.Fprintf(out, "  #%d %s %s → %s: %s%s\n", p.Number, became(p), p.Head.Ref, p.Base.Ref, p.Title, asked(p))

		for _, c := range p.Comments {
			first, _, _ := strings.Cut(c.Body, "\n")
			fmt.Fprintf(out, "    %s: %s\n", c.Author, first)
		}
	}

	fmt.Fprintln(out, "branches:")
	branches(ts, neg, args)
	fmt.Fprintln(out, "slack:")
	slack(ts, neg, nil)
	fmt.Fprintln(out, "requests:")
	requests(ts, neg, args)
}

func became(p githubtest.Pull) string {
	switch {
	case p.Merged:
		return "merged"
	case p.Draft:
		return p.State + " draft"
	case p.AutoMerge:
		return p.State + " auto-merge"
	}

	return p.State
}

// asked is whom and what a pull request carries.
func asked(p githubtest.Pull) string {
	var b strings.Builder

	for _, list := range []struct {
		name  string
		items []string
	}{{"labels", p.Labels}, {"reviewers", p.Reviewers}, {"assignees", p.Assignees}} {
		if len(list.items) > 0 {
			fmt.Fprintf(&b, "; %s %s", list.name, strings.Join(list.items, ", "))
		}
	}

	return b.String()
}

func report(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	check(ts, s.GitHub.In(s.repository).Check(arg(ts, args, 0, ""), githubtest.Check{
		Name: arg(ts, args, 1, ""), Conclusion: arg(ts, args, 2, ""), Status: slices.Contains(args, "status"),
	}))
}

func review(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	did(ts, s.GitHub.In(s.repository).Judge(number(ts, args), world.Maintainer, arg(ts, args, 1, "")))
}

func label(ts *testscript.TestScript, _ bool, args []string) {
	s, name := of(ts), arg(ts, args, 1, "")
	hands := s.GitHub.In(s.repository)

	if off, ok := strings.CutPrefix(name, "-"); ok {
		did(ts, hands.RemoveLabel(number(ts, args), off, world.Maintainer))

		return
	}

	did(ts, hands.AddLabel(number(ts, args), name, world.Maintainer))
}

func edit(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	text := ts.ReadFile(arg(ts, args, 1, ""))

	for _, p := range s.GitHub.In(s.repository).Pulls() {
		if p.Number == number(ts, args) {
			text += "\n" + p.Body // what a person adds stands above what was there
		}
	}

	did(ts, s.GitHub.In(s.repository).Edit(number(ts, args), "", text))
}

func protect(ts *testscript.TestScript, _ bool, args []string) {
	var rules githubtest.Protection

	for _, rule := range args[1:] {
		name, value, _ := strings.Cut(rule, "=")

		switch name {
		case "checks":
			rules.Checks = append(rules.Checks, value)
		case "reviews":
			n, err := strconv.Atoi(value)
			check(ts, err)

			rules.Reviews = n
		case "signatures":
			rules.Signatures = true
		default:
			ts.Fatalf("there is no rule %s", name)
		}
	}

	check(ts, of(ts).GitHub.In(of(ts).repository).Protect(args[0], rules))
}

// refuse makes the git server behave as a forge with a ruleset for bot/**.
func refuse(ts *testscript.TestScript, _ bool, args []string) {
	of(ts).Git.Within(nil) // git alone runs hooks
	check(ts, of(ts).Repo.Hook("update", fmt.Sprintf(
		"#!/bin/sh\ncase $1 in refs/heads/bot/*) echo '%s' >&2; exit 1;; esac\n", arg(ts, args, 0, ""))))
}

func update(ts *testscript.TestScript, _ bool, args []string) {
	check(ts, of(ts).UpdateBranch(context.Background(), arg(ts, args, 0, "")))
}

func amend(ts *testscript.TestScript, _ bool, args []string) {
	check(ts, of(ts).Amend(context.Background(), arg(ts, args, 0, "")))
}

func rename(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)

	switch arg(ts, args, 0, "") {
	case "repository":
		s.GitHub.Rename(s.repository, arg(ts, args, 1, ""))
		s.repository = args[1]
	case "branch":
		_, err := s.Repo.Git(context.Background(), "branch", "-m", arg(ts, args, 1, ""), arg(ts, args, 2, ""))
		check(ts, err)

		s.base = args[2]
		s.GitHub.AddRepository(s.setup(func(r *githubtest.Repository) { r.DefaultBranch = args[2] }))
	default:
		ts.Fatalf("rename repository NAME, or branch FROM TO")
	}
}

func archive(ts *testscript.TestScript, _ bool, _ []string) {
	of(ts).GitHub.AddRepository(of(ts).setup(func(r *githubtest.Repository) { r.Archived = true }))
}

// allow lets pull requests of the repository be merged by GitHub itself.
func allow(ts *testscript.TestScript, _ bool, _ []string) {
	of(ts).GitHub.AddRepository(of(ts).setup(func(r *githubtest.Repository) { r.AutoMerge = true }))
}

// draft makes a pull request a draft again, as a person does.
func draft(ts *testscript.TestScript, _ bool, args []string) {
	did(ts, of(ts).GitHub.In(of(ts).repository).Draft(number(ts, args), world.Maintainer))
}

// setup is the repository as the world set it up, and a change.
func (s *story) setup(change func(*githubtest.Repository)) githubtest.Repository {
	r := githubtest.Repository{
		Name: s.repository, CloneURL: s.Repo.URL, Collaborators: []string{world.Maintainer, "goingdark-bot"},
	}
	change(&r)

	return r
}

func forget(ts *testscript.TestScript, _ bool, _ []string) {
	_, err := of(ts).Repo.Git(context.Background(), "update-ref", "-d", "refs/bot/state")
	check(ts, err)
}

// operatorBranch lets the operator's file name another base branch.
func operatorBranch(ts *testscript.TestScript, _ bool, args []string) {
	name := ts.MkAbs("operator.yaml")
	text := strings.ReplaceAll(ts.ReadFile(name), "branch: main", "branch: "+arg(ts, args, 0, ""))
	check(ts, os.WriteFile(name, []byte(text), 0o600))
}

// log prints the message of a branch's last commit.
func log(ts *testscript.TestScript, _ bool, args []string) {
	out, err := of(ts).Repo.Git(context.Background(), "log", "-1", "--format=%an <%ae>%n%B", arg(ts, args, 0, ""))
	check(ts, err)
	fmt.Fprint(ts.Stdout(), out)
}

// unsay deletes the oldest message in the channel.
func unsay(ts *testscript.TestScript, _ bool, _ []string) {
	of(ts).Slack.Delete(of(ts).Slack.Messages()[0].TS)
}

// quiet gives the operator's file quiet hours.
func quiet(ts *testscript.TestScript, _ bool, args []string) {
	name := ts.MkAbs("operator.yaml")
	hours := fmt.Sprintf("securityGroup: S0SECURITY, quiet: {from: %q, to: %q}", arg(ts, args, 0, ""), arg(ts, args, 1, ""))
	check(ts, os.WriteFile(name, []byte(strings.ReplaceAll(ts.ReadFile(name), "securityGroup: S0SECURITY", hours)), 0o600))
}

// zoo fills the registry with the tags of three years.
func zoo(ts *testscript.TestScript, _ bool, _ []string) {
	of(ts).Registry.AnnounceZoo(registrytest.GlitchSoc(), of(ts).now.AddDate(0, 0, -30))
}

// accounted reads what check printed as JSON: each release and pre-release that
// the registry has and that is newer than the given one is proposed or held,
// once, and what is held has its rule and reason.
func accounted(ts *testscript.TestScript, _ bool, args []string) {
	var said contract.Check

	check(ts, json.Unmarshal([]byte(ts.ReadFile("stdout")), &said))

	seen := map[string]int{}

	for _, a := range said.Applications {
		for _, p := range a.Proposals {
			seen[p.To]++
		}

		for _, h := range a.Held {
			seen[h.Version]++

			if h.Rule == "" || h.Reason == "" {
				ts.Fatalf("%s is held without a rule or a reason", h.Version)
			}
		}
	}

	newer := 0

	for _, tag := range of(ts).Registry.Tags(registrytest.GlitchSoc().Web) {
		v := version.Parse(tag)
		if order, ok := version.Compare(v, version.Parse(args[0])); !ok || order <= 0 {
			continue
		}

		newer++

		if seen[v.String()] != 1 {
			ts.Fatalf("%s is accounted for %d times", v, seen[v.String()])
		}
	}

	if newer < 5 {
		ts.Fatalf("only %d tags are newer than %s", newer, args[0])
	}
}

// sign lets the operator's file name an author and a signing key.
func sign(ts *testscript.TestScript, _ bool, args []string) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	check(ts, err)

	block, err := ssh.MarshalPrivateKey(private, "")
	check(ts, err)

	key := ts.MkAbs("signing-key")
	check(ts, os.WriteFile(key, pem.EncodeToMemory(block), 0o600))

	name := ts.MkAbs("operator.yaml")
	text := ts.ReadFile(name) + fmt.Sprintf("commits: {name: %s, email: %s, signingKeyFrom: {file: %q}}\n",
		arg(ts, args, 0, ""), arg(ts, args, 1, ""), key)
	check(ts, os.WriteFile(name, []byte(text), 0o600))
}

// verified fails unless the last commit of a branch has a signature where git
// looks for one. That it verifies is a test of pkg/repo.
func verified(ts *testscript.TestScript, _ bool, args []string) {
	out, err := of(ts).Repo.Git(context.Background(), "cat-file", "commit", arg(ts, args, 0, ""))
	check(ts, err)

	if !strings.Contains(out, "\ngpgsig -----BEGIN SSH SIGNATURE-----\n U1NIU0lH") {
		ts.Fatalf("the commit is not signed:\n%s", out)
	}
}
