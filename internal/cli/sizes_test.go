package cli

import (
	"bytes"
	"context"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// spoken runs a command on the tidy example with a database at an address, and
// gives its output and exit status.
func spoken(t *testing.T, dsn string, command func(*Program, *globals) *cobra.Command, args ...string) (stdout, stderr string, status int) {
	t.Helper()

	var out, errs bytes.Buffer

	p := &Program{
		Stdout: &out, Stderr: &errs, ReadFile: os.ReadFile,
		Now: func() time.Time { return time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC) },
		Getenv: func(name string) string {
			if name == "MASTODON_RO_DSN" {
				return dsn
			}

			return ""
		},
	}
	cmd := command(p, &globals{output: "text"})
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetArgs(args)

	status = p.status(cmd.ExecuteContext(t.Context()))

	return out.String(), errs.String(), status
}

// silent is the address of a server that takes connections and says nothing.
func silent(t *testing.T) string {
	t.Helper()

	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}

	context.AfterFunc(t.Context(), func() { l.Close() })

	return l.Addr().String()
}

// TestNotesWithoutADatabase: one that can't be asked costs one warning, and the
// notes are those without sizes.
func TestNotesWithoutADatabase(t *testing.T) {
	t.Parallel()

	notes := []string{"v4.3.8", "v4.4.3", "--path", tidy, "--offline"}
	plain, _, status := spoken(t, "", newNotes, notes...)

	if status != exitDone || !strings.Contains(plain, "statuses") || strings.Contains(plain, "rows here") {
		t.Fatalf("exit %d: %s", status, plain)
	}

	for name, dsn := range map[string]string{
		"down":       "postgres://bot:canary@127.0.0.1:1/mastodon?sslmode=disable",
		"slow":       "postgres://bot:canary@" + silent(t) + "/mastodon?sslmode=disable&connect_timeout=1",
		"no address": "canary at db:5432",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, says, status := spoken(t, dsn, newNotes, append(notes, "--database")...)
			if status != exitDone || got != plain {
				t.Errorf("exit %d, other notes than without one", status)
			}

			if strings.Count(says, "level=WARN") != 1 || !strings.Contains(says, "the sizes of the tables are not known") || strings.Contains(says, "canary") {
				t.Errorf("it says:\n%s", says)
			}
		})
	}
}

// TestSizesAreAskedFor: what contradicts itself, or leads nowhere, is said
// before anything is done.
func TestSizesAreAskedFor(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		command func(*Program, *globals) *cobra.Command
		args    []string
		status  int
		says    string
	}{
		"no address": {newNotes, []string{"v4.3.8", "v4.4.3"}, exitFailed, "MASTODON_RO_DSN"},
		"nor here":   {newBump, []string{"v4.4.4", "--path", tidy, "--dry-run", "--offline"}, exitFailed, "MASTODON_RO_DSN"},
		"on GitHub":  {newBump, []string{"v4.4.4", "--repo", "example/gitops"}, exitMisused, "--database goes with --path"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var errs bytes.Buffer

			p := &Program{Stdout: &errs, Stderr: &errs, ReadFile: os.ReadFile, Now: time.Now, Getenv: func(string) string { return "" }}
			cmd := c.command(p, &globals{output: "text"})
			cmd.SilenceErrors, cmd.SilenceUsage = true, true
			cmd.SetArgs(append(c.args, "--database"))

			if status := p.status(cmd.ExecuteContext(t.Context())); status != c.status || !strings.Contains(errs.String(), c.says) {
				t.Errorf("exit %d: %s", status, errs.String())
			}
		})
	}
}
