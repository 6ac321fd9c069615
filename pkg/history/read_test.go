package history_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/history"
	"github.com/goingdark-social/bot/pkg/patch"
)

// hashed is a tree that tells the hashes of its files, as a commit's does.
type hashed struct{ fstest.MapFS }

func (h hashed) Hash(name string) (string, error) {
	f, ok := h.MapFS[name]
	if !ok {
		return "", fs.ErrNotExist
	}

	return digest(f), nil
}

func digest(f *fstest.MapFile) string {
	if f == nil {
		return ""
	}

	sum := sha256.Sum256(f.Data)

	return hex.EncodeToString(sum[:])
}

// commits are trees made of one another, the oldest first: files that change,
// "" deletes one.
func commits(changes ...map[string]string) iter.Seq2[history.Step, error] {
	var (
		steps []history.Step
		tree  = fstest.MapFS{}
	)

	for i, change := range changes {
		next := maps.Clone(tree)

		for name, text := range change {
			if next[name] = (&fstest.MapFile{Data: []byte(text)}); text == "" {
				delete(next, name)
			}
		}

		if i > 0 {
			for name := range change {
				steps[i-1].Changed = append(steps[i-1].Changed, history.Change{Path: name, Older: digest(tree[name]), Newer: digest(next[name])})
			}
		}

		steps = append(steps, history.Step{
			Hash: strconv.Itoa(i), Subject: "change", At: time.Date(2025, 3, 1+i, 0, 0, 0, 0, time.UTC), FS: hashed{next},
		})
		tree = next
	}

	slices.Reverse(steps)

	return func(yield func(history.Step, error) bool) {
		for _, s := range steps {
			if !yield(s, nil) {
				return
			}
		}
	}
}

func pod(component, tag string) string {
	image := "mastodon"
	if component == "streaming" {
		image += "-streaming"
	}

	return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + component + "}\nspec: {containers: [{name: " + component +
		", image: ghcr.io/glitch-soc/" + image + ":" + tag + "}]}\n"
}

// points are the points of an application, a line each.
func points(b *history.Branch, name string) []string {
	var lines []string

	for _, p := range b.Points[name] {
		words := []string{p.Commit}
		for _, run := range p.Runs {
			words = append(words, string(run.Component)+"="+run.Version.String())
		}

		lines = append(lines, strings.Join(words, " "))
	}

	return lines
}

func read(t *testing.T, steps iter.Seq2[history.Step, error]) *history.Branch {
	t.Helper()

	b, err := history.Read(t.Context(), steps, patch.Options{Memory: &patch.Memory{}, RunsOnly: true})
	if err != nil {
		t.Fatal(err)
	}

	return b
}

func TestReadScansWhatTouchesAnImage(t *testing.T) {
	t.Parallel()

	b := read(t, commits(
		map[string]string{"other/a.yaml": "kind: ConfigMap"},
		map[string]string{"mastodon/web.yaml": pod("web", "v4.4.1"), "mastodon/streaming.yaml": pod("streaming", "v4.4.1")},
		map[string]string{"other/a.yaml": "kind: Secret"},
		map[string]string{"README.md": "ghcr.io/glitch-soc/mastodon:v4.4.1"},
		map[string]string{"mastodon/web.yaml": pod("web", "v4.4.2")},
		map[string]string{"other/b.yaml": "kind: Secret"},
		map[string]string{"mastodon/streaming.yaml": pod("streaming", "v4.4.2")},
		map[string]string{"other/b.yaml": ""},
	))

	want := []string{"1 web=v4.4.1 streaming=v4.4.1", "4 web=v4.4.2 streaming=v4.4.1", "6 web=v4.4.2 streaming=v4.4.2"}
	if diff := cmp.Diff(want, points(b, "mastodon")); diff != "" {
		t.Error(diff)
	}

	if b.Commits != 8 || b.Scanned != 4 {
		t.Errorf("%d of %d commits were scanned", b.Scanned, b.Commits)
	}
}

func TestReadFollowsAMove(t *testing.T) {
	t.Parallel()

	b := read(t, commits(
		map[string]string{"social/web.yaml": pod("web", "v4.4.1")},
		map[string]string{"social/web.yaml": pod("web", "v4.4.2")},
		map[string]string{"social/web.yaml": "", "apps/mastodon/web.yaml": pod("web", "v4.4.2")},
		map[string]string{"apps/mastodon/web.yaml": pod("web", "v4.4.3")},
	))

	if diff := cmp.Diff([]string{"0 web=v4.4.1", "1 web=v4.4.2", "3 web=v4.4.3"}, points(b, "mastodon")); diff != "" {
		t.Error(diff)
	}
}

// TestReadFindsWhatDecides: the version stands in a kustomization that does not change when the base does.
func TestReadFindsWhatDecides(t *testing.T) {
	t.Parallel()

	b := read(t, commits(
		map[string]string{
			"mastodon/kustomization.yaml": "resources: [web.yaml]\nimages: [{name: web, newName: ghcr.io/glitch-soc/mastodon, newTag: v4.4.1}]\n",
			"mastodon/web.yaml":           strings.ReplaceAll(pod("web", "x"), "ghcr.io/glitch-soc/mastodon:x", "web"),
		},
		map[string]string{"mastodon/web.yaml": strings.ReplaceAll(pod("sidekiq", "x"), "ghcr.io/glitch-soc/mastodon:x", "web")},
	))

	if diff := cmp.Diff([]string{"0 web=v4.4.1", "1 sidekiq=v4.4.1"}, points(b, "mastodon")); diff != "" {
		t.Error(diff)
	}
}

func TestReadTellsOfErrors(t *testing.T) {
	t.Parallel()

	broken := errors.New("the pack is broken")

	_, err := history.Read(t.Context(), func(yield func(history.Step, error) bool) { yield(history.Step{}, broken) }, patch.Options{})
	if !errors.Is(err, broken) {
		t.Error(err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if _, err := history.Read(ctx, commits(map[string]string{"web.yaml": pod("web", "v4.4.1")}), patch.Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
