//go:build real

package stories_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/goingdark-social/bot/internal/postgrestest"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// TestStoriesOfADatabase runs the stories in which a real PostgreSQL is asked,
// by a role that may read schema_migrations and nothing else.
func TestStoriesOfADatabase(t *testing.T) {
	server := postgrestest.Start(t)
	server.Exec("postgres", "CREATE ROLE bot LOGIN PASSWORD 'canary'")

	words := commands()
	words["migrated"] = migrated // migrated VERSION [pre]: the migrations of that release have run, or those of its first phase
	words["rows"] = rows         // rows TABLE N: PostgreSQL estimates that many
	words["denied"] = denied     // denied: the program's role may not write
	words["offline"] = offline   // offline: the database cannot be reached any more

	var number atomic.Int64

	testscript.Run(t, testscript.Params{
		Dir:  filepath.Join("testdata", "database"),
		Cmds: words,
		Setup: func(env *testscript.Env) error {
			if err := setup(env, nil); err != nil {
				return err
			}

			name := fmt.Sprintf("story_%d", number.Add(1))

			return furnish(env, &stock{admin: server.Admin(name), dsn: server.DSN(name, "bot", "canary")}, server.Admin("postgres"), name)
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_STORIES") != "",
	})
}

// stock is the database that a story has for itself.
type stock struct {
	admin, dsn string // how the owner reaches it, and how the program does
}

type stockKey struct{}

// insufficientPrivilege is PostgreSQL's code for it.
const insufficientPrivilege = "42501"

// furnish makes a database as Rails does, and tells the operator's file where
// it is.
func furnish(env *testscript.Env, s *stock, postgres, name string) error {
	env.Values[stockKey{}] = s

	err := errors.Join(
		tellPostgres(postgres, "CREATE DATABASE "+name),
		tellPostgres(s.admin, "CREATE TABLE schema_migrations (version varchar PRIMARY KEY)", "GRANT SELECT ON schema_migrations TO bot"),
	)
	if err != nil {
		return err
	}

	file := filepath.Join(env.WorkDir, "dsn")
	if err := os.WriteFile(file, []byte(s.dsn), 0o600); err != nil {
		return err
	}

	operator, err := os.OpenFile(filepath.Join(env.WorkDir, "operator.yaml"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer operator.Close()

	_, err = fmt.Fprintf(operator, "database: {dsnFrom: {file: %q}}\n", file)

	return err
}

// tellPostgres runs statements, a transaction each.
func tellPostgres(dsn string, statements ...string) error {
	ctx := context.Background()

	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)

	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}

	return nil
}

func stockOf(ts *testscript.TestScript) *stock {
	s, _ := ts.Value(stockKey{}).(*stock)

	return s
}

func migrated(ts *testscript.TestScript, _ bool, args []string) {
	f, err := facts.Embedded(version.Parse(arg(ts, args, 0, "")))
	check(ts, err)

	statements := []string{}

	for _, m := range f.Migrations {
		if arg(ts, args, 1, "all") == "all" || m.Phase == facts.Pre {
			statements = append(statements, "INSERT INTO schema_migrations VALUES ('"+m.Version+"') ON CONFLICT DO NOTHING")
		}
	}

	check(ts, tellPostgres(stockOf(ts).admin, strings.Join(statements, ";")))
}

func rows(ts *testscript.TestScript, _ bool, args []string) {
	table, n := arg(ts, args, 0, ""), arg(ts, args, 1, "")
	check(ts, tellPostgres(stockOf(ts).admin,
		"CREATE TABLE IF NOT EXISTS "+table+" (id bigint)", "UPDATE pg_class SET reltuples = "+n+" WHERE relname = '"+table+"'"))
}

// denied proves that the program's address lets nobody write.
func denied(ts *testscript.TestScript, _ bool, _ []string) {
	for _, write := range []string{"INSERT INTO schema_migrations VALUES ('1')", "DELETE FROM schema_migrations", "CREATE TABLE mine (id int)"} {
		err := tellPostgres(stockOf(ts).dsn, write)
		if refused, ok := errors.AsType[*pgconn.PgError](err); !ok || refused.Code != insufficientPrivilege {
			ts.Fatalf("%s: %v, want it denied", write, err)
		}
	}
}

// offline takes the way to the database away.
func offline(ts *testscript.TestScript, _ bool, _ []string) {
	check(ts, os.WriteFile(ts.MkAbs("dsn"), []byte("postgres://bot:canary@127.0.0.1:1/mastodon?sslmode=disable"), 0o600))
}
