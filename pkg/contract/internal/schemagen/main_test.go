package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestPublishedSchemas: docs/schema is what go generate ./pkg/contract would write, and every field in it is described.
func TestPublishedSchemas(t *testing.T) {
	t.Parallel()
	schemas, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range schemas {
		got, err := os.ReadFile(filepath.Join(output, name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is stale: run go generate ./pkg/contract (%v)", name, err)
		}
		var schema map[string]any
		if err := json.Unmarshal(want, &schema); err != nil {
			t.Fatal(err)
		}
		described(t, name, schema)
	}
}

// described finds fields without a description, at any depth.
func described(t *testing.T, path string, v any) {
	t.Helper()
	switch v := v.(type) {
	case []any:
		for _, child := range v {
			described(t, path, child)
		}
	case map[string]any:
		fields, _ := v["properties"].(map[string]any)
		for name, field := range fields {
			field, ok := field.(map[string]any)
			if !ok || field["description"] == nil && field["oneOf"] == nil {
				t.Errorf("%s: %s has no description", path, name)
			}
		}
		for name, child := range v {
			described(t, path+"/"+name, child)
		}
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := run(folder); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) == 0 {
		t.Errorf("%v, %v", files, err)
	}
	if err := run(filepath.Join(folder, "none")); err == nil {
		t.Error("a folder that is not there passes")
	}
}
