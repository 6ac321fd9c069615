package trees_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/faults"
	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/internal/world"
)

// gitCase is one kind of hostility that a git repository can have.
type gitCase struct {
	name string
	make func(repository)
	// memory is what a pass may take at its peak, in MB. Default: 200.
	memory int
	// refused is what the error says. Default: nothing, the release is proposed.
	refused string
	// large ones are left to the full run.
	large bool
}

// repository is a hostile one: what is put into its root joins an application in app.
type repository struct {
	*gittest.Repo

	t    *testing.T
	root *strings.Builder // entries for git mktree
}

// object makes an object, whatever it holds.
func (r repository) object(kind, content string) string {
	r.t.Helper()

	out, err := gittest.Git(r.t.Context(), r.Dir, strings.NewReader(content), "hash-object", "--literally", "-t", kind, "-w", "--stdin")
	must(r.t, err)

	return strings.TrimSpace(out)
}

// add puts an entry into the root. mktree takes any name but one with a slash.
func (r repository) add(mode, name, hash string) {
	kind := map[string]string{"040000": "tree", "160000": "commit"}[mode]
	if kind == "" {
		kind = "blob"
	}

	fmt.Fprintf(r.root, "%s %s %s\t%s\x00", mode, kind, hash, name)
}

func (r repository) file(name, content string) { r.add("100644", name, r.object("blob", content)) }

// tree makes a tree of entries: mode, name, hash, one after the other.
func (r repository) tree(entries ...string) string {
	r.t.Helper()

	var text strings.Builder

	for i := 0; i+2 < len(entries); i += 3 {
		kind := map[string]string{"040000": "tree", "160000": "commit"}[entries[i]]
		if kind == "" {
			kind = "blob"
		}

		fmt.Fprintf(&text, "%s %s %s\t%s\x00", entries[i], kind, entries[i+2], entries[i+1])
	}

	out, err := gittest.Git(r.t.Context(), r.Dir, strings.NewReader(text.String()), "mktree", "-z", "--missing")
	must(r.t, err)

	return strings.TrimSpace(out)
}

// commit makes what was added the tip of main.
func (r repository) commit() {
	r.t.Helper()

	app := r.tree("100644", "web.yaml", r.object("blob", pod("v4.4.3")), "100644", "kustomization.yaml", r.object("blob", "resources: [web.yaml]\n"))
	r.add("040000", "app", app)

	tree, err := gittest.Git(r.t.Context(), r.Dir, strings.NewReader(r.root.String()), "mktree", "-z", "--missing")
	must(r.t, err)

	must(r.t, r.Branch(r.t.Context(), "main", r.object("commit",
		"tree "+strings.TrimSpace(tree)+"\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nx\n")))
	must(r.t, r.Repack(r.t.Context()))
}

func repositories() []gitCase {
	return []gitCase{
		{name: "names like options, of either case, control characters", make: func(r repository) {
			for _, name := range []string{"--help", "-rf", "Case", "case", "new\nline.yaml", "\x1b[31m.yaml", "$(touch x)"} {
				r.file(name, "a: b\n")
			}
		}},
		{name: "names that are no UTF-8", refused: "not UTF-8", make: func(r repository) { r.file("\xff\xfe", "a: b\n") }},
		{name: "links outside, circles, a submodule", make: func(r repository) {
			for name, target := range map[string]string{
				"passwd.yaml": "/etc/passwd", "zero": "/dev/zero", "a": "b", "b": "a", "up": "..", "environ.md": "/proc/self/environ",
			} {
				r.add("120000", name, r.object("blob", target))
			}

			r.add("160000", "module", strings.Repeat("1", 40))
			r.file(".gitmodules", "[submodule \"module\"]\n\tpath = module\n\turl = --upload-pack=touch x\n")
			r.file(".gitattributes", "* filter=lfs diff=x\n")
		}},
		{name: "bot.yaml is a link outside", refused: "bot.yaml", make: func(r repository) { r.add("120000", "bot.yaml", r.object("blob", "../outside/token")) }},
		{name: "bot.yaml unfolds to a billion values", refused: "bot.yaml", make: func(r repository) { r.file("bot.yaml", bomb("x")) }},
		{name: "a manifest that unfolds to a billion values", make: func(r repository) {
			r.file("bomb.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  "+strings.ReplaceAll(bomb("x"), "\n", "\n  "))
		}},
		{name: "a name that leads up", refused: "..", make: func(r repository) {
			hash, err := hex.DecodeString(r.object("blob", "x"))
			must(r.t, err)
			r.add("040000", "up", r.object("tree", "100644 ../../x\x00"+string(hash)))
		}},
		{name: "ten billion files", refused: "more than 1000000 files", make: func(r repository) {
			tree := r.tree("100644", "f", r.object("blob", "x"))

			for range 10 {
				var entries []string
				for i := range 10 {
					entries = append(entries, "040000", fmt.Sprint(i), tree)
				}

				tree = r.tree(entries...)
			}

			r.add("040000", "bomb", tree)
		}},
		{name: "3,000 folders deep", refused: "nested more than", large: true, make: func(r repository) {
			tree := r.tree("100644", "f", r.object("blob", "x"))
			for range 3000 {
				tree = r.tree("040000", "d", tree)
			}

			r.add("040000", "d", tree)
		}},
		{name: "a blob of 1 GB that the server leaves out", refused: "huge: can't be read", large: true, make: func(r repository) { r.add("100644", "huge", r.zeros(1<<30)) }},
		{name: "a blob of 1 GB that it does not", refused: "more than 128 MB", large: true, make: func(r repository) {
			must(r.t, r.Configure(r.t.Context(), "uploadpack.allowFilter", "false"))
			r.add("100644", "huge", r.zeros(1<<30))
		}},
		{name: "20 blobs of 31 MB", refused: "more than 512 MB", memory: 1600, large: true, make: func(r repository) {
			for i := range 20 {
				r.add("100644", fmt.Sprint("large", i), r.zeros(31<<20+int64(i)))
			}
		}},
		{name: "100,000 files", memory: 700, large: true, make: func(r repository) {
			_, err := r.Commit(r.t.Context(), gittest.Commit{Branch: "many", Orphan: true, Tree: gittest.Many(100_000)})
			must(r.t, err)

			tree, err := r.Git(r.t.Context(), "rev-parse", "many^{tree}")
			must(r.t, err)
			must(r.t, r.DeleteBranch(r.t.Context(), "many"))
			r.add("040000", "many", strings.TrimSpace(tree))
		}},
	}
}

