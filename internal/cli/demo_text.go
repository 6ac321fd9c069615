package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/internal/demo"
	"github.com/goingdark-social/bot/pkg/contract"
	"github.com/goingdark-social/bot/pkg/patch"
)

func (p *Program) prologue(name string, about demo.Application, tree *patch.Tree) {
	files := map[string]bool{}
	count := 0

	for _, r := range tree.References {
		if r.Application == about.Name {
			files[r.File] = true
			count++
		}
	}

	fmt.Fprintf(p.Stdout, `A small world on loopback: a registry that answers for ghcr.io, a git server over
smart HTTP, and stand-ins for GitHub and Slack. Nothing leaves this machine.

The repository example/gitops holds %s:
application %s on %s, named in %d places of %d files.
`, printable(name), p.paint(bold, printable(about.Name)), p.paint(cyan, about.On.String()), count, len(files))
}

func (p *Program) heading(text string) {
	fmt.Fprintf(p.Stdout, "\n%s\n%s\n", p.paint(bold, text), p.paint(dim, strings.Repeat("─", len([]rune(text)))))
}

func (p *Program) act(a demo.Act) {
	p.heading(fmt.Sprintf("%d. %s", a.Number, a.What))
	fmt.Fprintf(p.Stdout, "$ %s\n%s", a.Command, a.Output)
}

// epilogue shows what the world holds in the end. Anything but one pull
// request means that the demo did not show what it is for.
func (p *Program) epilogue(o *demo.Outcome) error {
	for _, pr := range o.PullRequests {
		p.heading(fmt.Sprintf("The pull request: #%d (%s) %s", pr.Number, pr.State, pr.Title))
		fmt.Fprintln(p.Stdout, printable(withoutComments(pr.Body)))

		p.heading("Its commit, on branch " + pr.Head)
		p.diff(p.Stdout, pr.Diff)
	}

	p.heading("What was sent to Slack")

	for _, m := range o.Messages {
		fmt.Fprintf(p.Stdout, "• %s\n", strings.ReplaceAll(printable(strings.TrimSpace(m)), "\n", "\n  "))
	}

	p.heading("What is not proposed, and why (bot check)")
	fmt.Fprint(p.Stdout, o.Check)

	if len(o.Unexpected) > 0 {
		return fmt.Errorf("the stand-ins were asked for what they do not know: %s", strings.Join(o.Unexpected, "; "))
	}

	if len(o.PullRequests) != 1 {
		return errors.New("the demo ended without exactly one pull request; please report this")
	}

	return nil
}

// withoutComments leaves out the lines that GitHub would not show.
func withoutComments(body string) string {
	var b strings.Builder

	for line := range strings.Lines(body) {
		if !strings.HasPrefix(line, "<!--") {
			b.WriteString(line)
		}
	}

	return strings.TrimSpace(b.String())
}

func demoContract(out contract.Demo, o *demo.Outcome) contract.Demo {
	for _, pr := range o.PullRequests {
		out.PullRequests = append(out.PullRequests, contract.DemoPullRequest{
			Number: pr.Number, State: pr.State, Title: pr.Title, Body: pr.Body, Branch: pr.Head, Diff: pr.Diff,
		})
	}

	out.Messages = append(out.Messages, o.Messages...)
	out.Check = o.Check

	return out
}
