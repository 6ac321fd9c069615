package cli

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"

	"github.com/spf13/cobra"

	"github.com/goingdark-social/bot/examples"
	"github.com/goingdark-social/bot/internal/demo"
	"github.com/goingdark-social/bot/pkg/contract"
	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/repo"
	"github.com/goingdark-social/bot/pkg/version"
)

func newDemo(p *Program, g *globals) *cobra.Command {
	var path, app string

	cmd := &cobra.Command{
		Use:   "demo",
		Short: "See the whole loop on this machine, without an account",
		Long: `Demo starts a registry that answers for ghcr.io, a git server, and stand-ins for
GitHub and Slack on loopback, and runs the real program against them: releases
appear, one of them late by half, and a pull request opens and moves on. Nothing
leaves this machine, and the folder given with --path is only read. It needs git.`,
		Example: example("bot demo", "bot demo --path .   # on a copy of your own tree"),
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := exec.LookPath("git"); err != nil {
				return fmt.Errorf("the demo's git server needs git: %w", err)
			}

			tree, name, err := demoTree(path)
			if err != nil {
				return err
			}

			return p.demo(cmd.Context(), g, tree, name, app)
		},
	}

	cmd.Flags().StringVar(&path, "path", "", "a folder to read instead of the example")
	cmd.Flags().StringVar(&app, "app", "", "the application, where there are several")

	return cmd
}

func demoTree(path string) (tree fs.FS, name string, err error) {
	if path == "" {
		tree, err = examples.GoingDark()

		return tree, "examples/goingdark", err
	}

	dir, err := repo.OpenDir(path, effect.Direct{})
	if err != nil {
		return nil, "", err
	}

	return dir.FS(), path, nil
}

func (p *Program) demo(ctx context.Context, g *globals, tree fs.FS, name, app string) error {
	view, err := look.At(ctx, tree)
	if err != nil {
		return err
	}

	apps, err := view.Select(app, false)
	if err != nil {
		return err
	}

	about, err := demoApplication(apps[0])
	if err != nil {
		return err
	}

	var say func(demo.Act)

	out := contract.NewDemo(about.Name, about.On.String())

	if g.json() {
		say = func(a demo.Act) {
			out.Acts = append(out.Acts, contract.DemoAct{What: a.What, Command: a.Command, Output: a.Output})
		}
	} else {
		p.prologue(name, about, view.Tree)

		say = p.act
	}

	outcome, err := demo.Play(ctx, demo.Options{Tree: tree, Application: about, Run: p.playRun, Say: say})
	if err != nil {
		return err
	}

	if g.json() {
		return p.json(demoContract(out, outcome))
	}

	return p.epilogue(outcome)
}

// demoApplication is the application if the demo can play with it.
func demoApplication(app patch.Application) (demo.Application, error) {
	out := demo.Application{Name: app.Name, Web: app.Family.Web, Streaming: app.Family.Streaming}

	for _, v := range app.On {
		order, ordered := version.Compare(v, out.On)
		if v.Kind() == version.Release && (!ordered || order > 0) {
			out.On = v
		}
	}

	if out.On.Kind() != version.Release {
		return out, fmt.Errorf("application %s is on no release (%v), and the demo plays with releases", app.Name, app.On)
	}

	return out, nil
}

// playRun runs the program itself, in the demo's world.
func (p *Program) playRun(ctx context.Context, c demo.Call) (string, error) {
	operator, err := os.CreateTemp("", "bot-demo-operator-*.yaml")
	if err != nil {
		return "", fmt.Errorf("a file for the demo's configuration: %w", err)
	}

	defer os.Remove(operator.Name())

	if _, err := operator.WriteString(c.Operator); err != nil {
		return "", err
	}

	if err := operator.Close(); err != nil {
		return "", err
	}

	var stdout, stderr bytes.Buffer

	status := Run(ctx, Program{
		Args: append(c.Args, "--config", operator.Name()), Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
		Getenv: c.Getenv, ReadFile: os.ReadFile, Now: c.Now, Transport: c.Transport, Colour: p.Colour,
		Anonymous: true, // the stand-in has the registry's name, and its user's password is none of its business
	})
	if status != exitDone {
		return stdout.String(), fmt.Errorf("bot %s ended with %d: %s", strings.Join(c.Args, " "), status, strings.TrimSpace(stderr.String()))
	}

	return stdout.String(), nil
}
