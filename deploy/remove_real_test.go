//go:build real

package deploy_test

import (
	"os/exec"
	"strings"
	"testing"
)

// TestTheBotIsRemovedWithoutATrace runs the command of the documentation in a
// clone.
func TestTheBotIsRemovedWithoutATrace(t *testing.T) {
	var line string

	for _, block := range snippets(t, pages[0], "console", "git ls-remote") {
		line = strings.TrimPrefix(strings.TrimSpace(block), "$ ")
	}

	origin, clone := t.TempDir(), t.TempDir()
	sh(t, origin, "git init -q --bare")
	sh(t, clone, "git clone -q "+origin+" . 2>/dev/null; git config user.name t; git config user.email t@example.com")
	sh(t, clone, "git commit -q --allow-empty -m x && git push -q origin HEAD:main HEAD:bother HEAD:bot/mastodon/patch HEAD:bot/mastodon/minor HEAD:refs/bot/state")

	for range 2 { // the second time there is nothing left to do
		sh(t, clone, line)
	}

	if refs := sh(t, origin, "git for-each-ref --format='%(refname)'"); refs != "refs/heads/bother\nrefs/heads/main\n" {
		t.Errorf("what is left: %s", refs)
	}
}

func sh(t *testing.T, dir, line string) string {
	t.Helper()

	cmd := exec.CommandContext(t.Context(), "sh", "-ec", line)
	cmd.Dir = dir

	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", line, err, out)
	}

	return string(out)
}
