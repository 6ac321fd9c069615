//go:build real

package cli

import (
	"os"
	"testing"
)

// The schema is that of an npm package that Microsoft publishes for tests of SARIF.
func TestDriftSARIFIsValid(t *testing.T) {
	schema := os.Getenv("BOT_TEST_SARIF_SCHEMA")
	if schema == "" {
		t.Fatal("BOT_TEST_SARIF_SCHEMA names no file: run this with make test-real")
	}

	for _, tree := range []string{asNoted, tidy} {
		stdout, _, _ := drifts(t, "sarif", "--path", tree)
		valid(t, schema, stdout)
	}
}
