package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/contract"
	"github.com/goingdark-social/bot/pkg/fleet"
)

func newRun(p *Program, g *globals) *cobra.Command {
	var repository string

	cmd := &cobra.Command{
		Use:   "run",
		Short: "One pass: watch, plan, propose, tell",
		Long: `Run makes one pass over the configured repositories: it reads each one's base
branch, asks the registry for new releases, brings the pull requests in line with
the policy in bot.yaml, and sends what is new to Slack and GitHub. Running it
twice changes nothing the second time. It is what a CronJob or an Action calls.`,
		Example: example(
			"GITHUB_TOKEN=… bot run --repo example/gitops",
			"bot run --config /etc/bot/bot.yaml -o json",
		),
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			operator, err := p.operator(g, repository)
			if err != nil {
				return err
			}

			if len(operator.Repositories) == 0 && !operator.Discovers() {
				return misused(cmd.CommandPath(), "%w", errNoPlace)
			}

			c, err := p.passing(g, operator, false)
			if err != nil {
				return err
			}

			return p.pass(cmd.Context(), g, c)
		},
	}

	cmd.Flags().StringVar(&repository, "repo", "", "the repository on GitHub (owner/name); default: those of the operator's file")

	return cmd
}

// pass runs every repository; one that fails holds the others back in nothing.
func (p *Program) pass(ctx context.Context, g *globals, c *crew) error {
	members, wrong := c.members(ctx)
	out := &ordered{members: members, ends: map[string]ending{}}

	c.each(ctx, members, func(o fleet.Outcome, result *bot.Result) {
		p.settled()

		if result == nil {
			result = &bot.Result{Repository: o.Name}
		}

		out.add(o, result)

		for e := range out.ready() {
			if !g.json() {
				p.ran(e.result)
			}
		}
	})

	if g.json() {
		if err := p.json(out.contract()); err != nil {
			return err
		}
	}

	return errors.Join(append(wrong, out.errors()...)...)
}

// ran prints one repository's pass.
func (p *Program) ran(result *bot.Result) {
	fmt.Fprintln(p.Stdout, p.paint(bold, printable(result.Repository)))

	for _, a := range result.Applications {
		if a.Outlook != nil {
			fmt.Fprintf(p.Stdout, "  %s is on %s\n", oneLine(a.Name), p.paint(cyan, printable(onTags(a.Outlook))))
		}

		for _, one := range a.Proposed {
			fmt.Fprintf(p.Stdout, "  %s %s: pull request %s %s\n", p.paint(green, "→"), one.Change.To, one.Action, one.PullRequest.URL)

			if one.Why != "" {
				fmt.Fprintf(p.Stdout, "    the branch is left alone: it has %s\n", printable(one.Why))
			}

			if one.Waits != "" {
				fmt.Fprintf(p.Stdout, "    not merged: %s\n", printable(one.Waits))
			}
		}

		if line := rollingOut(a); line != "" {
			fmt.Fprintf(p.Stdout, "  %s %s\n", p.paint(yellow, "rolling out:"), printable(line))
		}

		if a.Due != nil {
			fmt.Fprintf(p.Stdout, "  %s %d post-deployment migrations of %s\n", p.paint(yellow, "due:"), len(a.Due.Names), printable(a.Due.To))
		}

		if a.Outlook != nil {
			p.heldBack(a.Outlook, "    ")
		}
	}

	for _, problem := range result.Problems {
		fmt.Fprintf(p.Stdout, "  %s %s\n", p.paint(yellow, "problem:"), printable(problem.String()))
	}

	for _, line := range result.Notified {
		fmt.Fprintf(p.Stdout, "  %s %s\n", p.paint(dim, "told:"), printable(line))
	}
}

func runContract(result *bot.Result, err error) contract.RunRepository {
	out := contract.NewRunRepository(result.Repository)
	if err != nil && len(result.Applications) == 0 {
		out.Error = err.Error()
	}

	for _, a := range result.Applications {
		app := contract.NewRunApplication(a.Name)

		if a.Outlook != nil {
			seen := outlookContract(a.Outlook)
			app.On, app.Proposals, app.Held = seen.On, seen.Proposals, seen.Held
			app.Incomplete = incompleteContract(a)
		}

		for _, one := range a.Proposed {
			app.PullRequests = append(app.PullRequests, contract.RunPullRequest{
				Number: one.PullRequest.Number, URL: one.PullRequest.URL, Action: string(one.Action),
				Track: one.Track, To: one.Change.To.String(),
			})
		}

		if a.Err != nil {
			app.Error = a.Err.Error()
		}

		out.Applications = append(out.Applications, app)
	}

	return out
}

// incompleteContract lists the releases that wait for an image, by version.
func incompleteContract(a bot.ApplicationResult) contract.List[contract.RunIncomplete] {
	var out contract.List[contract.RunIncomplete]

	for _, v := range slices.Sorted(maps.Keys(a.Incomplete)) {
		one := contract.RunIncomplete{Version: v, Since: a.Incomplete[v].UTC().Format(time.RFC3339)}

		for _, m := range a.Outlook.Missing[v] {
			one.Missing = append(one.Missing, contract.MissingImage{Image: m.Image, Platform: m.Platform})
		}

		out = append(out, one)
	}

	return out
}
