package architecture_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestEveryDependencyHasItsLine holds go.mod against docs/dependencies.md, both
// ways: a library earns its line, and a line outlives no library.
func TestEveryDependencyHasItsLine(t *testing.T) {
	t.Parallel()

	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}

	page, err := os.ReadFile("../../docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}

	direct := map[string]bool{}

	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllStringSubmatch(string(mod), -1) {
		direct[m[1]] = true
	}

	if len(direct) < 10 {
		t.Fatalf("go.mod gave only %d direct dependencies", len(direct))
	}

	told := map[string]bool{}

	for line := range strings.Lines(string(page)) {
		if !strings.HasPrefix(line, "| `") {
			continue
		}

		cell, _, _ := strings.Cut(line[1:], "|")
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cell, -1) {
			told[m[1]] = true
		}
	}

	for library := range direct {
		if !told[library] {
			t.Errorf("%s has no line in docs/dependencies.md: what is it for, and why this one?", library)
		}
	}

	for library := range told {
		if !direct[library] {
			t.Errorf("docs/dependencies.md speaks of %s, which go.mod does not require directly", library)
		}
	}
}
