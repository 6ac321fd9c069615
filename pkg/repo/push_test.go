package repo_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/repo"
)

func TestPush(t *testing.T) {
	t.Parallel()

	for name, options := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			recorder := effect.NewRecorder(nil)
			w := newWorld(t, seed(), append(options, func(o *repo.Options) { o.Seam = recorder })...)
			base := fetch(t, w.Remote, "main")
			c := bump(t, w.Remote, base, "v4.4.4")

			must(t, w.Push(t.Context(), c, "bot/mastodon/patch", ""))
			must(t, w.Push(t.Context(), c, "bot/mastodon/patch", "")) // again, as after a crash
			must(t, w.there.Check(t.Context()))

			head, err := w.there.Head(t.Context(), "bot/mastodon/patch")
			must(t, err)
			same(t, "branch", head, c.Hash())

			diff, err := w.there.Diff(t.Context(), "main", "bot/mastodon/patch")
			must(t, err)

			if strings.Count(diff, "\n+") != 2 || !strings.Contains(diff, "+image: ghcr.io/glitch-soc/mastodon:v4.4.4") {
				t.Errorf("diff = %s", diff)
			}

			// A newer release: not a fast-forward, from a shallow clone.
			next := bump(t, w.Remote, base, "v4.4.5")
			must(t, w.Push(t.Context(), next, "bot/mastodon/patch", c.Hash()))

			// On top of what was only ever made here.
			top := bump(t, w.Remote, bump(t, w.Remote, base, "v4.4.6"), "v4.4.7")
			must(t, w.Push(t.Context(), top, "bot/mastodon/patch", next.Hash()))
			must(t, w.there.Check(t.Context()))

			log, err := w.there.Log(t.Context(), "bot/mastodon/patch")
			must(t, err)
			same(t, "commits", len(log), 3)

			// The branch set to a commit that the server has.
			must(t, w.Push(t.Context(), base, "bot/mastodon/patch", top.Hash()))

			must(t, w.DeleteBranch(t.Context(), "bot/mastodon/patch", base.Hash()))
			must(t, w.DeleteBranch(t.Context(), "bot/mastodon/patch", base.Hash()))

			heads, err := w.Heads(t.Context())
			must(t, err)
			same(t, "branches left", len(heads), 1)
			same(t, "effects", len(recorder.Log()), 7)
			same(t, "effect", recorder.Log()[6].String(), "git.delete-branch bot/mastodon/patch")
		})
	}
}

func TestAPersonsPushIsKept(t *testing.T) {
	t.Parallel()

	w := newWorld(t, seed())
	base := fetch(t, w.Remote, "main")
	first := bump(t, w.Remote, base, "v4.4.4")
	must(t, w.Push(t.Context(), first, "bot/x", ""))

	person, err := w.there.Commit(t.Context(), gittest.Commit{Branch: "bot/x", Message: "fix by hand", Files: map[string]string{"a": "b"}})
	must(t, err)

	second := bump(t, w.Remote, base, "v4.4.5")

	for what, err := range map[string]error{
		"update":      w.Push(t.Context(), second, "bot/x", first.Hash()),
		"creation":    w.Push(t.Context(), second, "bot/x", ""),
		"deletion":    w.DeleteBranch(t.Context(), "bot/x", first.Hash()),
		"repeated":    w.Push(t.Context(), first, "bot/x", ""),
		"gone branch": w.Push(t.Context(), second, "bot/gone", first.Hash()),
	} {
		if lost, ok := errors.AsType[*repo.LeaseError](err); !ok {
			t.Errorf("%s: err = %v, want a LeaseError", what, err)
		} else if what != "gone branch" && lost.Have != person {
			t.Errorf("%s: have = %s, want %s", what, lost.Have, person)
		}
	}

	head, err := w.there.Head(t.Context(), "bot/x")
	must(t, err)
	same(t, "branch", head, person)
}

// TestAPersonIsFasterByAMoment pushes after the client asked where the branch
// is and before its own push arrives: only the server can tell then.
func TestAPersonIsFasterByAMoment(t *testing.T) {
	t.Parallel()

	w := newWorld(t, seed())
	base := fetch(t, w.Remote, "main")
	first := bump(t, w.Remote, base, "v4.4.4")
	must(t, w.Push(t.Context(), first, "bot/x", ""))

	var (
		person string
		once   sync.Once
	)

	w.server.OnRequest(func(r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "git-receive-pack") {
			once.Do(func() {
				person, _ = w.there.Commit(context.Background(), gittest.Commit{Branch: "bot/x", Files: map[string]string{"a": "b"}})
			})
		}
	})

	err := w.Push(t.Context(), bump(t, w.Remote, base, "v4.4.5"), "bot/x", first.Hash())
	if lost, ok := errors.AsType[*repo.LeaseError](err); !ok || lost.Have != person || lost.Want != first.Hash() {
		t.Errorf("err = %v, want a LeaseError with %s", err, person)
	}

	head, err := w.there.Head(t.Context(), "bot/x")
	must(t, err)
	same(t, "branch", head, person)
}

