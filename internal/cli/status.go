package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/status"
)

func newStatus(p *Program, g *globals) *cobra.Command {
	var repository string

	cmd := &cobra.Command{
		Use:   "status",
		Short: "Tell how the applications of a repository stand: the dashboard in the terminal",
		Long: `Status reads a repository on GitHub, its pull requests and the registry, and prints
for each application what every component runs and could run, the open pull
requests, the security releases that wait, what drifts, and what is held back and
why. It is what the dashboard issue says, and writes nothing.`,
		Example: example(
			"GITHUB_TOKEN=… bot status --repo example/gitops",
			"bot status --config /etc/bot/config.yaml -o json",
		),
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := p.once(g, cmd.CommandPath(), repository, false)
			if err != nil {
				return err
			}

			all, err := c.statuses(cmd.Context())
			p.settled()

			if g.json() {
				return errors.Join(p.json(statusContract(all)), err)
			}

			for i, r := range all {
				if i > 0 {
					fmt.Fprintln(p.Stdout)
				}

				p.repositoryStatus(r)
			}

			return err
		},
	}

	cmd.Flags().StringVar(&repository, "repo", "", "the repository on GitHub (owner/name); default: those of the operator's file")

	return cmd
}

// statuses are those of all repositories. One that cannot be read holds no
// other back.
func (c *crew) statuses(ctx context.Context) ([]status.Repository, error) {
	var (
		all  []status.Repository
		errs []error
	)

	for _, r := range c.operator.Repositories {
		one, err := c.statusOf(ctx, r)
		if err != nil {
			errs = append(errs, err)
			one = status.Repository{Name: r.Name, Branch: r.Branch, At: c.Now(), Err: err.Error()}
		}

		all = append(all, one)
	}

	return all, errors.Join(errs...)
}

func (c *crew) statusOf(ctx context.Context, r config.Repository) (status.Repository, error) {
	b, err := c.bot(r.Name)
	if err != nil {
		return status.Repository{}, err
	}

	return b.Status(ctx, r)
}

// repositoryStatus prints one repository.
func (p *Program) repositoryStatus(r status.Repository) {
	fmt.Fprintf(p.Stdout, "%s %s\n", p.paint(bold, printable(r.Name)), p.paint(dim, printable(fmt.Sprintf("%s at %.10s", r.Branch, r.Commit))))

	for _, a := range r.Applications {
		p.applicationStatus(a, r.At)
	}

	for _, problem := range r.Problems {
		fmt.Fprintf(p.Stdout, "%s %s:%d %s\n", p.paint(yellow, "problem:"), oneLine(problem.File), problem.Line, printable(problem.Message))
	}
}

func (p *Program) applicationStatus(a status.Application, now time.Time) {
	fmt.Fprintf(p.Stdout, "\n%s is on %s", p.paint(bold, oneLine(a.Name)), p.paint(cyan, printable(orNone(strings.Join(a.On, ", ")))))

	if a.Newest != "" {
		fmt.Fprintf(p.Stdout, ", the newest complete release is %s", p.paint(green, a.Newest))
	}

	fmt.Fprintln(p.Stdout)

	for _, w := range a.Waiting {
		fmt.Fprintf(p.Stdout, "%s %s\n", p.paint(red, "security:"), waits(w, now))
	}

	p.matrix(a)

	for _, pull := range a.Pulls {
		fmt.Fprintf(p.Stdout, "%s #%d to %s (%s, opened %s) %s\n", p.paint(green, "open:"), pull.Number, pull.To, pull.Track,
			pull.Opened.UTC().Format(time.DateOnly), pull.URL)
	}

	if a.Due != nil {
		fmt.Fprintf(p.Stdout, "%s %s\n", p.paint(yellow, "due:"), printable(strings.Join(a.Due.Names, ", ")))
	}

	for _, f := range a.Findings {
		fmt.Fprintf(p.Stdout, "%s %s %s:%d %s\n", p.paint(severityColour(f.Severity), string(f.Severity)+":"),
			f.Check, oneLine(f.File), f.Line, printable(f.Message))
	}

	if a.Blocked != "" {
		fmt.Fprintf(p.Stdout, "nothing is proposed: %s\n", printable(a.Blocked))
	}

	for _, h := range a.Held {
		fmt.Fprintf(p.Stdout, "%s %s %s: %s\n", p.paint(dim, "held"), h.Version, p.paint(yellow, h.Rule), printable(h.Reason))
	}
}

func waits(w status.Waiting, now time.Time) string {
	text := w.Version + " is out and not in use"

	if !w.Since.IsZero() {
		text += fmt.Sprintf(", for %d days", int(w.Age(now).Hours()/24))
	}

	if w.Pull > 0 {
		return fmt.Sprintf("%s; #%d goes there", text, w.Pull)
	}

	return text + "; no pull request goes there"
}

// matrix prints what the repository, the registry and the cluster say.
func (p *Program) matrix(a status.Application) {
	var rows [][]any

	for _, r := range a.Rows {
		cluster := p.paint(dim, "not asked")
		if r.Live {
			cluster = oneLine(orNone(strings.Join(r.Cluster, ", ")))
		}

		on := oneLine(orNone(strings.Join(r.Repository, ", ")))
		if !r.Even() {
			on = p.paint(yellow, on)
		}

		rows = append(rows, []any{r.Component, oneLine(r.Image), on, orNone(r.Registry), cluster})
	}

	if len(rows) > 0 {
		p.table([]any{"component", "image", "repository", "registry", "cluster"}, rows)
	}
}
