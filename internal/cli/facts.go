package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/goingdark-social/bot/pkg/contract"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// factsJSON is the facts under the contract's version.
type factsJSON struct {
	Contract int `json:"version"`
	*facts.Facts
}

func newFacts(p *Program, g *globals) *cobra.Command {
	var (
		source  string
		offline bool
	)

	cmd := &cobra.Command{
		Use:   "facts VERSION",
		Short: "Print what the source of a release says",
		Long: `Facts reads a release of Mastodon from its source: migrations, the schema, every
variable that its processes read, runtimes and floors, queues, security fixes. The
facts of the releases since v4.3.0 are inside this program; a newer one is read from
the repository of glitch-soc, or from where --upstream says.`,
		Example: example(
			"bot facts v4.5.0",
			"bot facts v4.5.0 -o json | jq '.environment[].name'",
			"bot facts v4.5.0 --upstream ~/src/mastodon   # a URL, a repository or a tarball",
		),
		Args: exactly("one VERSION such as v4.5.0"),
		RunE: func(cmd *cobra.Command, args []string) error {
			v := version.Parse(args[0])
			if !v.Fixed() {
				return misused(cmd.CommandPath(), "%q is not one release: write for example v4.5.0", args[0])
			}

			library, err := p.upstreamAt(source, offline)
			if err != nil {
				return err
			}

			p.progressf("reading %s", v)
			f, err := library.Facts(cmd.Context(), "", v)
			p.settled()

			if err != nil {
				return err
			}

			if f == nil {
				return fmt.Errorf("nothing is known of %s: %w", v, &facts.NotShippedError{Version: v.String()})
			}

			if g.json() {
				return p.json(factsJSON{contract.Version, f})
			}

			p.facts(f)

			return nil
		},
	}

	cmd.Flags().StringVar(&source, "upstream", "", "read the source here: a URL, a repository or a tarball")
	cmd.Flags().BoolVar(&offline, "offline", false, "ask nobody; only what this program knows")

	return cmd
}

// facts prints a release in numbers; -o json has everything.
func (p *Program) facts(f *facts.Facts) {
	fmt.Fprintf(p.Stdout, "%s", p.paint(bold, f.Version))

	if !f.Date.IsZero() {
		fmt.Fprintf(p.Stdout, "  %s", f.Date.Format(time.DateOnly))
	}

	if f.Commit != "" {
		fmt.Fprintf(p.Stdout, "  %s", p.paint(dim, f.Commit))
	}

	fmt.Fprintln(p.Stdout)

	post := 0

	for _, m := range f.Migrations {
		if m.Phase == facts.Post {
			post++
		}
	}

	rows := [][]any{
		{"migrations", fmt.Sprintf("%d before the roll-out, %d after it", len(f.Migrations)-post, post)},
		{"schema", fmt.Sprintf("%s, %d tables", f.Schema.Version, len(f.Schema.Tables))},
		{"variables", variables(f)},
		{"runtimes", runtimes(f)},
		{"floors", floors(f)},
		{"queues", queues(f)},
		{"security", securityOf(f)},
	}

	p.table([]any{"of", "what the source says"}, rows)
}

func variables(f *facts.Facts) string {
	count := map[facts.Scope]int{}

	for _, v := range f.Environment {
		for _, s := range v.Scopes {
			count[s]++
		}
	}

	return fmt.Sprintf("%d read by rails, %d by sidekiq, %d by streaming", count[facts.Rails], count[facts.Sidekiq], count[facts.Streaming])
}

func runtimes(f *facts.Facts) string {
	var out []string
	for _, r := range f.Runtimes {
		out = append(out, r.Name+" "+r.Version)
	}

	return printable(strings.Join(out, ", "))
}

func floors(f *facts.Facts) string {
	var out []string

	for _, floor := range f.Floors {
		text := floor.Name + " " + floor.Version
		if floor.Enforced {
			text += " (enforced)"
		}

		out = append(out, text)
	}

	return printable(strings.Join(out, ", "))
}

func queues(f *facts.Facts) string {
	var out []string
	for _, q := range f.Queues {
		out = append(out, q.Name)
	}

	return printable(strings.Join(out, ", "))
}

func securityOf(f *facts.Facts) string {
	for _, r := range f.Changelog {
		if r.Version != f.Version {
			continue
		}

		if len(r.Advisories) > 0 {
			return printable(strings.Join(r.Advisories, ", "))
		}

		if r.Security {
			return "yes, without ids"
		}
	}

	return "none that its changelog names"
}
