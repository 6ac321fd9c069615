package database

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Options of Read.
type Options struct {
	// DSN is a connection string of libpq: postgres://… or key=value pairs.
	DSN string
	// Timeout is how long all of it may take. Default: 30 seconds.
	Timeout time.Duration
	// Secret is told the password, wherever it came from: DSN may leave it to PGPASSWORD, a passfile or
	// a service file. Default: nobody is.
	Secret func(secrets ...string)
}

// State is what a database says.
type State struct {
	// Migrations are the versions in schema_migrations, ascending; none when there is no such table.
	Migrations []string
	// Tables of the same schema, by name.
	Tables []Table
	// Writable tells that the role may change schema_migrations: more than this package needs.
	Writable bool
}

// Table is one table.
type Table struct {
	Name string
	// Rows is the server's estimate as of its last ANALYZE; -1: never analysed.
	Rows int64
	// Bytes are those on disk, with indexes.
	Bytes int64
}

// Error is a database that could not be read.
type Error struct {
	Op string
	// Temporary says that asking again later may help.
	Temporary bool

	err error
}

func (e *Error) Error() string { return "the database: " + e.Op + ": " + e.err.Error() }
func (e *Error) Unwrap() error { return e.err }

var errDSN = errors.New("this is no connection string; write postgres://user:password@host:port/name?sslmode=verify-full")

// Read asks a database. Errors are of type *[Error].
func Read(ctx context.Context, o Options) (State, error) {
	config, err := pgx.ParseConfig(o.DSN)
	if err != nil {
		return State{}, &Error{Op: "reading how to reach it", err: errDSN} // the parser's error quotes the string
	}

	if o.Secret != nil {
		o.Secret(config.Password)
	}

	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}

	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()

	// A pooler that hands out connections by transaction keeps no prepared statement.
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	config.RuntimeParams["application_name"] = "goingdark-bot"

	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return State{}, failed("connecting", err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) // nothing was written

	return read(ctx, conn, o.Timeout)
}

// read asks everything in one transaction that can't write.
func read(ctx context.Context, conn *pgx.Conn, timeout time.Duration) (State, error) {
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly})
	if err != nil {
		return State{}, failed("beginning a read-only transaction", err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck // nothing was written

	if _, err := tx.Exec(ctx, fmt.Sprintf("SET LOCAL statement_timeout = %d", timeout.Milliseconds())); err != nil {
		return State{}, failed("bounding the time", err)
	}

	var (
		out   State
		found bool
	)

	if err := tx.QueryRow(ctx, "SELECT to_regclass('schema_migrations') IS NOT NULL").Scan(&found); err != nil {
		return State{}, failed("looking for schema_migrations", err)
	}

	if !found {
		return out, nil
	}

	return out, out.fill(ctx, tx)
}

const tables = `SELECT c.relname, c.reltuples::bigint, pg_total_relation_size(c.oid)
FROM pg_class c
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('schema_migrations'))
ORDER BY c.relname COLLATE "C"`

// fill reads a database that was migrated by Rails.
func (s *State) fill(ctx context.Context, tx pgx.Tx) error {
	const writable = "SELECT has_table_privilege('schema_migrations', 'INSERT, UPDATE, DELETE, TRUNCATE')"
	if err := tx.QueryRow(ctx, writable).Scan(&s.Writable); err != nil {
		return failed("asking for the rights", err)
	}

	rows, err := tx.Query(ctx, `SELECT version::text FROM schema_migrations ORDER BY version::text COLLATE "C"`)
	if err == nil {
		s.Migrations, err = pgx.CollectRows(rows, pgx.RowTo[string])
	}

	if err != nil {
		return failed("reading schema_migrations", err)
	}

	if rows, err = tx.Query(ctx, tables); err == nil {
		s.Tables, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Table])
	}

	if err != nil {
		return failed("reading the sizes of the tables", err)
	}

	return nil
}

// insufficientPrivilege is PostgreSQL's code for it.
const insufficientPrivilege = "42501"

// failed wraps what the server or the connection says; neither holds the password.
func failed(op string, err error) error {
	e := &Error{Op: op, err: err, Temporary: true}

	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		e.Temporary = slices.ContainsFunc([]string{"08", "53", "57"}, func(class string) bool { // connection, resources, shutdown
			return strings.HasPrefix(refused.Code, class)
		})

		if refused.Code == insufficientPrivilege {
			e.err = fmt.Errorf("%w; GRANT SELECT on schema_migrations to the role is enough", err)
		}
	}

	return e
}
