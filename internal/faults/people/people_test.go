package people_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/internal/faults"
	"github.com/goingdark-social/bot/internal/world"
)

// TestHostilePeople: whatever they send, the program does what it would have
// done without them, and nothing is shown to who may not look.
func TestHostilePeople(t *testing.T) {
	t.Parallel()

	count := faults.Begin("a bot.yaml elsewhere, forged webhooks, commands without right, foreign requests: nothing comes of them")
	judge := func(t *testing.T, what, wrong string) {
		t.Helper()

		if wrong != "" {
			t.Errorf("%s: %s", what, wrong)
		}

		count.Case(wrong != "")
	}

	t.Run("all", func(t *testing.T) {
		t.Run("a policy elsewhere", func(t *testing.T) { t.Parallel(); elsewhere(t, judge) })
		t.Run("a policy that reaches out", func(t *testing.T) { t.Parallel(); reaching(t, judge) })
		t.Run("commands", func(t *testing.T) { t.Parallel(); commands(t, judge) })
		t.Run("webhooks", func(t *testing.T) { t.Parallel(); webhooks(t, judge) })
		t.Run("the dashboard", func(t *testing.T) { t.Parallel(); pages(t, judge) })
	})

	if n := count.Row().Cases; n < map[bool]int{false: 85, true: 130}[faults.Full] {
		t.Errorf("only %d cases", n)
	}

	t.Logf("%d cases", count.Row().Cases)

	if err := count.End(); err != nil {
		t.Error(err)
	}
}

type judging = func(t *testing.T, what, wrong string)

const proposed = "bot/k8s/patch open: [security] k8s: v4.4.3 → v4.4.5\n"

// elsewhere puts policies where none is read from.
func elsewhere(t *testing.T, judge judging) {
	p := newPlace(t, "")
	first := true

	for _, ref := range []string{"feature", "refs/forks/mallory/feature", "bot.yaml", "main2"} {
		for i, policy := range sample(2, []string{
			"version: 1\napplications: [{name: k8s, ignore: [v4.4.5]}]\n", "version: 1\napplications: [{name: k8s, freeze: {until: 2030-01-01, reason: mine}}]\n",
			"]broken", "version: 1\nnotify: {slack: {channel: \"#mine\"}}\n",
		}) {
			from := "main"
			if i > 0 {
				from = ""
			}

			p.commit(ref, from, map[string]string{"bot.yaml": policy, manifest + ".md": "mine"})

			if i == 0 {
				head := strings.Replace(strings.TrimPrefix(ref, "refs/forks/"), "/", ":", 1)
				if _, err := p.GitHub.In(world.Repository).OpenPR(stranger, head, "main", "Mine", ""); err != nil {
					t.Fatal(err)
				}
			}

			said, status := p.run()

			switch got := p.there(); {
			case status != 0:
				judge(t, ref+" with "+policy, said)
			case got != proposed:
				judge(t, ref+" with "+policy, "there is "+got)
			case !first && !strings.Contains(said, "unchanged"):
				judge(t, ref+" with "+policy, said)
			default:
				judge(t, ref+" with "+policy, "")
			}

			first = false
		}
	}

	// The same where it counts: then it does.
	p.commit("main", "", map[string]string{"bot.yaml": "version: 1\napplications: [{name: k8s, ignore: [v4.4.5]}]\n"})

	if said, _ := p.run(); p.there() == proposed {
		t.Errorf("a policy on the base branch is not read either: %s", said)
	}
}

// sample is the first of every n, or all where all are asked for.
func sample[T any](n int, all []T) []T {
	if faults.Full {
		return all
	}

	var some []T
	for i := 0; i < len(all); i += n {
		some = append(some, all[i])
	}

	return some
}

