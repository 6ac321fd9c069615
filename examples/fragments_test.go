package examples_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

const notes = "website/docs/k8s/applications/mastodon-implementation.md"

// fragment is one quotation of the notes: a file, and what the notes say stands in it.
type fragment struct {
	line int
	file string
	want any
}

var pathComment = regexp.MustCompile(`^# (\S+\.ya?ml)$`)

// fragments reads the fenced YAML blocks of a tree's notes.
func fragments(t *testing.T, tree string) []fragment {
	t.Helper()
	data, err := os.ReadFile(path.Join(tree, notes))
	if err != nil {
		t.Fatal(err)
	}
	var out []fragment
	var body strings.Builder
	var at *fragment
	finish := func() {
		if at == nil {
			return
		}
		if err := yaml.Unmarshal([]byte(body.String()), &at.want); err != nil {
			t.Fatalf("%s:%d: %v", notes, at.line, err)
		}
		out = append(out, *at)
		at = nil
	}
	fenced := false
	for i, line := range strings.Split(string(data), "\n") {
		switch found := pathComment.FindStringSubmatch(line); {
		case strings.HasPrefix(line, "```"):
			finish()
			fenced = !fenced
		case fenced && found != nil:
			finish()
			body.Reset()
			at = &fragment{line: i + 1, file: found[1]}
		case at != nil:
			fmt.Fprintln(&body, line)
		}
	}
	return out
}

func TestNotesHold(t *testing.T) {
	t.Parallel()
	for _, tree := range trees() {
		t.Run(tree, func(t *testing.T) {
			t.Parallel()
			all := fragments(t, tree)
			if len(all) < 20 {
				t.Fatalf("the notes have %d fragments; the fences are broken", len(all))
			}
			for _, f := range all {
				if !holds(documents(t, path.Join(tree, f.file)), f.want) {
					t.Errorf("%s:%d: %s does not hold what the notes quote", notes, f.line, f.file)
				}
			}
		})
	}
}

// documents decodes every document of a file.
func documents(t *testing.T, file string) []any {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []any
	for dec := yaml.NewDecoder(bytes.NewReader(data)); ; {
		var doc any
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		out = append(out, doc)
	}
}

// holds tells whether a fragment is a subset of a document or of one of its subtrees.
func holds(docs []any, want any) bool {
	for _, doc := range docs {
		if subset(doc, want) {
			return true
		}
		var inner []any
		switch d := doc.(type) {
		case map[string]any:
			for _, v := range d {
				inner = append(inner, v)
			}
		case []any:
			inner = d
		}
		if len(inner) > 0 && holds(inner, want) {
			return true
		}
	}
	return false
}

// subset compares maps by what is wanted, lists by containment, everything else by its text.
func subset(have, want any) bool {
	switch w := want.(type) {
	case map[string]any:
		h, ok := have.(map[string]any)
		if !ok {
			return false
		}
		for k, v := range w {
			if inner, there := h[k]; !there || !subset(inner, v) {
				return false
			}
		}
		return true
	case []any:
		h, ok := have.([]any)
		if !ok {
			return false
		}
		for _, v := range w {
			if !contains(h, v) {
				return false
			}
		}
		return true
	default:
		return fmt.Sprint(have) == fmt.Sprint(want)
	}
}

func contains(list []any, want any) bool {
	for _, v := range list {
		if subset(v, want) {
			return true
		}
	}
	return false
}

func TestSubsetTellsTheWrongFromTheRight(t *testing.T) {
	t.Parallel()
	var doc any
	if err := yaml.Unmarshal([]byte("spec: {replicas: 2, list: [{name: a, v: 1}, {name: b}]}"), &doc); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"spec: {replicas: 2}":             true,
		"replicas: 2":                     true,
		"spec: {list: [{name: b}]}":       true,
		"spec: {replicas: 3}":             false,
		"spec: {list: [{name: c}]}":       false,
		"spec: {list: [{name: b, v: 1}]}": false,
	} {
		var f any
		if err := yaml.Unmarshal([]byte(text), &f); err != nil {
			f = "never"
		}
		if got := holds([]any{doc}, f); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}
