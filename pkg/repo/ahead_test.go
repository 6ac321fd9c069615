package repo_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/pkg/repo"
)

func subjects(entries []repo.LogEntry) string {
	var s []string
	for _, e := range entries {
		s = append(s, strings.TrimSpace(e.Message))
	}

	return strings.Join(s, ", ")
}

func TestAhead(t *testing.T) {
	t.Parallel()

	for name, filter := range map[string]string{"with filter": "true", "without filter": "false"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			w := newWorld(t, gittest.Many(500))
			must(t, w.there.Configure(t.Context(), "uploadpack.allowFilter", filter))

			at := gittest.Epoch
			commit := func(c gittest.Commit) {
				at = at.Add(time.Minute)
				c.When = at
				c.Files = map[string]string{"file": at.String()}

				_, err := w.there.Commit(t.Context(), c)
				must(t, err)
			}

			for i := range 20 {
				commit(gittest.Commit{Branch: "main", Message: fmt.Sprint("old ", i)})
			}

			base := fetch(t, w.Remote, "main")
			ahead := func(base *repo.Commit) string {
				entries, err := w.Ahead(t.Context(), "bot/x", base)
				must(t, err)

				return subjects(entries)
			}

			must(t, w.Push(t.Context(), bump(t, w.Remote, base, "v4.4.4"), "bot/x", ""))
			same(t, "bot alone", ahead(base), "move to v4.4.4")

			commit(gittest.Commit{Branch: "bot/x", Message: "by hand", Name: "Eve", Email: "eve@example.org"})

			entries, err := w.Ahead(t.Context(), "bot/x", base)
			must(t, err)
			same(t, "history", subjects(entries), "by hand, move to v4.4.4")
			same(t, "author", entries[0].Author.Email, "eve@example.org")
			same(t, "committer", entries[1].Committer.Name, "Bot")
			same(t, "parent", entries[0].Parents[0], entries[1].Hash)
			same(t, "time", entries[0].Author.When.UTC(), at)

			// main goes on, and somebody updates the branch from it.
			commit(gittest.Commit{Branch: "main", Message: "main 1"})
			commit(gittest.Commit{Branch: "main", Message: "main 2"})
			same(t, "main went on", ahead(fetch(t, w.Remote, "main")), "by hand, move to v4.4.4")

			commit(gittest.Commit{Branch: "bot/x", Merge: "main", Message: "update branch"})
			same(t, "merged", ahead(fetch(t, w.Remote, "main")), "update branch, by hand, move to v4.4.4")

			entries, err = w.Ahead(t.Context(), "bot/x", fetch(t, w.Remote, "main"))
			must(t, err)
			same(t, "parents of a merge", len(entries[0].Parents), 2)

			// Nothing is ahead of itself, or of what it was merged into.
			must(t, w.there.Branch(t.Context(), "bot/x", "main~1"))
			same(t, "an old commit", ahead(fetch(t, w.Remote, "main")), "")
			same(t, "the same commit", ahead(fetch(t, w.Remote, "bot/x")), "")

			if _, err := w.Ahead(t.Context(), "bot/none", base); !is[*repo.BranchError](err) {
				t.Errorf("err = %v, want a BranchError", err)
			}
		})
	}
}

// TestAheadIsBounded: a branch with a long history of its own.
func TestAheadIsBounded(t *testing.T) {
	t.Parallel()

	w := newWorld(t, seed())
	base := fetch(t, w.Remote, "main")

	var stream strings.Builder

	for i := range 3 * repo.MaxAhead {
		fmt.Fprintf(&stream, "commit refs/heads/long\ncommitter A <a@b> %d +0000\ndata 1\nx\n", 1767323045+i)

		if i == 0 {
			stream.WriteString("M 100644 inline f\ndata 1\nx\n")
		}
	}

	_, err := gittest.Git(t.Context(), w.there.Dir, strings.NewReader(stream.String()), "fast-import", "--quiet")
	must(t, err)

	entries, err := w.Ahead(t.Context(), "long", base)
	must(t, err)
	same(t, "commits", len(entries), repo.MaxAhead)

	if !entries[0].Author.When.After(entries[1].Author.When) {
		t.Error("the newest is not first")
	}
}