// zeros makes a blob of n zeros, from a file without anything on the disk.
func (r repository) zeros(n int64) string {
	r.t.Helper()

	path := filepath.Join(r.t.TempDir(), "zeros")
	must(r.t, os.WriteFile(path, nil, 0o600))
	must(r.t, os.Truncate(path, n))

	out, err := gittest.Git(r.t.Context(), r.Dir, nil, "hash-object", "-w", path)
	must(r.t, err)

	return strings.TrimSpace(out)
}

func TestRepositories(t *testing.T) {
	t.Parallel()

	count := faults.Begin("hostile repositories: bounded memory and time, the release or one clear error")

	var most atomic.Int64

	t.Run("of", func(t *testing.T) {
		slots := make(chan struct{}, 2)

		for i, c := range repositories() {
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

// hold makes a pass over a repository.
func (c gitCase) hold(t *testing.T) int {
	t.Helper()

	h := newHome(t)
	old := time.Now().Add(-1000 * time.Hour)

	w, err := world.Start(context.Background(), world.Options{Dir: t.TempDir(), Files: gittest.Files(map[string]string{"a": "b"})})
	must(t, err)
	t.Cleanup(func() { _ = w.Close() })

	w.Release(registrytest.GlitchSoc(), "v4.4.3", old)
	w.Release(registrytest.GlitchSoc(), "v4.4.4", old)

	r := repository{w.Repo, t, &strings.Builder{}}
	c.make(r)
	r.commit()

	operator := filepath.Join(t.TempDir(), "operator.yaml")
	must(t, os.WriteFile(operator, []byte(w.Operator()), 0o600))

	tunnel, err := w.Registry.Tunnel(nil)
	must(t, err)
	t.Cleanup(func() { _ = tunnel.Close() })

	env, err := tunnel.Environment(t.TempDir())
	must(t, err)

	for name, value := range w.Env() {
		env = append(env, name+"="+value)
	}

	did := h.run(t, env, "run", "--config", operator)
	h.harmless(t, did, "run")
	t.Logf("| %s | run | %d | %.1f |", c.name, did.memory, did.took.Seconds())

	if limit := max(c.memory, 200); did.memory > limit {
		t.Errorf("run took %d MB, more than %d", did.memory, limit)
	}

	c.proposed(t, w, did)

	return did.memory
}

// proposed: the release, one file changed, or the error and nothing.
func (c gitCase) proposed(t *testing.T, w *world.World, did run) {
	t.Helper()

	head, err := w.Repo.Head(t.Context(), "bot/app/patch")
	must(t, err)

	if c.refused != "" {
		if head != "" || did.status != 1 || !strings.Contains(did.stderr, c.refused) {
			t.Errorf("status %d, branch %q: %.2000s", did.status, head, did.stderr)
		}

		return
	}

	if head == "" || did.status != 0 {
		t.Fatalf("status %d, branch %q: %.2000s", did.status, head, did.stderr)
	}

	changed, err := w.Repo.Git(t.Context(), "diff", "--name-only", "main", head)
	must(t, err)

	if changed != "app/web.yaml\n" {
		t.Errorf("the commit changes %s", changed)
	}
}
