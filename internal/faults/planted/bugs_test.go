package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryBugHasItsPlace finds the texts that the bugs change, each once: whoever moves one takes the bug along.
func TestEveryBugHasItsPlace(t *testing.T) {
	t.Parallel()

	for _, b := range bugs() {
		source, err := os.ReadFile(filepath.Join("..", "..", "..", b.file))
		if err != nil {
			t.Errorf("%s: %v", b.name, err)

			continue
		}

		if n := strings.Count(string(source), b.old); n != 1 {
			t.Errorf("%s: %s has the text that it changes %d times", b.name, b.file, n)
		}
	}
}
