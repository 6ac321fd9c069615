package stories_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/goingdark-social/bot/examples"
	"github.com/goingdark-social/bot/internal/cli"
	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/internal/world"
)

// TestEveryResultKeepsTheContract runs every command with -o json and holds
// what it prints against the published schema.
func TestEveryResultKeepsTheContract(t *testing.T) {
	t.Parallel()

	tree, err := examples.GoingDark()
	if err != nil {
		t.Fatal(err)
	}

	dir := t.TempDir()
	if err := os.CopyFS(dir, tree); err != nil {
		t.Fatal(err)
	}

	w, err := world.Start(t.Context(), world.Options{RegistrySecrets: []string{canaryRegistry}, Dir: t.TempDir(), Files: tree})
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})

	operator := filepath.Join(t.TempDir(), "operator.yaml")
	if err := os.WriteFile(operator, []byte(w.Operator()), 0o600); err != nil {
		t.Fatal(err)
	}

	old := time.Now().Add(-1000 * time.Hour)
	w.Release(registrytest.GlitchSoc(), "v4.4.3", old)
	w.Release(registrytest.GlitchSoc(), "v4.4.4", old)
	w.WebOnly(registrytest.GlitchSoc(), "v4.4.5", old)

	for _, tc := range []struct {
		schema string
		args   []string
	}{
		{"version", []string{"version"}},
		{"scan", []string{"scan", "--path", dir}},
		{"check", []string{"check", "--path", dir}},
		{"check", []string{"check", "--config", operator}},
		{"releases", []string{"releases"}},
		{"notes", []string{"notes", "v4.4.3", "v4.5.0", "--offline"}},
		{"notes", []string{"notes", "v4.5.0", "v4.4.3", "--offline", "--path", dir}},
		{"bump", []string{"bump", "v4.4.4", "--path", dir, "--dry-run"}},
		{"bump", []string{"bump", "v4.4.4", "--repo", world.Repository, "--config", operator}},
		{"run", []string{"run", "--config", operator}},
		{"bump", []string{"bump", "v4.4.3", "--path", dir}},
		{"demo", []string{"demo"}},
	} {
		t.Run(strings.Join(tc.args[:1], " "), func(t *testing.T) {
			var stdout, stderr bytes.Buffer

			env := w.Env()
			status := cli.Run(t.Context(), cli.Program{
				Args: append(tc.args, "-o", "json"), Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
				Getenv: func(name string) string { return env[name] }, ReadFile: os.ReadFile, Now: time.Now, Transport: w.Transport(),
			})
			if status != 0 {
				t.Fatalf("%v: exit status %d: %s", tc.args, status, stderr.String())
			}

			validate(t, tc.schema, stdout.Bytes())
		})
	}
}

func validate(t *testing.T, name string, document []byte) {
	t.Helper()

	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "docs", "schema", name+".json"))
	if err != nil {
		t.Fatal(err)
	}

	var value any
	if err := json.Unmarshal(document, &value); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, document)
	}

	if err := schema.Validate(value); err != nil {
		t.Errorf("%v\n%s", err, document)
	}
}
