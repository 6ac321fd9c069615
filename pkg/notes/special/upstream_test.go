//go:build upstream

package special

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/pkg/version"
)

func git(t *testing.T, args ...string) string {
	t.Helper()
	dir := os.Getenv("UPSTREAM")
	if dir == "" {
		t.Fatal("UPSTREAM is empty: run make test-upstream UPSTREAM=path/to/mastodon")
	}
	out, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir}, args...)...).Output()
	if err != nil {
		t.Fatalf("git %v: %v", args, err)
	}
	return string(out)
}

// Every entry's sources say what they are said to say, in the line they are said to.
func TestSources(t *testing.T) {
	t.Parallel()
	for _, e := range All() {
		for _, s := range e.Sources {
			if s.File == "" {
				continue // the page of a release is not in the repository
			}
			lines := strings.Split(git(t, "show", s.Release+":"+s.File), "\n")
			if s.Line > len(lines) || !strings.Contains(lines[s.Line-1], s.Has) {
				t.Errorf("%s: %s:%d at %s does not have %q", e.ID, s.File, s.Line, s.Release, s.Has)
			}
		}
	}
}

// Every release up to the newest of its line has the streaming server that Streaming says it has.
func TestStreamingTrees(t *testing.T) {
	t.Parallel()
	seen := 0
	for tag := range strings.FieldsSeq(git(t, "tag", "--list", "v4.*")) {
		if tree, ok := Streaming(version.Parse(tag)); ok {
			seen++
			if got := git(t, "rev-parse", tag+":streaming"); !strings.HasPrefix(got, tree) {
				t.Errorf("%s: %s, not %s", tag, got, tree)
			}
		}
	}
	if seen < 60 {
		t.Errorf("only %d releases were looked at", seen)
	}
}
