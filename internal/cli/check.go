package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/contract"
	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/repo"
)

// checkFlags are what a person may say to check.
type checkFlags struct {
	path, repo, app string
	exitCode        bool
}

func newCheck(p *Program, g *globals) *cobra.Command {
	f := &checkFlags{}
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Tell what would be proposed now, and why not the rest",
		Long: `Check asks the registry and prints, for each application, the release that would
be proposed on each track, and for every newer release that would not be the rule
that decided. It writes nothing.`,
		Example: example(
			"bot check --path .",
			"bot check --repo example/gitops",
			"bot check --path . --exit-code   # exit 2 when there is something to propose",
		),
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := exclusive(cmd, "path", "repo"); err != nil {
				return err
			}

			outlooks, err := p.look(cmd.Context(), g, f)
			p.settled()

			if err != nil {
				return err
			}

			if err := p.checked(g, outlooks); err != nil {
				return err
			}

			if f.exitCode && proposes(outlooks) {
				return statusError{exitFound}
			}

			return nil
		},
	}

	flags := cmd.Flags()
	flags.StringVar(&f.path, "path", "", "the tree in this folder")
	flags.StringVar(&f.repo, "repo", "", "the base branch of this repository on GitHub (owner/name)")
	flags.StringVar(&f.app, "app", "", "one application; default: all")
	flags.BoolVar(&f.exitCode, "exit-code", false, "exit 2 when a release would be proposed")

	return cmd
}

func (p *Program) look(ctx context.Context, g *globals, f *checkFlags) ([]*bot.Outlook, error) {
	if f.path == "" {
		return p.lookRemote(ctx, g, f)
	}

	dir, err := repo.OpenDir(f.path, effect.Direct{})
	if err != nil {
		return nil, err
	}

	view, err := look.At(ctx, dir.FS())
	if err != nil {
		return nil, err
	}

	b, err := p.local(g, false, nil)
	if err != nil {
		return nil, err
	}

	return b.CheckView(ctx, view, f.app)
}

func (p *Program) lookRemote(ctx context.Context, g *globals, f *checkFlags) ([]*bot.Outlook, error) {
	c, err := p.once(g, "bot check", f.repo, false)
	if err != nil {
		return nil, err
	}

	var all []*bot.Outlook

	for _, r := range c.operator.Repositories {
		b, err := c.bot(r.Name)
		if err != nil {
			return nil, err
		}

		outlooks, err := b.Check(ctx, r, f.app)
		if err != nil {
			return nil, err
		}

		all = append(all, outlooks...)
	}

	return all, nil
}

func proposes(outlooks []*bot.Outlook) bool {
	for _, o := range outlooks {
		if len(o.Decision.Proposals) > 0 {
			return true
		}
	}

	return false
}

// checked prints the outlooks.
func (p *Program) checked(g *globals, outlooks []*bot.Outlook) error {
	if g.json() {
		out := contract.NewCheck()
		for _, o := range outlooks {
			out.Applications = append(out.Applications, outlookContract(o))
		}

		return p.json(out)
	}

	for i, o := range outlooks {
		if i > 0 {
			fmt.Fprintln(p.Stdout)
		}

		p.outlook(o)
	}

	return nil
}

func (p *Program) outlook(o *bot.Outlook) {
	fmt.Fprintf(p.Stdout, "%s is on %s\n", p.paint(bold, oneLine(o.Application.Name)), p.paint(cyan, printable(onTags(o))))

	if o.Application.Mixed {
		fmt.Fprintf(p.Stdout, "  %s its references are on different versions; `bot scan` lists them\n", p.paint(yellow, "mixed:"))
	}

	if o.Decision.Blocked != "" {
		fmt.Fprintf(p.Stdout, "  nothing is proposed: %s\n", printable(o.Decision.Blocked))
	}

	for _, proposal := range o.Decision.Proposals {
		fmt.Fprintf(p.Stdout, "  %s %s (%s): %s\n", p.paint(green, "→"), p.paint(green, proposal.To.String()), proposal.Track, proposal.Why)
	}

	if len(o.Decision.Proposals)+len(o.Decision.Held) == 0 && o.Decision.Blocked == "" {
		fmt.Fprintln(p.Stdout, "  nothing newer is published")
	}

	p.heldBack(o, "  ")
}

// heldBack lists the releases that are not proposed with the deciding rule.
func (p *Program) heldBack(o *bot.Outlook, indent string) {
	for _, h := range o.Decision.Held {
		fmt.Fprintf(p.Stdout, "%s%s %s %s: %s\n", indent, p.paint(dim, "held"), h.Version, p.paint(yellow, string(h.Rule)), printable(h.Reason))
	}
}

func onTags(o *bot.Outlook) string {
	tags := make([]string, 0, len(o.Application.On))
	for _, v := range o.Application.On {
		tags = append(tags, v.Tag())
	}

	return strings.Join(tags, ", ")
}

func outlookContract(o *bot.Outlook) contract.CheckApplication {
	out := contract.NewCheckApplication(o.Application.Name)

	for _, v := range o.Application.On {
		out.On = append(out.On, v.Tag())
	}

	for _, proposal := range o.Decision.Proposals {
		out.Proposals = append(out.Proposals, contract.Proposal{
			Track: proposal.Track, To: proposal.To.String(), Security: proposal.Security,
		})
	}

	for _, h := range o.Decision.Held {
		out.Held = append(out.Held, contract.Held{Version: h.Version.String(), Rule: string(h.Rule), Reason: h.Reason})
	}

	return out
}
