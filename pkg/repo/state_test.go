package repo_test

import (
	"bytes"
	"errors"
	"strconv"
	"sync"
	"testing"

	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/repo"
)

const statePath = "state/mastodon.json"

func TestState(t *testing.T) {
	t.Parallel()

	recorder := effect.NewRecorder(nil)
	w := newWorld(t, seed(), func(o *repo.Options) { o.Seam = recorder })

	read := func(path string) string {
		data, err := w.ReadState(t.Context(), path)
		must(t, err)

		return string(data)
	}
	put := func(path, content string) {
		must(t, w.UpdateState(t.Context(), path, func([]byte) ([]byte, error) { return []byte(content), nil }))
	}

	data, err := w.ReadState(t.Context(), statePath)
	must(t, err)

	if data != nil {
		t.Errorf("state of a new repository = %q", data)
	}

	put(statePath, "1")
	put("state/staging.json", "other")
	put(statePath, "2")
	put(statePath, "2") // nothing to push
	same(t, "pushes", len(recorder.Log()), 3)
	same(t, "effect", recorder.Log()[0].String(), "state.push "+statePath)
	same(t, "state", read(statePath), "2")
	same(t, "the other application's", read("state/staging.json"), "other")

	w.server.Forget()
	same(t, "state", read(statePath), "2")
	same(t, "requests for what is known", len(w.server.Requests()), 1)

	// The reference does not grow, and is no branch.
	log, err := w.there.Log(t.Context(), repo.StateRef)
	must(t, err)
	same(t, "commits", len(log), 1)
	must(t, w.there.Check(t.Context()))

	heads, err := w.Heads(t.Context())
	must(t, err)
	same(t, "branches", len(heads), 1)

	must(t, w.UpdateState(t.Context(), statePath, func([]byte) ([]byte, error) { return nil, nil }))
	same(t, "deleted", read(statePath), "")

	boom := errors.New("boom")
	if err := w.UpdateState(t.Context(), statePath, func([]byte) ([]byte, error) { return nil, boom }); !errors.Is(err, boom) {
		t.Errorf("err = %v", err)
	}

	for _, path := range []string{"../x", ".git/config", "", "/x"} {
		if _, err := w.ReadState(t.Context(), path); !is[*repo.ChangeError](err) {
			t.Errorf("read %q: %v", path, err)
		}
	}
}

// TestConcurrentWritersLoseNothing counts up in two documents from several
// processes, the same clock in all of them.
func TestConcurrentWritersLoseNothing(t *testing.T) {
	t.Parallel()

	w := newWorld(t, seed())

	const writers, times = 4, 2

	var group sync.WaitGroup

	for i := range writers {
		mine := w.open(t)
		path := []string{statePath, "state/staging.json"}[i%2]

		group.Go(func() {
			for range times {
				if err := mine.UpdateState(t.Context(), path, increment); err != nil {
					t.Error(err)
				}
			}
		})
	}

	group.Wait()

	for _, path := range []string{statePath, "state/staging.json"} {
		data, err := w.ReadState(t.Context(), path)
		must(t, err)
		same(t, path, string(data), strconv.Itoa(writers*times/2))
	}
}

func increment(old []byte) ([]byte, error) {
	n := 0

	if len(bytes.TrimSpace(old)) > 0 {
		var err error
		if n, err = strconv.Atoi(string(old)); err != nil {
			return nil, err
		}
	}

	return strconv.AppendInt(nil, int64(n+1), 10), nil
}
