package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheDocumentationIsWhatTheChecksSay(t *testing.T) {
	t.Parallel()

	want, err := page(t.Context(), os.DirFS("../../testdata/checks"))
	if err != nil {
		t.Fatal(err)
	}

	got, err := os.ReadFile("../../../../docs/checks.md")
	if err != nil {
		t.Fatal(err)
	}

	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/checks.md is stale; run go generate ./pkg/drift:\n%s", diff)
	}
}
