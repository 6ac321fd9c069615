package notes

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/pkg/notes/special"
)

// Every hazard that can come up is explained in the manual, and nothing else is.
func TestHazardsAreDocumented(t *testing.T) {
	t.Parallel()
	ids := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`hazardf\("([a-z0-9-]+)"`).FindAllStringSubmatch(string(text), -1) {
			ids[m[1]] = true
		}
	}
	for _, e := range special.All() {
		if e.Severity != "" {
			ids[e.ID] = true
		}
	}
	manual, err := os.ReadFile("../../docs/notes.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(manual), "## Hazards")
	documented := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z0-9.-]+)` \\|").FindAllStringSubmatch(table, -1) {
		documented[m[1]] = true
		if !ids[m[1]] {
			t.Errorf("docs/notes.md explains %s, which never comes up", m[1])
		}
	}
	for id := range ids {
		if !documented[id] {
			t.Errorf("docs/notes.md does not explain %s", id)
		}
	}
}
