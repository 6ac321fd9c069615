package cli

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/goingdark-social/bot/internal/gittest"
)

// called is the program in a line of a console block, up to a comment, a pipe or a file.
var called = regexp.MustCompile(`(?m)^ *\$ (?:[A-Z_]+=\S+ )*(?:\./|go run \./cmd/)?bot(?: ([^#|>\n]*))?`)

// words are those of a command line; what is quoted is one word.
var words = regexp.MustCompile(`'[^']*'|"[^"]*"|\S+`)

// command is one call of the program in the documentation.
type command struct {
	page string
	args []string
}

// commands are all calls in the fenced blocks of all pages.
func commands(t *testing.T) []command {
	t.Helper()

	var all []command

	for _, p := range documentation(t) {
		for _, block := range p.blocks {
			for _, m := range called.FindAllStringSubmatch(block, -1) {
				args := words.FindAllString(m[1], -1)
				for i, a := range args {
					args[i] = strings.Trim(a, `'"`)
				}

				all = append(all, command{p.name, args})
			}
		}
	}

	return all
}

// TestTheDocumentationCallsWhatThereIs: each command of the pages exists and
// takes the flags and arguments that it is given there.
func TestTheDocumentationCallsWhatThereIs(t *testing.T) {
	t.Parallel()

	all := commands(t)
	if len(all) < 30 {
		t.Errorf("%d commands found", len(all))
	}

	for _, c := range all {
		if err := understood(c.args); err != nil {
			t.Errorf("%s: bot %s: %v", c.page, strings.Join(c.args, " "), err)
		}
	}
}

// understood parses a command line and runs nothing.
func understood(args []string) error {
	p := &Program{Stdout: io.Discard, Stderr: io.Discard}
	root := newRoot(p)

	cmd, rest, err := root.Find(args)
	if err != nil {
		return err
	}

	if cmd == root {
		return unknownCommand(root, args)
	}

	if err := cmd.ParseFlags(rest); err != nil {
		return err
	}

	var missing error

	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Annotations["cobra_annotation_bash_completion_one_required_flag"] != nil && !f.Changed {
			missing = misused(cmd.CommandPath(), "--%s is missing", f.Name)
		}
	})

	if missing != nil {
		return missing
	}

	return cmd.ValidateArgs(cmd.Flags().Args())
}

// offline are the commands that ask nobody for anything, given a folder or
// nothing at all.
func offline(args []string) bool {
	switch {
	case slices.Contains(args, "--repo") || slices.Contains(args, "--config") || slices.Contains(args, "--upstream"):
		return false
	case slices.Contains(args, "--offline"):
		return slices.Contains(args, "--path")
	case len(args) == 0:
		return false
	}

	return slices.Contains([]string{"scan", "history", "facts", "version"}, args[0]) || len(args) > 1 && args[0] == "config" && args[1] == "schema"
}

// unplugged is a network that nobody may use.
type unplugged struct{}

func (unplugged) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("this command said that it asks nobody")
}

// TestTheDocumentationRuns: what can run without a network is run, in a clone
// of the tidy example.
func TestTheDocumentationRuns(t *testing.T) {
	t.Parallel()

	ran := 0

	for _, c := range commands(t) {
		if !offline(c.args) {
			continue
		}

		ran++

		args := slices.Clone(c.args)
		if i := slices.Index(args, "--path"); i >= 0 {
			args[i+1] = clone(t)
		}

		var out, errs bytes.Buffer

		status := Run(t.Context(), Program{
			Args: args, Stdout: &out, Stderr: &errs, ReadFile: os.ReadFile, Getenv: func(string) string { return "" }, Transport: unplugged{},
			Now: func() time.Time { return gittest.Epoch },
		})
		if status != exitDone && status != exitFound || out.Len() == 0 {
			t.Errorf("%s: bot %s: exit status %d: %s", c.page, strings.Join(c.args, " "), status, errs.String())
		}
	}

	if ran < 8 {
		t.Errorf("%d commands were run", ran)
	}
}

// clone is the tidy example as a repository with one commit.
func clone(t *testing.T) string {
	t.Helper()

	dir := copied(t, "goingdark")

	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "-qm", "first"}} {
		if _, err := gittest.Git(t.Context(), dir, nil, args...); err != nil {
			t.Fatal(err)
		}
	}

	return dir
}

// TestEveryPageIsReachedFromTheReadme by following links.
func TestEveryPageIsReachedFromTheReadme(t *testing.T) {
	t.Parallel()

	reached := documentation(t)

	all, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(all) < 10 {
		t.Fatalf("%v, %v", all, err)
	}

	for _, file := range append(all, "../../CONTRIBUTING.md", "../../examples/README.md") {
		if name := strings.TrimPrefix(filepath.ToSlash(file), "../../"); reached[name] == nil {
			t.Errorf("no link leads from the README to %s", name)
		}
	}
}

// TestEveryLinkLeadsSomewhere: to a file of the tree, and to a heading that it
// has.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()

	pages, n := documentation(t), 0

	for _, p := range pages {
		for _, link := range p.links {
			n++

			target, anchor, _ := strings.Cut(link, "#")
			at := p.name

			if target != "" {
				at = path.Join(path.Dir(p.name), target)
			}

			if _, err := os.Stat(filepath.Join("../..", filepath.FromSlash(at))); err != nil {
				t.Errorf("%s links to %s: %v", p.name, link, err)
			}

			if to := pages[at]; anchor != "" && to != nil && !slices.Contains(to.anchors, anchor) {
				t.Errorf("%s links to %s, which has no such heading", p.name, link)
			}
		}
	}

	if n < 50 {
		t.Errorf("%d links found", n)
	}
}
