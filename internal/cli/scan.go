package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goingdark-social/bot/pkg/contract"
	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/repo"
)

func newScan(p *Program, g *globals) *cobra.Command {
	var (
		path   string
		strict bool
	)

	cmd := &cobra.Command{
		Use:   "scan",
		Short: "List every place that names an image of Mastodon",
		Long: `Scan reads a tree and lists every reference to an image of Mastodon with its file,
line and form, and the application it belongs to. Problems are references that
cannot be read or could not be moved safely; with --strict they fail the command.`,
		Example: example("bot scan --path .", "bot scan --path . -o json | jq '.references[].file'", "bot scan --strict   # for CI"),
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := repo.OpenDir(path, effect.Direct{})
			if err != nil {
				return err
			}

			view, err := look.At(cmd.Context(), dir.FS())
			if err != nil {
				return err
			}

			if err := p.scanned(g, view.Tree); err != nil {
				return err
			}

			if strict && len(view.Tree.Problems) > 0 {
				return statusError{exitFailed}
			}

			return nil
		},
	}

	cmd.Flags().StringVar(&path, "path", ".", "the folder to read")
	cmd.Flags().BoolVar(&strict, "strict", false, "exit 1 when there are problems")

	return cmd
}

func (p *Program) scanned(g *globals, tree *patch.Tree) error {
	if g.json() {
		return p.json(scanContract(tree))
	}

	rows := make([][]any, 0, len(tree.References))

	for _, r := range tree.References {
		application := r.Application
		if r.Shared {
			application = "(shared)"
		}

		rows = append(rows, []any{
			p.paint(dim, oneLine(application)),
			oneLine(fmt.Sprintf("%s:%d:%d", r.File, r.Line, r.Column)),
			string(r.Form),
			join(r.Components),
			oneLine(r.Image),
			p.paint(cyan, oneLine(tagAndDigest(r))),
		})
	}

	if len(rows) == 0 {
		fmt.Fprintln(p.Stdout, "No image of Mastodon is named here.")
	} else {
		p.table([]any{"application", "place", "form", "components", "image", "version"}, rows)
	}

	for _, problem := range tree.Problems {
		fmt.Fprintf(p.Stdout, "%s %s\n", p.paint(yellow, "problem:"), printable(problem.String()))
	}

	return nil
}

func tagAndDigest(r patch.Reference) string {
	if r.Digest == "" {
		return r.Tag
	}

	short := r.Digest[:min(len(r.Digest), len("sha256:")+12)]

	return strings.TrimPrefix(r.Tag+"@"+short, "@")
}

func join(components []patch.Component) string {
	words := make([]string, 0, len(components))
	for _, c := range components {
		words = append(words, string(c))
	}

	return strings.Join(words, ", ")
}

func scanContract(tree *patch.Tree) contract.Scan {
	out := contract.NewScan()

	for _, r := range tree.References {
		ref := contract.Reference{
			File: r.File, Line: r.Line, Column: r.Column, Form: string(r.Form),
			Image: r.Image, Tag: r.Tag, Digest: r.Digest, Application: r.Application,
			Components: []string{},
		}

		for _, c := range r.Components {
			ref.Components = append(ref.Components, string(c))
		}

		out.References = append(out.References, ref)
	}

	for _, problem := range tree.Problems {
		out.Problems = append(out.Problems, contract.Problem{File: problem.File, Line: problem.Line, Message: problem.Message})
	}

	return out
}
