//go:build real

package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/internal/postgrestest"
	"github.com/goingdark-social/bot/pkg/contract"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// TestDriftDatabase holds the tidy example, on v4.4.3, against databases of
// several releases, read by a role that can't write.
func TestDriftDatabase(t *testing.T) {
	server := postgrestest.Start(t)
	server.Exec("postgres", "CREATE ROLE bot LOGIN PASSWORD 'canary'")

	migrate := func(name string, keep func(facts.Migration) bool, release string) {
		f, err := facts.Embedded(version.Parse(release))
		if err != nil {
			t.Fatal(err)
		}

		server.Exec("postgres", "CREATE DATABASE "+name)
		server.Exec(name, "CREATE TABLE schema_migrations (version varchar PRIMARY KEY)", "GRANT SELECT ON schema_migrations TO bot")

		var inserts []string

		for _, m := range f.Migrations {
			if keep(m) {
				inserts = append(inserts, "INSERT INTO schema_migrations VALUES ('"+m.Version+"')")
			}
		}

		server.Exec(name, strings.Join(inserts, ";"))
	}
	all := func(facts.Migration) bool { return true }

	older := map[string]bool{}
	if f, err := facts.Embedded(version.Parse("v4.3.8")); err == nil {
		for _, m := range f.Migrations {
			older[m.Version] = true
		}
	}

	migrate("same", all, "v4.4.3")
	migrate("before", all, "v4.3.8")
	migrate("halfway", func(m facts.Migration) bool { return m.Phase == facts.Pre || older[m.Version] }, "v4.4.3")
	migrate("beyond", all, "v4.5.0")
	migrate("stranger", func(facts.Migration) bool { return false }, "v4.4.3")
	server.Exec("stranger", "INSERT INTO schema_migrations VALUES ('20010101000000')")

	for database, want := range map[string][]string{
		"same":     nil,
		"before":   {"error migration-pending in phase pre are not in the database", "warning migration-pending in phase post are not in the database"},
		"halfway":  {"warning migration-pending in phase post are not in the database"},
		"beyond":   {"error migration-pending the database was migrated beyond v4.4.3"},
		"stranger": {"error migration-pending schema_migrations has 1 row, and none of v4.4.3"},
	} {
		var out, errs bytes.Buffer

		p := &Program{Stdout: &out, Stderr: &errs, ReadFile: os.ReadFile, Now: time.Now, Getenv: func(name string) string {
			if name == "MASTODON_RO_DSN" {
				return server.DSN(database, "bot", "canary")
			}

			return ""
		}}
		cmd := newDrift(p, &globals{output: "json"})
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		cmd.SetArgs([]string{"--offline", "--path", tidy, "--database", "--checks", "migration-pending"})

		status := p.status(cmd.ExecuteContext(t.Context()))

		var report contract.Drift
		if err := json.Unmarshal(out.Bytes(), &report); err != nil {
			t.Fatalf("%s: exit %d: %v\n%s", database, status, err, errs.String())
		}

		var got []string

		for i, f := range report.Findings {
			line := fmt.Sprintf("%s %s %s", f.Severity, f.Check, f.Message)
			if i < len(want) {
				if head, tail, _ := strings.Cut(want[i], "migration-pending "); strings.HasPrefix(line, head) && strings.Contains(line, tail) {
					line = want[i]
				}
			}

			got = append(got, line)
		}

		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", database, diff)
		}

		if strings.Contains(errs.String(), "may write") {
			t.Errorf("%s: the role is said to be able to write", database)
		}
	}
}
