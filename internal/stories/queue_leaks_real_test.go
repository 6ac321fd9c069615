//go:build real

package stories_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/goingdark-social/bot/internal/faults/leaks"
	"github.com/goingdark-social/bot/internal/postgrestest"
	"github.com/goingdark-social/bot/internal/world"
)

// TestNothingLeaksIntoTheQueue lets a replica work through a real PostgreSQL,
// among servers that repeat what they are sent, with changes that panic and
// while PostgreSQL goes away, and searches each row of each of River's tables,
// and all that the replica says, for each secret.
func TestNothingLeaksIntoTheQueue(t *testing.T) {
	server := postgrestest.Start(t)
	server.Exec("postgres", "CREATE DATABASE queue", "CREATE ROLE replica LOGIN PASSWORD '"+canaryQueue+"'", "GRANT ALL ON DATABASE queue TO replica")
	server.Exec("queue", "GRANT ALL ON SCHEMA public TO replica")

	words := talkWords()
	words["canaries"] = canaries
	words["mirrors"] = mirrors
	words["bot"] = func(*testscript.TestScript, bool, []string) {}
	words["replica"] = func(ts *testscript.TestScript, _ bool, args []string) {
		replicaLoud(ts, server, server.DSN("queue", "replica", canaryQueue), args)
	}
	words["ending"] = func(ts *testscript.TestScript, _ bool, _ []string) {
		places := placesOf(ts)
		rows := rowsOf(ts, server.Admin("queue"), places)

		for _, leak := range leaks.Find(places, of(ts).canaries) {
			t.Errorf("%s: %s", ts.Name(), leak)
		}

		if !strings.Contains(places["river_job"], "could not send") && !strings.Contains(places["river_job"], "[redacted]") {
			t.Errorf("%s: no job failed in a way that quotes secrets: %s", ts.Name(), places["river_job"])
		}

		t.Logf("%s: %d rows and %d places", ts.Name(), rows, len(places))
		server.Exec("queue", "TRUNCATE river_job")
	}

	for phase, how := range []string{"repeat", "panic", "repeat json"} {
		play(t, []plot{{
			name:   fmt.Sprintf("replica--%d", phase),
			script: fmt.Sprintf("canaries token\nmirrors %d\nrelease v4.4.3\nrelease v4.4.4\nreplica %s\n", phase, how),
		}}, words, setupCanaries)
	}
}

// replicaLoud runs a replica until a job has failed, PostgreSQL was away, and
// another was tried.
func replicaLoud(ts *testscript.TestScript, server *postgrestest.Server, dsn string, args []string) {
	s := of(ts)
	s.seen = map[string]string{}

	if args[0] == "panic" {
		s.seam = &panics{secrets: strings.Join([]string{canaryGitHub, canarySlack, canaryHook, canaryPages, dsn}, " ")}
	} else {
		s.mirror.on(s)
	}

	format := arg(ts, args, 1, "text")
	operator := ts.ReadFile("operator.yaml") + "queue: {dsnFrom: {env: BOT_QUEUE}}\n"
	check(ts, os.WriteFile(ts.MkAbs("operator.yaml"), []byte(operator), 0o600))

	s.more["BOT_QUEUE"] = dsn
	flags := []string{"-v", "--log-format", format}

	if args[0] == "panic" { // this one is given it as people do who have not read that they should not
		flags = append(flags, "--queue", dsn)
	}

	service := serveTo(ts, &s.printed, canaryHook, flags...)
	defer service.stop()

	service.until(ts, "repository failed")
	readAll(ts, service, "after a failure")
	server.Restart(time.Second)

	service.until(ts, "failed")
	readAll(ts, service, "after PostgreSQL was away")

	s.seen["the answer to a wrong password"] = read(ts, http.MethodGet, "http://"+service.address+"/readyz", "wrong")

	if args[0] == "panic" {
		s.seam = nil
	} else {
		s.mirror.off(s)
	}
}

// rowsOf adds every table of a database, each row as text, and says how many
// rows there are.
func rowsOf(ts *testscript.TestScript, dsn string, places map[string]string) int {
	ctx := context.Background()

	conn, err := pgx.Connect(ctx, dsn)
	check(ts, err)

	defer conn.Close(ctx)

	found, err := conn.Query(ctx, "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace")
	check(ts, err)

	tables, err := pgx.CollectRows(found, pgx.RowTo[string])
	check(ts, err)

	n := 0

	for _, table := range tables {
		found, err := conn.Query(ctx, "SELECT t::text FROM "+pgx.Identifier{table}.Sanitize()+" t")
		check(ts, err)

		rows, err := pgx.CollectRows(found, pgx.RowTo[string])
		check(ts, err)

		places[table] = strings.Join(rows, "\n")
		n += len(rows)
	}

	if places["river_job"] == "" || !strings.Contains(places["river_job"], world.Repository) {
		ts.Fatalf("there is no job of %s in %v", world.Repository, tables)
	}

	return n
}
