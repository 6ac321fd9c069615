package trees_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/goingdark-social/bot/internal/faults"
)

// folder is a hostile tree on a disk. An application is in it already, in app:
// a kustomization with one pod.
type folder struct {
	home

	t *testing.T
	// listener is an address on loopback to which nobody may connect.
	listener string
}

// put writes a file of the tree.
func (f folder) put(name, content string) {
	f.t.Helper()
	f.write(f.t, "tree/"+name, content)
}

// link makes a symbolic link in the tree.
func (f folder) link(name, target string) {
	f.t.Helper()

	path := filepath.Join(f.dir, "tree", filepath.FromSlash(name))
	must(f.t, os.MkdirAll(filepath.Dir(path), 0o755))
	must(f.t, os.Symlink(target, path))
}

// kustomization gives the application's resources besides its pod, and more.
func (f folder) kustomization(more string, resources ...string) {
	f.t.Helper()

	text := "resources:\n- web.yaml\n"
	for _, r := range resources {
		text += fmt.Sprintf("- %q\n", r)
	}

	f.put("app/kustomization.yaml", text+more)
}

// folderCase is one kind of hostility.
type folderCase struct {
	name string
	make func(folder)
	// memory is what each command may take at its peak, in MB. Default: 200.
	memory int
	// refused says that bump is to refuse the tree; else it moves the pod.
	refused bool
	// large ones are left to the full run.
	large bool
}

// listen counts connections.
func listen(t *testing.T) (address string, hits *atomic.Int64) {
	t.Helper()

	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)

	hits = &atomic.Int64{}

	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}

			hits.Add(1)
			_ = c.Close()
		}
	}()

	t.Cleanup(func() { _ = l.Close() })

	return l.Addr().String(), hits
}

func TestFolders(t *testing.T) {
	t.Parallel()

	count := faults.Begin("hostile folders: bounded memory and time, no connection, nothing outside")

	var most atomic.Int64

	t.Run("of", func(t *testing.T) {
		slots := make(chan struct{}, 2)

		for i, c := range folders() {
			if !faults.Full && (c.large || i%4 != 0) {
				continue
			}

			t.Run(c.name, func(t *testing.T) {
				t.Parallel()

				slots <- struct{}{}
				defer func() { <-slots }()
				defer func() { count.Case(t.Failed()) }()

				most.Store(max(most.Load(), int64(c.hold(t))))
			})
		}
	})

	count.Measuredf("at most %d MB", most.Load())

	if err := count.End(); err != nil {
		t.Error(err)
	}
}

// hold puts a tree through scan, drift and bump.
func (c folderCase) hold(t *testing.T) (most int) {
	t.Helper()

	address, hits := listen(t)
	f := folder{home: newHome(t), t: t, listener: address}
	f.put("app/web.yaml", pod("v4.4.3"))
	f.kustomization("")
	c.make(f)

	outside := fingerprint(t, filepath.Join(f.dir, "outside"))
	tree := filepath.Join(f.dir, "tree")
	env := []string{"HTTP_PROXY=http://" + address, "HTTPS_PROXY=http://" + address, "ALL_PROXY=http://" + address}

	for _, args := range [][]string{
		{"scan", "--path", tree}, {"drift", "--path", tree, "--offline", "--min-severity", "info"}, {"bump", "v4.4.4", "--path", tree, "--offline"},
	} {
		r := f.run(t, env, args...)
		f.harmless(t, r, args[0])

		if limit := max(c.memory, 200); r.memory > limit {
			t.Errorf("%s took %d MB, more than %d", args[0], r.memory, limit)
		}

		t.Logf("| %s | %s | %d | %.1f |", c.name, args[0], r.memory, r.took.Seconds())
		most = max(most, r.memory)

		if args[0] == "bump" {
			c.bumped(t, f, r)
		}
	}

	if n := hits.Load(); n > 0 {
		t.Errorf("%d connections were made", n)
	}

	if fingerprint(t, filepath.Join(f.dir, "outside")) != outside {
		t.Error("what is outside was changed")
	}

	return most
}

func (c folderCase) bumped(t *testing.T, f folder, r run) {
	t.Helper()

	is, err := os.ReadFile(filepath.Join(f.dir, "tree", "app", "web.yaml"))
	must(t, err)

	want, status := pod("v4.4.4"), 0
	if c.refused {
		want, status = pod("v4.4.3"), 1
	}

	if string(is) != want || r.status != status {
		t.Errorf("bump: status %d: %s\n%.1000s%.1000s", r.status, is, r.stdout, r.stderr)
	}

	if lines := strings.Count(strings.TrimSpace(r.stderr), "\n"); c.refused && lines > 12 {
		t.Errorf("bump: an error of %d lines: %.2000s", lines+1, r.stderr)
	}
}

// fingerprint is all that a folder holds: names, modes, times, contents.
func fingerprint(t *testing.T, dir string) string {
	t.Helper()

	sum := sha256.New()

	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}

		info, err := d.Info()
		if err != nil || d.IsDir() {
			return err
		}

		data, err := os.ReadFile(path)
		fmt.Fprintln(sum, path, info.Mode(), info.ModTime(), string(data))

		return err
	}))

	return string(sum.Sum(nil))
}
