package drift

import (
	"bytes"
	"testing"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/patch"
)

// Whatever stands in notes and manifests: comparing them does not fail, an edit is inside the document, and the value that it writes
// is the manifest's.
func FuzzFragments(f *testing.F) {
	f.Add([]byte("```yaml\n# a.yaml\nspec: {replicas: 2}\n```\n"), []byte("spec:\n  replicas: 3\n"))
	f.Add([]byte("```yaml\n# a.yaml\nl:\n- A=1\n- 'x'\n- {name: n, v: \"ö\"}\n```\n"), []byte("l: [A=2, y, {name: n, v: 'ü: # no'}]\n"))
	f.Add([]byte("> ```\r\n> # a.yaml\r\n> a: &x b\r\n> c: *x\r\n> ```\r\n"), []byte("a: [1]\nc: |\n  two\n  lines\n"))
	f.Add([]byte("~~~yml\n# a.yaml\n- name: x\n  value: >-\n    y\n~~~\n"), []byte("x:\n  env:\n  - name: x\n    value: 'it''s'\n"))

	f.Fuzz(func(t *testing.T, notes, manifest []byte) {
		docs, err := node.Documents(manifest)
		if err != nil || len(docs) == 0 || len(notes)+len(manifest) > 4096 {
			return
		}

		for _, fence := range patch.ReadDocument(notes).Fences {
			for _, part := range fragments(fence) {
				for _, m := range compare(part.node, docs).bad {
					part.line(m.note)

					if m.have == nil {
						continue
					}

					e, ok := part.edit(m)
					if !ok {
						continue
					}

					after, err := apply(notes, []edit{e})
					if err != nil {
						t.Fatal(err)
					}

					if !bytes.HasPrefix(after, notes[:e.start]) || !bytes.HasSuffix(after, notes[e.end:]) {
						t.Fatalf("more than the value changed:\n%s", after)
					}
				}
			}
		}
	})
}

// Steps that lead to a line lead back to it, but where a key stands twice.
func FuzzPathAt(f *testing.F) {
	f.Add([]byte("a:\n  b:\n  - name: x\n    c: 1\n  - [1, 2]\n"), 4)
	f.Add([]byte("- {a: 1}\n- b\n"), 2)

	f.Fuzz(func(t *testing.T, data []byte, line int) {
		docs, err := node.Documents(data)
		if err != nil || len(docs) != 1 || len(data) > 2048 {
			return
		}

		steps := node.PathAt(docs[0], line)
		if at, _, found := node.Find(docs[0], steps...); found > 0 && found == len(steps) && at > line {
			t.Errorf("%q at line %d of\n%s lead to line %d", steps, line, data, at)
		}
	})
}
