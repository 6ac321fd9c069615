//go:build real

package cli

import (
	"strings"
	"testing"

	"github.com/goingdark-social/bot/internal/postgrestest"
)

// TestSizesOfARealDatabase: a role that may read schema_migrations and nothing
// else sharpens the notes of both commands.
func TestSizesOfARealDatabase(t *testing.T) {
	server := postgrestest.Start(t)
	server.Exec("postgres", "CREATE ROLE bot LOGIN PASSWORD 'canary'")

	for name, first := range map[string]string{"mastodon": "20160220174730", "stranger": "20010101000000"} {
		server.Exec("postgres", "CREATE DATABASE "+name)
		server.Exec(name,
			"CREATE TABLE schema_migrations (version varchar PRIMARY KEY)", "INSERT INTO schema_migrations VALUES ('"+first+"')",
			"CREATE TABLE statuses (id bigint)", "CREATE TABLE accounts (id bigint)",
			"UPDATE pg_class SET reltuples = 12000000 WHERE relname IN ('accounts', 'statuses')",
			"GRANT SELECT ON schema_migrations TO bot")
	}

	server.Exec("postgres", "CREATE DATABASE empty")

	notes := []string{"v4.3.8", "v4.4.3", "--offline", "--database"}

	for name, args := range map[string][]string{"of releases": notes, "of a tree": append(notes, "--path", tidy)} {
		got, says, status := spoken(t, server.DSN("mastodon", "bot", "canary"), newNotes, args...)
		if status != exitDone || !strings.Contains(got, "statuses (about 12 M rows here)") || says != "" {
			t.Errorf("%s: exit %d: %s%s", name, status, says, got)
		}
	}

	_, says, status := spoken(t, server.DSN("mastodon", "bot", "canary"), newBump, "v4.6.0", "--path", tidy, "--dry-run", "--offline", "--database")
	if status != exitDone || !strings.Contains(says, "writers wait for accounts (about 12 M rows here)") || strings.Contains(says, "level=") {
		t.Errorf("bump: exit %d: %s", status, says)
	}

	for name, why := range map[string]string{"empty": "the database is empty", "stranger": "another program's"} {
		got, says, status := spoken(t, server.DSN(name, "bot", "canary"), newNotes, notes...)
		if status != exitDone || strings.Contains(got, "rows here") || strings.Count(says, "level=WARN") != 1 || !strings.Contains(says, why) {
			t.Errorf("%s: exit %d: %s%s", name, status, says, got)
		}
	}
}
