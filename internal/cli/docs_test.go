package cli

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// called is the program in a line of a console block, up to a comment or a pipe.
var called = regexp.MustCompile(`(?m)^ *\$ (?:[A-Z_]+=\S+ )*bot ([^#|>\n]*)`)

// TestTheDocumentationCallsWhatThereIs: each command of the pages exists and
// takes the flags and arguments that it is given there.
func TestTheDocumentationCallsWhatThereIs(t *testing.T) {
	t.Parallel()

	n := 0

	for _, page := range []string{"../../README.md", "../../docs/getting-started.md", "../../docs/running.md"} {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}

		for _, m := range called.FindAllStringSubmatch(string(data), -1) {
			n++

			if err := understood(strings.Fields(m[1])); err != nil {
				t.Errorf("%s: bot %s: %v", filepath.Base(page), m[1], err)
			}
		}
	}

	if n < 10 {
		t.Errorf("%d commands found", n)
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
