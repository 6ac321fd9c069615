//go:build real

package postgrestest

import (
	"context"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a running PostgreSQL. It ends with its test.
type Server struct {
	t    testing.TB
	host string
	run  func() *exec.Cmd // as it was started
	now  *exec.Cmd
}

const admin = "admin"

// Start makes a new cluster of databases and serves it.
func Start(t testing.TB) *Server {
	t.Helper()

	bin := os.Getenv("BOT_TEST_POSTGRES")
	if bin == "" {
		t.Fatal("BOT_TEST_POSTGRES names no folder with PostgreSQL's programs: run this with make test-real")
	}

	// Not t.TempDir, whose parent is root's alone.
	dir, err := os.MkdirTemp("", "postgres") //nolint:usetesting // see above
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})

	password := filepath.Join(dir, "password")

	if err := os.WriteFile(password, []byte(admin), 0o644); err != nil {
		t.Fatal(err)
	}

	as := owner(t, dir)
	data := filepath.Join(dir, "data")
	initialize := exec.CommandContext(t.Context(), filepath.Join(bin, "initdb"), "-D", data, "-U", admin, "--pwfile", password, "-A", "scram-sha-256", "-E", "UTF8", "--no-sync")
	initialize.Dir, initialize.SysProcAttr = dir, as

	if out, err := initialize.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}

	host := freePort(t)
	_, port, _ := net.SplitHostPort(host)
	s := &Server{t: t, host: host, run: func() *exec.Cmd {
		serve := exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-h", "127.0.0.1", "-p", port, "-k", dir, "-F")
		serve.Dir, serve.SysProcAttr = dir, as

		return serve
	}}
	s.start()
	t.Cleanup(s.stop)

	return s
}

func (s *Server) start() {
	s.t.Helper()

	s.now = s.run()
	if err := s.now.Start(); err != nil {
		s.t.Fatalf("postgres: %v", err)
	}

	s.await()
}

func (s *Server) stop() {
	_ = s.now.Process.Signal(syscall.SIGINT) // a fast shutdown; it may have ended by itself
	_ = s.now.Wait()
}

// Restart ends the server, cuts off whoever is connected, and lets it come back
// at the same address after a while.
func (s *Server) Restart(away time.Duration) {
	s.t.Helper()
	s.stop()
	time.Sleep(away)
	s.start()
}

// owner is who PostgreSQL runs as: it refuses root.
func owner(t testing.TB, dir string) *syscall.SysProcAttr {
	t.Helper()

	if os.Getuid() != 0 {
		return nil
	}

	u, err := user.Lookup("postgres")
	if err != nil {
		t.Fatalf("PostgreSQL does not run as root: %v", err)
	}

	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)

	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}

	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

func freePort(t testing.TB) string {
	t.Helper()

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()

	return l.Addr().String()
}

// await waits until the server takes connections.
func (s *Server) await() {
	s.t.Helper()

	var err error

	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		var conn *pgx.Conn
		if conn, err = pgx.Connect(s.t.Context(), s.DSN("postgres", admin, admin)); err == nil {
			conn.Close(s.t.Context())

			return
		}
	}

	s.t.Fatalf("PostgreSQL does not answer: %v", err)
}

// DSN is how a role reaches a database.
func (s *Server) DSN(database, role, password string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(role, password), Host: s.host, Path: "/" + database, RawQuery: "sslmode=disable"}

	return u.String()
}

// Admin is how the role that may do everything reaches a database.
func (s *Server) Admin(database string) string { return s.DSN(database, admin, admin) }

// Exec runs statements with all rights in a database, a transaction each.
func (s *Server) Exec(database string, statements ...string) {
	s.t.Helper()

	conn, err := pgx.Connect(s.t.Context(), s.Admin(database))
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(s.t.Context()))

	for _, statement := range statements {
		if _, err := conn.Exec(s.t.Context(), statement); err != nil {
			s.t.Fatalf("%s: %v", statement, err)
		}
	}
}
