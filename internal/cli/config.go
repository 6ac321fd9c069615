package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/look"
)

func newConfig(p *Program, _ *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Check a configuration file, print the schemas",
		Args:  exactly(),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}

	cmd.AddCommand(newConfigCheck(p), newConfigSchema(p))

	return cmd
}

func newConfigCheck(p *Program) *cobra.Command {
	var kind string

	cmd := &cobra.Command{
		Use:   "check [FILE]",
		Short: "Check a configuration file and name every mistake with its line",
		Long: `Check reads bot.yaml, the policy in a repository, or with --kind operator the file
of the person who runs the bot. FILE is - for standard input.`,
		Example: example("bot config check", "bot config check --kind operator /etc/bot/operator.yaml"),
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			name := look.PolicyFile
			if len(args) == 1 {
				name = args[0]
			}

			data, err := p.input(name)
			if err != nil {
				return err
			}

			if err := parse(kind, name, data); err != nil {
				return err
			}

			fmt.Fprintf(p.Stdout, "%s is in order.\n", printable(name))

			return nil
		},
	}

	cmd.Flags().StringVar(&kind, "kind", "policy", "which file it is: policy or operator")

	return cmd
}

func (p *Program) input(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(p.Stdin)
	}

	data, err := p.ReadFile(filepath.Clean(name))
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}

	return data, nil
}

func parse(kind, name string, data []byte) error {
	switch kind {
	case "policy":
		_, err := config.ParsePolicy(name, data)

		return err
	case "operator":
		_, err := config.ParseOperator(name, data)

		return err
	}

	return misused("bot config check", "--kind is policy or operator, not %q", kind)
}

func newConfigSchema(p *Program) *cobra.Command {
	return &cobra.Command{
		Use:       "schema policy|operator",
		Short:     "Print the JSON Schema of a configuration file, for editors",
		Example:   example("bot config schema policy > bot.schema.json"),
		ValidArgs: []string{"policy", "operator"},
		Args:      exactly("policy or operator"),
		RunE: func(_ *cobra.Command, args []string) error {
			schema := config.PolicySchema

			switch args[0] {
			case "policy":
			case "operator":
				schema = config.OperatorSchema
			default:
				return misused("bot config schema", "there is a schema of policy and of operator, not of %q", args[0])
			}

			_, err := fmt.Fprintln(p.Stdout, strings.TrimSpace(string(schema())))

			return err
		},
	}
}
