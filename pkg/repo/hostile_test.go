package repo_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/pkg/repo"
)

// raw makes objects that git would not make by itself.
type raw struct {
	t     *testing.T
	there *gittest.Repo
}

func (r raw) object(kind, content string) string {
	r.t.Helper()

	out, err := gittest.Git(r.t.Context(), r.there.Dir, strings.NewReader(content), "hash-object", "--literally", "-t", kind, "-w", "--stdin")
	must(r.t, err)

	return strings.TrimSpace(out)
}

func (r raw) main(tree string) {
	r.t.Helper()

	must(r.t, r.there.Branch(r.t.Context(), "main", r.object("commit",
		"tree "+tree+"\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nx\n")))
}

func TestHostileTrees(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		build func(r raw) string
		says  string
	}{
		"a tree that unfolds to ten billion files": {func(r raw) string {
			tree := hexTree(r.t, "100644 f", r.object("blob", "x"))

			for range 10 {
				hash := r.object("tree", tree)
				tree = ""

				for i := range 10 {
					tree += hexTree(r.t, fmt.Sprint("40000 ", i), hash)
				}
			}

			return tree
		}, "more than 1000000 files"},
		"a name that leads up": {func(r raw) string {
			return hexTree(r.t, "100644 ..", r.object("blob", "x"))
		}, `an entry called ".."`},
		"a name with a slash": {func(r raw) string {
			return hexTree(r.t, "100644 ../../etc/passwd", r.object("blob", "x"))
		}, "an entry called"},
		"one name twice": {func(r raw) string {
			blob := r.object("blob", "x")

			return hexTree(r.t, "100644 a", blob) + hexTree(r.t, "100644 a", blob)
		}, `two entries called "a"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			w := newWorld(t, nil)
			r := raw{t, w.there}
			r.main(r.object("tree", c.build(r)))

			_, err := w.Fetch(t.Context(), "main")
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("err = %v, want one that says %q", err, c.says)
			}
		})
	}
}

// TestUglyNames: names that are allowed and that nobody likes are listed, and
// a .git that git would never write is not.
func TestUglyNames(t *testing.T) {
	t.Parallel()

	w := newWorld(t, nil)
	r := raw{t, w.there}
	blob := r.object("blob", "x")
	hooks := r.object("tree", hexTree(t, "100755 post-checkout", blob))

	var tree string
	for _, e := range []string{"100644 --option", "100644 Case", "100644 case", "100644 new\nline", "100644 \xff\xfe"} {
		tree += hexTree(t, e, blob)
	}

	r.main(r.object("tree", hexTree(t, "40000 .GIT", hooks)+hexTree(t, "40000 .git", hooks)+tree))

	fsys := fetch(t, w.Remote, "main").FS()
	list, err := fs.ReadDir(fsys, ".")
	must(t, err)

	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}

	same(t, "names", fmt.Sprintf("%q", names), `["--option" "Case" "case" "new\nline" "\xff\xfe"]`)

	for _, name := range []string{".git/post-checkout", ".GIT/post-checkout", "\xff\xfe"} {
		if _, err := fs.ReadFile(fsys, name); err == nil {
			t.Errorf("%q was read", name)
		}
	}
}

// TestTheCostOfATree: 5,000 files cost one request for the references and one
// for the pack, and one changed file makes one blob and the trees above it.
func TestTheCostOfATree(t *testing.T) {
	t.Parallel()

	w := newGitWorld(t, gittest.Many(5000))
	base := fetch(t, w.Remote, "main")
	same(t, "requests", len(w.server.Requests()), 2)

	n, err := readAll(base.FS())
	must(t, err)
	same(t, "files", n, 5000)
	same(t, "requests", len(w.server.Requests()), 2)

	before, err := w.there.Git(t.Context(), "count-objects", "-v")
	must(t, err)

	c, err := w.Commit(t.Context(), base, []repo.Change{{Path: "apps/7/350.yaml", Content: []byte("x")}}, repo.Message{Text: "x"})
	must(t, err)
	must(t, w.Push(t.Context(), c, "bot/x", ""))

	after, err := w.there.Git(t.Context(), "count-objects", "-v")
	must(t, err)

	// blob, apps/7, apps, root, commit
	if !strings.HasPrefix(before, "count: 0\n") || !strings.HasPrefix(after, "count: 5\n") {
		t.Errorf("objects before: %s after: %s", before, after)
	}
}
