package demo

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/internal/world"
	"github.com/goingdark-social/bot/pkg/version"
)

// Call is one run of the program.
type Call struct {
	Args []string
	// Operator is the text of the operator's file.
	Operator  string
	Getenv    func(string) string
	Now       func() time.Time
	Transport http.RoundTripper
}

// Options say what is played.
type Options struct {
	// Tree is the repository's content.
	Tree fs.FS
	// Application is the one whose releases appear.
	Application Application
	// Run runs the program and returns what it printed.
	Run func(ctx context.Context, c Call) (output string, err error)
	// Say receives each act as it ends.
	Say func(Act)
}

// Application is what the demo has to know of the tree.
type Application struct {
	Name           string
	Web, Streaming string // image names; Streaming is "" when one image serves both
	On             version.Version
}

// Act is one pass of the program and what went before it.
type Act struct {
	Number  int
	What    string // what happened in the world
	Command string
	Output  string
}

// Outcome is what the world holds in the end.
type Outcome struct {
	PullRequests []PullRequest
	Messages     []string
	// Check is what the program says about releases that are not proposed.
	Check string
	// Unexpected is what the program asked for that no stand-in knows.
	Unexpected []string
}

// PullRequest is one as the stand-in keeps it, with the diff of its branch.
type PullRequest struct {
	Number                         int
	State, Title, Body, Head, Diff string
}

// play is a demo under way.
type play struct {
	Options

	world  *world.World
	now    time.Time
	family registrytest.Family
	acts   int
}

// Play runs the demo in a temporary folder, which it removes.
func Play(ctx context.Context, o Options) (*Outcome, error) {
	dir, err := os.MkdirTemp("", "bot-demo-")
	if err != nil {
		return nil, fmt.Errorf("a folder for the git server: %w", err)
	}
	defer os.RemoveAll(dir)

	host, _, _ := strings.Cut(o.Application.Web, "/")
	p := &play{Options: o, now: time.Now().UTC().Truncate(time.Minute)}
	p.family = registrytest.Family{
		Web:       strings.TrimPrefix(o.Application.Web, host+"/"),
		Streaming: strings.TrimPrefix(o.Application.Streaming, host+"/"),
	}

	p.world, err = world.Start(ctx, world.Options{
		Dir: dir, Host: host, Files: o.Tree, Now: func() time.Time { return p.now },
	})
	if err != nil {
		return nil, err
	}
	defer p.world.Close()

	if err := p.acted(ctx); err != nil {
		return nil, err
	}

	return p.outcome(ctx)
}

// run lets the program make a pass and tells of it.
func (p *play) run(ctx context.Context, what string) error {
	output, err := p.call(ctx, "run")
	p.acts++
	p.Say(Act{Number: p.acts, What: what, Command: "bot run", Output: output})

	return err
}

func (p *play) call(ctx context.Context, args ...string) (string, error) {
	env := p.world.Env()

	return p.Run(ctx, Call{
		Args:      args,
		Operator:  p.world.Operator(),
		Getenv:    func(name string) string { return env[name] },
		Now:       func() time.Time { return p.now },
		Transport: p.world.Transport(),
	})
}
