//go:build real

package database_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/goingdark-social/bot/internal/postgrestest"
	"github.com/goingdark-social/bot/pkg/database"
)

// TestRead asks a real server as a role that may read and nothing else.
func TestRead(t *testing.T) {
	server := postgrestest.Start(t)
	server.Exec("postgres", "CREATE DATABASE mastodon", "CREATE DATABASE empty", "CREATE ROLE bot LOGIN PASSWORD 'canary'", "CREATE ROLE other LOGIN PASSWORD 'canary'")
	server.Exec("mastodon",
		"CREATE TABLE schema_migrations (version varchar PRIMARY KEY)",
		"INSERT INTO schema_migrations VALUES ('20250520192024'), ('20160220174730')",
		"CREATE TABLE statuses (id bigint PRIMARY KEY, text text)",
		"INSERT INTO statuses SELECT n, 'x' FROM generate_series(1, 12000) n",
		"CREATE TABLE accounts (id bigint PRIMARY KEY)",
		"ANALYZE statuses", "ANALYZE schema_migrations",
		"CREATE SCHEMA elsewhere", "CREATE TABLE elsewhere.things (id int)",
		"GRANT SELECT ON schema_migrations TO bot")

	dsn := server.DSN("mastodon", "bot", "canary")

	got, err := database.Read(t.Context(), database.Options{DSN: dsn})
	if err != nil {
		t.Fatal(err)
	}

	if diff := cmp.Diff([]string{"20160220174730", "20250520192024"}, got.Migrations); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	rows := map[string]int64{}
	for _, table := range got.Tables {
		rows[table.Name] = table.Rows

		if table.Bytes == 0 {
			t.Errorf("%s has no size", table.Name)
		}
	}

	if diff := cmp.Diff(map[string]int64{"accounts": -1, "schema_migrations": 2, "statuses": 12000}, rows); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	if got.Writable {
		t.Error("the role is said to be able to write")
	}

	writeIsDenied(t, dsn)

	if got, err = database.Read(t.Context(), database.Options{DSN: server.Admin("mastodon")}); err != nil || !got.Writable {
		t.Errorf("the owner is not said to be able to write: %v", err)
	}

	if got, err = database.Read(t.Context(), database.Options{DSN: server.DSN("empty", "bot", "canary")}); err != nil || len(got.Migrations) > 0 {
		t.Errorf("an empty database: %v, %v", got, err)
	}

	trouble(t, server)
}

// writeIsDenied proves that what reads can't write.
func writeIsDenied(t *testing.T, dsn string) {
	t.Helper()

	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())

	for _, statement := range []string{"INSERT INTO schema_migrations VALUES ('1')", "DELETE FROM schema_migrations", "SELECT * FROM statuses", "DROP TABLE statuses"} {
		_, err := conn.Exec(t.Context(), statement)
		if denied, ok := errors.AsType[*pgconn.PgError](err); !ok || denied.Code != "42501" {
			t.Errorf("%s: err = %v, want it denied", statement, err)
		}
	}
}

func trouble(t *testing.T, server *postgrestest.Server) {
	t.Helper()

	_, err := database.Read(t.Context(), database.Options{DSN: server.DSN("mastodon", "other", "canary")})
	if err == nil || !strings.Contains(err.Error(), "GRANT SELECT on schema_migrations") {
		t.Errorf("a role without rights: err = %v", err)
	}

	_, err = database.Read(t.Context(), database.Options{DSN: server.DSN("mastodon", "bot", "wrong-canary")})
	if err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("a wrong password: err = %v", err)
	}

	_, err = database.Read(t.Context(), database.Options{DSN: server.DSN("nowhere", "bot", "canary")})
	if err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("no such database: err = %v", err)
	}

	// A table of that name that another program made, as it likes.
	server.Exec("empty", "CREATE TABLE schema_migrations (id int, dirty bool)", "GRANT SELECT ON schema_migrations TO bot")

	_, err = database.Read(t.Context(), database.Options{DSN: server.DSN("empty", "bot", "canary")})
	if strange, ok := errors.AsType[*database.Error](err); !ok || strange.Temporary || !strings.Contains(err.Error(), "reading schema_migrations") {
		t.Errorf("a table without versions: err = %v", err)
	}

	// Somebody rewrites the table and lets nobody read it.
	conn, err := pgx.Connect(t.Context(), server.Admin("mastodon"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())

	if _, err := conn.Exec(t.Context(), "BEGIN; LOCK TABLE schema_migrations IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}

	begun := time.Now()
	_, err = database.Read(t.Context(), database.Options{DSN: server.DSN("mastodon", "bot", "canary"), Timeout: time.Second})

	slow, ok := errors.AsType[*database.Error](err)
	if !ok || !slow.Temporary || time.Since(begun) > 10*time.Second {
		t.Errorf("a locked table: err = %v after %s", err, time.Since(begun))
	}
}