func TestOfManyPushersOneWins(t *testing.T) {
	t.Parallel()

	w := newWorld(t, seed())
	base := fetch(t, w.Remote, "main")

	var (
		wins, losses atomic.Int32
		group        sync.WaitGroup
	)

	for _, version := range []string{"v4.4.4", "v4.4.5", "v4.4.6", "v4.4.7", "v4.4.8", "v4.4.9"} {
		mine := w.open(t)
		c := bump(t, mine, base, version)

		group.Go(func() {
			switch err := mine.Push(t.Context(), c, "bot/x", ""); {
			case err == nil:
				wins.Add(1)
			case is[*repo.LeaseError](err):
				losses.Add(1)
			default:
				t.Error(err)
			}
		})
	}

	group.Wait()
	same(t, "wins", wins.Load(), 1)
	same(t, "losses", losses.Load(), 5)
	must(t, w.there.Check(t.Context()))
}

func TestTheSamePushByTwoIsOneBranch(t *testing.T) {
	t.Parallel()

	w := newWorld(t, seed())
	base := fetch(t, w.Remote, "main")

	var group sync.WaitGroup

	for range 4 {
		mine := w.open(t)
		c := bump(t, mine, base, "v4.4.4")

		group.Go(func() {
			if err := mine.Push(t.Context(), c, "bot/x", ""); err != nil {
				t.Error(err)
			}
		})
	}

	group.Wait()
}

func TestARefusedPushSaysWhy(t *testing.T) {
	t.Parallel()

	w := newGitWorld(t, seed())
	must(t, w.there.Hook("pre-receive", "#!/bin/sh\necho 'branch is protected: \033[31mask Ada' >&2\nexit 1\n"))

	err := w.Push(t.Context(), bump(t, w.Remote, fetch(t, w.Remote, "main"), "v4.4.4"), "bot/x", "")

	rejected, ok := errors.AsType[*repo.RejectedError](err)
	if !ok || !strings.Contains(rejected.Reason, "branch is protected") || strings.Contains(err.Error(), "\033") {
		t.Errorf("err = %q, want a RejectedError with the hook's reason and without its colours", err)
	}
}

// TestALostAnswer is a push that arrived and whose answer did not.
func TestALostAnswer(t *testing.T) {
	t.Parallel()

	w := newWorld(t, seed())
	c := bump(t, w.Remote, fetch(t, w.Remote, "main"), "v4.4.4")

	w.server.Inject("POST /example/gitops.git/git-receive-pack", gittest.Fault{Lose: true}, 1)
	must(t, w.Push(t.Context(), c, "bot/x", ""))

	w.server.Inject("POST /example/gitops.git/git-receive-pack", gittest.Fault{Refuse: true}, 1)

	err := w.Push(t.Context(), c, "bot/y", "")
	if network, ok := errors.AsType[*repo.NetworkError](err); !ok || !network.Temporary {
		t.Errorf("err = %v, want a temporary NetworkError", err)
	}

	must(t, w.Push(t.Context(), c, "bot/y", ""))
}

func TestAStoppedPush(t *testing.T) {
	t.Parallel()

	for _, point := range []effect.Point{effect.Before, effect.In, effect.After} {
		stopper := effect.NewStopper(1, point, nil)
		w := newWorld(t, seed(), func(o *repo.Options) { o.Seam = stopper })
		base := fetch(t, w.Remote, "main")

		if err := w.Push(t.Context(), bump(t, w.Remote, base, "v4.4.4"), "bot/x", ""); !errors.Is(err, effect.ErrStopped) {
			t.Errorf("%s: err = %v", point, err)
		}

		next := w.open(t)
		must(t, next.Push(t.Context(), bump(t, next, base, "v4.4.4"), "bot/x", ""))
	}
}

func TestBadNames(t *testing.T) {
	t.Parallel()

	w := newWorld(t, seed())
	c := fetch(t, w.Remote, "main")
	w.server.Forget()

	for _, branch := range []string{"", "a..b", "a b", "-x", "a.lock", "a\x01", "a/", "/a", "a~1"} {
		if err := w.Push(t.Context(), c, branch, ""); err == nil {
			t.Errorf("%q was pushed", branch)
		}
	}

	if err := w.Push(t.Context(), c, "bot/x", "abc"); err == nil {
		t.Error("half a hash was taken for a lease")
	}

	if err := w.DeleteBranch(t.Context(), "bot/x", ""); err == nil {
		t.Error("a branch was deleted without a lease")
	}

	same(t, "requests", len(w.server.Requests()), 0)
}
