package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/veil"
)

// Exit statuses. They are part of the contract.
const (
	exitDone    = 0  // done, or nothing to do
	exitFailed  = 1  // failed
	exitFound   = 2  // found something
	exitMisused = 64 // wrong usage
)

// Program is everything that a run of the command line takes from outside.
type Program struct {
	Args           []string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	ReadFile       func(string) ([]byte, error)
	Now            func() time.Time
	// Transport carries every HTTP request that is not git's; nil stands
	// for http.DefaultTransport.
	Transport http.RoundTripper
	// Git carries git's own requests; nil stands for one like
	// http.DefaultTransport.
	Git http.RoundTripper
	// Seam is what every change to GitHub, git and Slack passes; nil stands for
	// effect.Direct. Tests end the program at one.
	Seam effect.Seam
	// PlainHTTP lists registry hosts that speak HTTP without TLS, for tests
	// and the demo.
	PlainHTTP []string
	// Anonymous signs in to no registry, whatever the docker config says.
	Anonymous bool
	// Colour and Live tell that stdout and stderr are terminals to a person.
	Colour, Live bool

	veil *veil.Veil // hides every secret that this run meets
}

// FromOS is the program as the operating system started it.
func FromOS() Program {
	noColour := os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb"

	return Program{
		Args:     os.Args[1:],
		Stdin:    os.Stdin,
		Stdout:   os.Stdout,
		Stderr:   os.Stderr,
		Getenv:   os.Getenv,
		ReadFile: os.ReadFile,
		Now:      time.Now,
		Colour:   !noColour && term.IsTerminal(int(os.Stdout.Fd())),
		Live:     !noColour && term.IsTerminal(int(os.Stderr.Fd())),
	}
}

// statusError ends the program with a status; its message, if any, was
// already printed as the command's result.
type statusError struct{ status int }

func (e statusError) Error() string { return fmt.Sprintf("exit status %d", e.status) }

// usageError is a mistake in how the program was called.
type usageError struct {
	err     error
	command string
}

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

func misused(command, format string, args ...any) error {
	return usageError{err: fmt.Errorf(format, args...), command: command}
}

// Run runs the program and returns its exit status.
func Run(ctx context.Context, p Program) (status int) {
	p.cover()
	defer p.recovered(&status)

	root := newRoot(&p)
	root.SetArgs(p.Args)
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)

	err := root.ExecuteContext(ctx)

	return p.status(err)
}

// status prints err, if it is one to print, and says how the program ends.
func (p *Program) status(err error) int {
	if err == nil {
		return exitDone
	}

	if status, ok := errors.AsType[statusError](err); ok {
		return status.status
	}

	usage, misused := errors.AsType[usageError](err)
	said := veil.Shaped(err.Error())

	if misused { // it repeats what was written where something else belongs
		said = veil.Stray(said)
	}

	fmt.Fprintf(p.Stderr, "%s %s\n", p.paint(red, "bot:"), printable(said))

	if misused {
		fmt.Fprintf(p.Stderr, "Run '%s --help' for usage.\n", usage.command)

		return exitMisused
	}

	return exitFailed
}