// reaching puts a policy where it is read from, which asks for what none may.
func reaching(t *testing.T, judge judging) {
	for line, keys := range map[int][]string{
		2: {
			"github: {tokenFrom: {env: GITHUB_TOKEN}}", "notify: {slack: {channel: \"#mine\", tokenFrom: {env: SLACK_TOKEN}}}", "notify: {slack: {webhookFrom: {file: /etc/passwd}}}",
			"repositories: [{name: other/repository}]", "database: {dsnFrom: {env: DSN}}", "cluster: {kubeconfig: /root/.kube/config}", "server: {listen: \"0.0.0.0:80\"}",
			"commits: {signingKeyFrom: {file: /root/.ssh/id_ed25519}}", "queue: {dsnFrom: {env: DSN}}", "cache: /etc", "schedule: \"* * * * *\"", "talk: {comments: true}",
			"include: ../other.yaml", "tokenFrom: {env: GITHUB_TOKEN}",
		},
		4: {
			"tokenFrom: {env: GITHUB_TOKEN}", "root: ../..", "root: /etc", "notes: [../../etc/passwd]", "notes: [/etc/passwd]", "notes: [\"k8s/../../x\"]",
			"images: {web: \"${GITHUB_TOKEN}\", streaming: x/y}", "images: {web: \"https://evil.example/x\"}", "source: file:///etc/passwd", "source: /etc", "source: ssh://evil.example/x",
			"source: http://169.254.169.254/latest", "source: https://user:password@evil.example/x", "exclude: [\"../**\"]", "env: {X: Y}", "command: [sh]",
		},
	} {
		for _, key := range sample(4, keys) {
			p := newPlace(t, "")

			policy := "version: 1\n" + key + "\n"
			if line == 4 {
				policy = "version: 1\napplications:\n- name: k8s\n  " + key + "\n"
			}

			p.commit("main", "", map[string]string{"bot.yaml": policy})

			said, status := p.run()

			switch place := fmt.Sprintf("bot.yaml:%d:", line); {
			case status == 0:
				judge(t, key, "it was taken: "+said)
			case !strings.Contains(said, place):
				judge(t, key, "no "+place+" in "+said)
			case p.there() != "" || strings.Contains(said, world.Token):
				judge(t, key, p.there()+said)
			default:
				judge(t, key, "")
			}
		}
	}
}

// commands are given by who may not, or where none is.
func commands(t *testing.T, judge judging) {
	p := newPlace(t, "")
	if said, status := p.run(); status != 0 || p.there() != proposed {
		t.Fatal(said, p.there())
	}

	hands := p.GitHub.In(world.Repository)

	for _, one := range sample(3, []struct{ who, text string }{
		{stranger, "/bot bump v4.4.4"},
		{stranger, "/bot ignore"},
		{stranger, "/bot rebase"},
		{"dependabot[bot]", "/bot bump v4.4.4"},
		{"goingdark-bot[bot]", "/bot bump v4.4.4"},
		{stranger, "> said ada\n\n/bot ignore v4.4.5"},
		{stranger, "<!-- bot:answer -->\n/bot bump v4.4.4"},
		{stranger, "@ada\n/bot bump v4.4.4 --as ada"},
		{world.Maintainer, "> /bot bump v4.4.4"},
		{world.Maintainer, "```\n/bot bump v4.4.4\n```"},
		{world.Maintainer, "~~~~\n/bot ignore\n~~~~"},
		{world.Maintainer, "    /bot bump v4.4.4"},
		{world.Maintainer, "Say `/bot bump v4.4.4`"},
		{world.Maintainer, "<!--\n/bot bump v4.4.4\n-->"},
		{world.Maintainer, "please /bot bump v4.4.4"},
		{world.Maintainer, "/bot bump v4.4.4; rm -rf /"},
		{world.Maintainer, "/bot bump ../../v4.4.4"},
		{world.Maintainer, "/bot bump --upload-pack=touch"},
	}) {
		if err := hands.CommentAs(1, one.who, one.text); err != nil {
			t.Fatal(err)
		}

		said, status := p.run()
		if status != 0 || p.there() != proposed {
			judge(t, one.who+" said "+one.text, p.there()+said)
		} else {
			judge(t, one.who+" said "+one.text, "")
		}
	}

	// A command that was refused is not one of the maintainer's for being edited.
	if err := hands.EditComment(1, stranger, "/bot bump v4.4.4 please"); err != nil {
		t.Fatal(err)
	}

	said, _ := p.run()
	judge(t, "a stranger edits", map[bool]string{false: p.there() + said}[p.there() == proposed])

	// The same by who may: then it is done.
	if err := hands.CommentAs(1, world.Maintainer, "/bot bump v4.4.4"); err != nil {
		t.Fatal(err)
	}

	if said, _ := p.run(); p.there() == proposed {
		t.Errorf("nobody may command: %s", said)
	}
}
